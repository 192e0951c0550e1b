// SPDX-License-Identifier: GPL-2.0
/* Which rings learn from each other. */
#include <linux/netdevice.h>
#include "host.h"

static struct credit_host hosts[16];

/**
 * host_of() - what the rings know of each other that probably share a way out
 * @dev: interface of a ring
 *
 * Those of one bridge do; those of none are routed, and taken together.
 *
 * Context: any.
 *
 * Return: theirs.
 */
struct credit_host *host_of(struct net_device *dev)
{
	const struct net_device *master;
	unsigned int i = 0;

	rcu_read_lock();
	master = netdev_master_upper_dev_get_rcu(dev);
	if (master)
		i = master->ifindex % ARRAY_SIZE(hosts);
	rcu_read_unlock();
	return &hosts[i];
}
