// SPDX-License-Identifier: GPL-2.0
/* wire.h against the public header of Xen itself. */
#include <xennet/wire.h>
#include <xen/xen.h>
#include <xen/io/netif.h>
#include "unit.h"

#define SAME(a, b)	static_assert((a) == (b), #a " is " #b)
#define SAME_FIELD(ours, f, theirs, g)					\
	static_assert(offsetof(struct ours, f) == offsetof(struct theirs, g) && \
		      sizeof(((struct ours *)0)->f) ==			\
		      sizeof(((struct theirs *)0)->g),			\
		      #ours "." #f " is " #theirs "." #g)

SAME(XENNET_SLOTS_MAX, XEN_NETIF_NR_SLOTS_MIN);
SAME(XENNET_PACKET_MAX, XEN_NETIF_MAX_TX_SIZE);

SAME(F2B_CSUM_BLANK, NETTXF_csum_blank);
SAME(F2B_DATA_VALIDATED, NETTXF_data_validated);
SAME(F2B_MORE_DATA, NETTXF_more_data);
SAME(F2B_EXTRA_INFO, NETTXF_extra_info);
SAME(B2F_CSUM_BLANK, NETRXF_csum_blank);
SAME(B2F_DATA_VALIDATED, NETRXF_data_validated);
SAME(B2F_MORE_DATA, NETRXF_more_data);
SAME(B2F_EXTRA_INFO, NETRXF_extra_info);

SAME(XENNET_RSP_DROPPED, NETIF_RSP_DROPPED);
SAME(XENNET_RSP_ERROR, NETIF_RSP_ERROR);
SAME(XENNET_RSP_OKAY, NETIF_RSP_OKAY);
SAME(XENNET_RSP_NULL, NETIF_RSP_NULL);

SAME(XENNET_EXTRA_NONE, XEN_NETIF_EXTRA_TYPE_NONE);
SAME(XENNET_EXTRA_GSO, XEN_NETIF_EXTRA_TYPE_GSO);
SAME(XENNET_EXTRA_MCAST_ADD, XEN_NETIF_EXTRA_TYPE_MCAST_ADD);
SAME(XENNET_EXTRA_MCAST_DEL, XEN_NETIF_EXTRA_TYPE_MCAST_DEL);
SAME(XENNET_EXTRA_HASH, XEN_NETIF_EXTRA_TYPE_HASH);
SAME(XENNET_EXTRA_TYPES, XEN_NETIF_EXTRA_TYPE_MAX);
SAME(XENNET_EXTRA_MORE, XEN_NETIF_EXTRA_FLAG_MORE);

SAME(XENNET_GSO_NONE, XEN_NETIF_GSO_TYPE_NONE);
SAME(XENNET_GSO_TCPV4, XEN_NETIF_GSO_TYPE_TCPV4);
SAME(XENNET_GSO_TCPV6, XEN_NETIF_GSO_TYPE_TCPV6);

SAME(XENNET_CTRL_GET_HASH_FLAGS, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS);
SAME(XENNET_CTRL_SET_HASH_FLAGS, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS);
SAME(XENNET_CTRL_SET_HASH_KEY, XEN_NETIF_CTRL_TYPE_SET_HASH_KEY);
SAME(XENNET_CTRL_GET_HASH_MAP_SIZE, XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE);
SAME(XENNET_CTRL_SET_HASH_MAP_SIZE, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE);
SAME(XENNET_CTRL_SET_HASH_MAP, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING);
SAME(XENNET_CTRL_SET_HASH_ALGORITHM, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM);
SAME(XENNET_CTRL_GET_GREFS_SIZE, XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE);
SAME(XENNET_CTRL_ADD_GREFS, XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING);
SAME(XENNET_CTRL_DEL_GREFS, XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING);
SAME(XENNET_CTRL_SUCCESS, XEN_NETIF_CTRL_STATUS_SUCCESS);
SAME(XENNET_CTRL_NOT_SUPPORTED, XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
SAME(XENNET_CTRL_INVALID_PARAMETER, XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER);
SAME(XENNET_CTRL_BUFFER_OVERFLOW, XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW);

SAME(XENNET_HASH_NONE, XEN_NETIF_CTRL_HASH_ALGORITHM_NONE);
SAME(XENNET_HASH_TOEPLITZ, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
SAME(XENNET_HASH_IPV4, _XEN_NETIF_CTRL_HASH_TYPE_IPV4);
SAME(XENNET_HASH_IPV4_TCP, _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP);
SAME(XENNET_HASH_IPV6, _XEN_NETIF_CTRL_HASH_TYPE_IPV6);
SAME(XENNET_HASH_IPV6_TCP, _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP);

SAME(sizeof(struct f2b_request), sizeof(struct netif_tx_request));
SAME_FIELD(f2b_request, gref, netif_tx_request, gref);
SAME_FIELD(f2b_request, offset, netif_tx_request, offset);
SAME_FIELD(f2b_request, flags, netif_tx_request, flags);
SAME_FIELD(f2b_request, id, netif_tx_request, id);
SAME_FIELD(f2b_request, size, netif_tx_request, size);

SAME(sizeof(struct f2b_response), sizeof(struct netif_tx_response));
SAME_FIELD(f2b_response, id, netif_tx_response, id);
SAME_FIELD(f2b_response, status, netif_tx_response, status);

SAME(sizeof(struct b2f_request), sizeof(struct netif_rx_request));
SAME_FIELD(b2f_request, id, netif_rx_request, id);
SAME_FIELD(b2f_request, pad, netif_rx_request, pad);
SAME_FIELD(b2f_request, gref, netif_rx_request, gref);

SAME(sizeof(struct b2f_response), sizeof(struct netif_rx_response));
SAME_FIELD(b2f_response, id, netif_rx_response, id);
SAME_FIELD(b2f_response, offset, netif_rx_response, offset);
SAME_FIELD(b2f_response, flags, netif_rx_response, flags);
SAME_FIELD(b2f_response, status, netif_rx_response, status);

SAME(sizeof(struct xennet_extra), sizeof(struct netif_extra_info));
SAME_FIELD(xennet_extra, type, netif_extra_info, type);
SAME_FIELD(xennet_extra, flags, netif_extra_info, flags);
SAME_FIELD(xennet_extra, gso.size, netif_extra_info, u.gso.size);
SAME_FIELD(xennet_extra, gso.type, netif_extra_info, u.gso.type);
SAME_FIELD(xennet_extra, gso.pad, netif_extra_info, u.gso.pad);
SAME_FIELD(xennet_extra, gso.features, netif_extra_info, u.gso.features);
SAME_FIELD(xennet_extra, mcast.addr, netif_extra_info, u.mcast.addr);
SAME_FIELD(xennet_extra, hash.type, netif_extra_info, u.hash.type);
SAME_FIELD(xennet_extra, hash.algorithm, netif_extra_info, u.hash.algorithm);
SAME_FIELD(xennet_extra, hash.value, netif_extra_info, u.hash.value);

SAME(sizeof(struct ctrl_request), sizeof(struct xen_netif_ctrl_request));
SAME_FIELD(ctrl_request, id, xen_netif_ctrl_request, id);
SAME_FIELD(ctrl_request, type, xen_netif_ctrl_request, type);
SAME_FIELD(ctrl_request, data, xen_netif_ctrl_request, data);
SAME(sizeof(struct ctrl_response), sizeof(struct xen_netif_ctrl_response));
SAME_FIELD(ctrl_response, id, xen_netif_ctrl_response, id);
SAME_FIELD(ctrl_response, type, xen_netif_ctrl_response, type);
SAME_FIELD(ctrl_response, status, xen_netif_ctrl_response, status);
SAME_FIELD(ctrl_response, data, xen_netif_ctrl_response, data);

SAME(XENNET_GREF_READONLY, XEN_NETIF_CTRLF_GREF_readonly);
SAME(sizeof(struct xennet_gref), sizeof(struct xen_netif_gref));
SAME_FIELD(xennet_gref, ref, xen_netif_gref, ref);
SAME_FIELD(xennet_gref, flags, xen_netif_gref, flags);
SAME_FIELD(xennet_gref, status, xen_netif_gref, status);

SAME_FIELD(f2b_sring, hdr.req_prod, netif_tx_sring, req_prod);
SAME_FIELD(f2b_sring, hdr.req_event, netif_tx_sring, req_event);
SAME_FIELD(f2b_sring, hdr.rsp_prod, netif_tx_sring, rsp_prod);
SAME_FIELD(f2b_sring, hdr.rsp_event, netif_tx_sring, rsp_event);
SAME(offsetof(struct f2b_sring, slot), offsetof(struct netif_tx_sring, ring));
SAME(sizeof(((struct f2b_sring *)0)->slot[0]), sizeof(union netif_tx_sring_entry));
SAME(offsetof(struct b2f_sring, slot), offsetof(struct netif_rx_sring, ring));
SAME(sizeof(((struct b2f_sring *)0)->slot[0]), sizeof(union netif_rx_sring_entry));

SAME(offsetof(struct ctrl_sring, slot), offsetof(struct xen_netif_ctrl_sring, ring));
SAME(sizeof(((struct ctrl_sring *)0)->slot[0]), sizeof(union xen_netif_ctrl_sring_entry));

/* As the macros of Xen's own ring.h compute it from the page. */
static void all_rings_have_the_size_xen_computes(void **state)
{
	xen_netif_ctrl_sring_t *ctrl = new_page(XENNET_PAGE_SIZE);
	netif_tx_sring_t *tx = new_page(XENNET_PAGE_SIZE);
	netif_rx_sring_t *rx = new_page(XENNET_PAGE_SIZE);

	(void)state;
	assert_int_equal(__RING_SIZE(tx, XENNET_PAGE_SIZE), XENNET_RING_SIZE);
	assert_int_equal(__RING_SIZE(rx, XENNET_PAGE_SIZE), XENNET_RING_SIZE);
	assert_int_equal(__RING_SIZE(ctrl, XENNET_PAGE_SIZE), XENNET_CTRL_RING_SIZE);
	free(tx);
	free(rx);
	free(ctrl);
}

static void a_request_of_ours_reads_the_same_in_xens_words(void **state)
{
	struct f2b_request ours;
	netif_tx_request_t theirs;

	(void)state;
	rnd_fill(&ours, sizeof(ours));
	memcpy(&theirs, &ours, sizeof(theirs));
	assert_int_equal(ours.gref, theirs.gref);
	assert_int_equal(ours.offset, theirs.offset);
	assert_int_equal(ours.flags, theirs.flags);
	assert_int_equal(ours.id, theirs.id);
	assert_int_equal(ours.size, theirs.size);
}

static void a_response_of_xens_words_reads_the_same_in_ours(void **state)
{
	netif_rx_response_t theirs;
	struct b2f_response ours;

	(void)state;
	rnd_fill(&theirs, sizeof(theirs));
	memcpy(&ours, &theirs, sizeof(ours));
	assert_int_equal(ours.id, theirs.id);
	assert_int_equal(ours.offset, theirs.offset);
	assert_int_equal(ours.flags, theirs.flags);
	assert_int_equal(ours.status, theirs.status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_rings_have_the_size_xen_computes),
		cmocka_unit_test(a_request_of_ours_reads_the_same_in_xens_words),
		cmocka_unit_test(a_response_of_xens_words_reads_the_same_in_ours),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
