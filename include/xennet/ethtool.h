/* SPDX-License-Identifier: GPL-2.0 */
/* What both ends' ethtool operations have in common. Kernel glue. */
#ifndef XENNET_ETHTOOL_H
#define XENNET_ETHTOOL_H

#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <xen/xenbus.h>
#include <xennet/coalesce.h>

/**
 * xennet_get_drvinfo() - for ethtool_ops.get_drvinfo
 * @xbdev: the interface's device
 * @info: result
 *
 * The driver is what the in-tree one is, by which networkd and udev's ID_NET_DRIVER know a
 * Xen interface; the version tells whose it is.
 */
static inline void xennet_get_drvinfo(const struct xenbus_device *xbdev,
				      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vif", sizeof(info->driver));
	strscpy(info->version, "xennet " XENNET_VERSION, sizeof(info->version));
	strscpy(info->bus_info, dev_name(&xbdev->dev), sizeof(info->bus_info));
}

/**
 * xennet_get_rx_coalesce() - for ethtool_ops.get_coalesce
 * @c: settings
 * @to: result
 */
static inline void xennet_get_rx_coalesce(const struct xennet_coalesce *c,
					  struct ethtool_coalesce *to)
{
	to->use_adaptive_rx_coalesce = c->adaptive;
	to->rx_max_coalesced_frames = c->frames;
	to->rx_coalesce_usecs = c->usecs;
}

/**
 * xennet_check_coalesce() - settings as they are to be, if they can be had
 * @was: settings in use
 * @c: what the user wants; result
 * @extack: told what is wrong with that
 *
 * Return: 0 or -EINVAL.
 */
static inline int xennet_check_coalesce(const struct xennet_coalesce *was,
					struct xennet_coalesce *c,
					struct netlink_ext_ack *extack)
{
	const char *error;

	xennet_coalesce_settle(was, c);
	error = xennet_coalesce_error(c);
	if (error && extack)
		extack->_msg = error;
	return error ? -EINVAL : 0;
}

/**
 * xennet_read_rx_coalesce() - for ethtool_ops.set_coalesce
 * @was: settings in use
 * @from: what the user wants
 * @c: result
 * @extack: told what is wrong with that
 *
 * Return: 0 or -EINVAL.
 */
static inline int xennet_read_rx_coalesce(const struct xennet_coalesce *was,
					  const struct ethtool_coalesce *from,
					  struct xennet_coalesce *c,
					  struct netlink_ext_ack *extack)
{
	c->adaptive = from->use_adaptive_rx_coalesce;
	c->frames = from->rx_max_coalesced_frames;
	c->usecs = from->rx_coalesce_usecs;
	return xennet_check_coalesce(was, c, extack);
}

/**
 * xennet_set_coalesce() - let the data path see new settings
 * @c: settings in use
 * @val: new ones
 */
static inline void xennet_set_coalesce(struct xennet_coalesce *c,
				       const struct xennet_coalesce *val)
{
	WRITE_ONCE(c->adaptive, val->adaptive);
	WRITE_ONCE(c->frames, val->frames);
	WRITE_ONCE(c->usecs, val->usecs);
}

#endif /* XENNET_ETHTOOL_H */
