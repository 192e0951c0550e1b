// SPDX-License-Identifier: GPL-2.0
/*
 * What an interface does when the system says that something has happened to it.
 *
 * Neighbours are told where the guest is once it is connected (again): by a
 * gratuitous ARP, for one. Not when the carrier comes on. The stack sends nothing
 * while its own idea of the link, which follows a moment later, is that it is down:
 * what would be sent at once is dropped after any but the shortest absence.
 *
 * What goes by the interface's name follows it.
 */
#include "netfront.h"

static void announce(struct front *front)
{
	if (netif_carrier_ok(front->dev) && xchg(&front->announce, false))
		__netdev_notify_peers(front->dev);
}

static void rename(struct front *front)
{
	unsigned int i;

	front_debugfs_rename(front);
	for (i = 0; i < front->nr_made; i++)
		events_rename(&front->queue[i]);
}

/* RTNL is held. In another namespace an interface is registered anew, by any name. */
static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (dev->ethtool_ops != &front_ethtool_ops)
		return NOTIFY_DONE;
	if (event == NETDEV_CHANGE)
		announce(netdev_priv(dev));
	else if (event == NETDEV_CHANGENAME || event == NETDEV_REGISTER)
		rename(netdev_priv(dev));
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = netdev_event };

/**
 * notify_init() - before the first interface
 *
 * Return: 0 or an error.
 */
int notify_init(void)
{
	return register_netdevice_notifier(&notifier);
}

/**
 * notify_exit() - after the last interface
 */
void notify_exit(void)
{
	unregister_netdevice_notifier(&notifier);
}
