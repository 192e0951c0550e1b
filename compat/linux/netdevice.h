/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_NETDEVICE_H
#define XENNET_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Before 6.9 there was no other skb that could take the place of this one. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
static inline int xennet_do_xdp_generic(struct bpf_prog *prog,
					struct sk_buff **skb)
{
	return do_xdp_generic(prog, *skb);
}

#define do_xdp_generic	xennet_do_xdp_generic
#endif

#endif /* XENNET_COMPAT_LINUX_NETDEVICE_H */
