/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link settings of an interface without a wire, for both ends. Kernel glue.
 * They are what the user says they are, for bonding and those who go by them.
 */
#ifndef XENNET_LINK_H
#define XENNET_LINK_H

#include <linux/ethtool.h>

/**
 * struct xennet_link - link settings; protected by RTNL
 * @speed: Mbit/s or SPEED_UNKNOWN
 * @duplex: DUPLEX_HALF, DUPLEX_FULL or DUPLEX_UNKNOWN
 */
struct xennet_link {
	u32 speed;
	u8 duplex;
};

/**
 * xennet_link_init() - until the user says otherwise
 * @link: result
 */
static inline void xennet_link_init(struct xennet_link *link)
{
	link->speed = SPEED_UNKNOWN;
	link->duplex = DUPLEX_UNKNOWN;
}

/**
 * xennet_link_get() - for ethtool_ops.get_link_ksettings
 * @link: settings
 * @to: result
 */
static inline void xennet_link_get(const struct xennet_link *link,
				   struct ethtool_link_ksettings *to)
{
	to->base.speed = link->speed;
	to->base.duplex = link->duplex;
	to->base.port = PORT_OTHER;
}

#endif /* XENNET_LINK_H */
