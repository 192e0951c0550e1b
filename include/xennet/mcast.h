/* SPDX-License-Identifier: GPL-2.0 */
/* Multicast addresses that a guest listens to, for both ends. Pure. */
#ifndef XENNET_MCAST_H
#define XENNET_MCAST_H

#include <xennet/types.h>

/* Addresses a guest may list; the kernel's own backend takes as many. */
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
 * mcast_find() - where in the list is an address?
 * @list: the list
 * @addr: MAC address
 *
 * Return: its index, @list->nr when it is not there.
 */
static inline u32 mcast_find(const struct mcast *list, const u8 addr[6])
{
	u32 i;

	for (i = 0; i < list->nr; i++)
		if (!memcmp(list->addr[i], addr, sizeof(list->addr[i])))
			break;
	return i;
}

/**
 * mcast_has() - is an address in the list?
 * @list: the list
 * @addr: MAC address
 *
 * Return: true if it is.
 */
static inline bool mcast_has(const struct mcast *list, const u8 addr[6])
{
	return mcast_find(list, addr) < list->nr;
}

/**
 * mcast_add() - add an address
 * @list: the list
 * @addr: MAC address, whoever wrote it
 *
 * Return: true if it is in the list now; false with nothing changed when it
 * is no group address, or the list is full.
 */
static inline bool mcast_add(struct mcast *list, const u8 addr[6])
{
	if (!(addr[0] & 1))
		return false;
	if (mcast_has(list, addr))
		return true;
	if (list->nr == MCAST_MAX)
		return false;
	memcpy(list->addr[list->nr++], addr, sizeof(list->addr[0]));
	return true;
}

/**
 * mcast_del() - take an address out
 * @list: the list
 * @addr: MAC address, whoever wrote it
 *
 * Return: false with nothing changed when it is not there.
 */
static inline bool mcast_del(struct mcast *list, const u8 addr[6])
{
	u32 i = mcast_find(list, addr);

	if (i == list->nr)
		return false;
	list->nr--;
	memmove(list->addr[i], list->addr[list->nr], sizeof(list->addr[i]));
	return true;
}

#endif /* XENNET_MCAST_H */
