/* SPDX-License-Identifier: GPL-2.0 */
/* Which NAPI serves a queue, for those who ask over netlink. */
#ifndef XENNET_NAPI_H
#define XENNET_NAPI_H

#include <linux/netdevice.h>

/**
 * xennet_show_napi() - say which NAPI serves a queue, both ways
 * @dev: its device
 * @id: its number
 * @napi: the NAPI, enabled; NULL: none any more
 *
 * Context: RTNL.
 */
static inline void xennet_show_napi(struct net_device *dev, unsigned int id,
				    struct napi_struct *napi)
{
	netif_queue_set_napi(dev, id, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(dev, id, NETDEV_QUEUE_TYPE_TX, napi);
}

#endif /* XENNET_NAPI_H */
