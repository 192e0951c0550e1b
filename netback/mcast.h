/* SPDX-License-Identifier: GPL-2.0 */
/* The multicast addresses a guest listens to. Pure. */
#ifndef NETBACK_MCAST_H
#define NETBACK_MCAST_H

#include <xennet/types.h>

/* Addresses a guest may list. */
#define MCAST_MAX	64u

/**
 * struct mcast - a list of addresses, none twice
 * @nr: entries of @addr
 * @addr: in no order
 */
struct mcast {
	u32 nr;
	u8 addr[MCAST_MAX][6];
};

/**
 * mcast_has() - is an address in the list?
 * @list: the list
 * @addr: MAC address
 *
 * Return: true if it is.
 */
bool mcast_has(const struct mcast *list, const u8 addr[6]);

/**
 * mcast_add() - add an address
 * @list: the list
 * @addr: MAC address, as a guest wrote it
 *
 * Return: true if it is in the list now; false with nothing changed when it
 * is no group address, or the list is full.
 */
bool mcast_add(struct mcast *list, const u8 addr[6]);

/**
 * mcast_del() - take an address out
 * @list: the list
 * @addr: MAC address, as a guest wrote it
 *
 * Return: false with nothing changed when it is not there.
 */
bool mcast_del(struct mcast *list, const u8 addr[6]);

#endif /* NETBACK_MCAST_H */
