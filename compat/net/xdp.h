/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_NET_XDP_H
#define XENNET_COMPAT_NET_XDP_H

#include_next <net/xdp.h>

/* Before 6.3 nobody asked what a device can do. */
#ifndef XENNET_HAVE_xdp_features
enum {
	NETDEV_XDP_ACT_BASIC,
	NETDEV_XDP_ACT_REDIRECT,
	NETDEV_XDP_ACT_NDO_XMIT,
};

#define xennet_set_xdp_features(dev, set)	((void)(dev), (void)(set))
#else
#define xennet_set_xdp_features(dev, set)	((dev)->xdp_features = (set))
#endif

#endif /* XENNET_COMPAT_NET_XDP_H */
