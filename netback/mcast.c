// SPDX-License-Identifier: GPL-2.0
#include "mcast.h"

/* Index of an address, @list->nr when it is not there. */
static u32 find(const struct mcast *list, const u8 addr[6])
{
	u32 i;

	for (i = 0; i < list->nr; i++)
		if (!memcmp(list->addr[i], addr, sizeof(list->addr[i])))
			break;
	return i;
}

bool mcast_has(const struct mcast *list, const u8 addr[6])
{
	return find(list, addr) < list->nr;
}

bool mcast_add(struct mcast *list, const u8 addr[6])
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

bool mcast_del(struct mcast *list, const u8 addr[6])
{
	u32 i = find(list, addr);

	if (i == list->nr)
		return false;
	list->nr--;
	memmove(list->addr[i], list->addr[list->nr], sizeof(list->addr[i]));
	return true;
}
