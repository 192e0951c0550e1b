/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_NETDEVICE_H
#define XENNET_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Where programs and classifiers hang that see a frame first: since 6.6. */
#ifndef XENNET_HAVE_tcx_ingress
#define tcx_ingress	miniq_ingress
#ifdef CONFIG_NET_CLS_ACT
#define CONFIG_NET_XGRESS 1
#endif
#endif

/* Before 6.9 there was no other skb that could take the place of this one. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
static inline int xennet_do_xdp_generic(struct bpf_prog *prog,
					struct sk_buff **skb)
{
	return do_xdp_generic(prog, *skb);
}

#define do_xdp_generic	xennet_do_xdp_generic
#endif

/* Before 6.8 nobody asked. */
#ifndef XENNET_HAVE_netif_queue_set_napi
#define netif_queue_set_napi(dev, id, type, napi)			\
	((void)(dev), (void)(id), (void)(napi))
#endif

#endif /* XENNET_COMPAT_LINUX_NETDEVICE_H */
