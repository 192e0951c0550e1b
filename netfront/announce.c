// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours are told where the guest is once it is connected (again): by a
 * gratuitous ARP, for one.
 *
 * Not when the carrier comes on. The stack sends nothing while its own idea of the
 * link, which follows a moment later, is that it is down: what would be sent at
 * once is dropped after any but the shortest absence.
 */
#include "netfront.h"

static int announce_event(struct notifier_block *nb, unsigned long event,
			  void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct front *front = netdev_priv(dev);

	if (event == NETDEV_CHANGE && dev->ethtool_ops == &front_ethtool_ops &&
	    netif_carrier_ok(dev) && xchg(&front->announce, false))
		__netdev_notify_peers(dev);
	return NOTIFY_DONE;
}

static struct notifier_block announcer = { .notifier_call = announce_event };

/**
 * announce_init() - before the first interface
 *
 * Return: 0 or an error.
 */
int announce_init(void)
{
	return register_netdevice_notifier(&announcer);
}

/**
 * announce_exit() - after the last interface
 */
void announce_exit(void)
{
	unregister_netdevice_notifier(&announcer);
}
