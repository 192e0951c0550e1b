/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wire.h against the kernel's copy of the public header: a difference does
 * not compile. Included once in each module.
 */
#ifndef XENNET_WIRE_CHECK_H
#define XENNET_WIRE_CHECK_H

#include <xen/interface/io/netif.h>
#include <xennet/wire.h>

#define WIRE_SAME(ours, theirs, field)					\
	static_assert(offsetof(struct ours, field) ==			\
		      offsetof(struct theirs, field) &&			\
		      sizeof_field(struct ours, field) ==		\
		      sizeof_field(struct theirs, field), #field)

WIRE_SAME(f2b_request, xen_netif_tx_request, gref);
WIRE_SAME(f2b_request, xen_netif_tx_request, offset);
WIRE_SAME(f2b_request, xen_netif_tx_request, flags);
WIRE_SAME(f2b_request, xen_netif_tx_request, id);
WIRE_SAME(f2b_request, xen_netif_tx_request, size);
WIRE_SAME(f2b_response, xen_netif_tx_response, id);
WIRE_SAME(f2b_response, xen_netif_tx_response, status);
WIRE_SAME(b2f_request, xen_netif_rx_request, id);
WIRE_SAME(b2f_request, xen_netif_rx_request, gref);
WIRE_SAME(b2f_response, xen_netif_rx_response, id);
WIRE_SAME(b2f_response, xen_netif_rx_response, offset);
WIRE_SAME(b2f_response, xen_netif_rx_response, flags);
WIRE_SAME(b2f_response, xen_netif_rx_response, status);
WIRE_SAME(xennet_extra, xen_netif_extra_info, type);
WIRE_SAME(xennet_extra, xen_netif_extra_info, flags);
WIRE_SAME(ctrl_request, xen_netif_ctrl_request, id);
WIRE_SAME(ctrl_request, xen_netif_ctrl_request, type);
WIRE_SAME(ctrl_request, xen_netif_ctrl_request, data);
WIRE_SAME(ctrl_response, xen_netif_ctrl_response, status);
WIRE_SAME(ctrl_response, xen_netif_ctrl_response, data);
WIRE_SAME(xennet_sring_hdr, xen_netif_tx_sring, req_prod);
WIRE_SAME(xennet_sring_hdr, xen_netif_tx_sring, req_event);
WIRE_SAME(xennet_sring_hdr, xen_netif_tx_sring, rsp_prod);
WIRE_SAME(xennet_sring_hdr, xen_netif_tx_sring, rsp_event);

#undef WIRE_SAME

static_assert(offsetof(struct f2b_sring, slot) ==
	      offsetof(struct xen_netif_tx_sring, ring), "f2b slots");
static_assert(offsetof(struct b2f_sring, slot) ==
	      offsetof(struct xen_netif_rx_sring, ring), "b2f slots");
static_assert(offsetof(struct ctrl_sring, slot) ==
	      offsetof(struct xen_netif_ctrl_sring, ring), "control slots");
static_assert(XENNET_SLOTS_MAX == XEN_NETIF_NR_SLOTS_MIN, "data slots");

static_assert((int)F2B_CSUM_BLANK == XEN_NETTXF_csum_blank &&
	      (int)F2B_DATA_VALIDATED == XEN_NETTXF_data_validated &&
	      (int)F2B_MORE_DATA == XEN_NETTXF_more_data &&
	      (int)F2B_EXTRA_INFO == XEN_NETTXF_extra_info, "f2b flags");
static_assert((int)B2F_CSUM_BLANK == XEN_NETRXF_csum_blank &&
	      (int)B2F_DATA_VALIDATED == XEN_NETRXF_data_validated &&
	      (int)B2F_MORE_DATA == XEN_NETRXF_more_data &&
	      (int)B2F_EXTRA_INFO == XEN_NETRXF_extra_info, "b2f flags");
static_assert(XENNET_RSP_NULL == XEN_NETIF_RSP_NULL &&
	      XENNET_RSP_ERROR == XEN_NETIF_RSP_ERROR &&
	      XENNET_RSP_DROPPED == XEN_NETIF_RSP_DROPPED, "status");
static_assert((int)XENNET_EXTRA_GSO == XEN_NETIF_EXTRA_TYPE_GSO &&
	      (int)XENNET_EXTRA_HASH == XEN_NETIF_EXTRA_TYPE_HASH, "extras");

#endif /* XENNET_WIRE_CHECK_H */
