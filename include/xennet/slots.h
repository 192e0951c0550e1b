/* SPDX-License-Identifier: GPL-2.0 */
/* How bytes fall into slots of one page each. */
#ifndef XENNET_SLOTS_H
#define XENNET_SLOTS_H

#include <xennet/wire.h>

/**
 * xennet_slots() - pages touched by a run of bytes
 * @off: first byte, counted from any page boundary
 * @len: bytes
 *
 * Return: pages, 0 for an empty run.
 */
static inline u32 xennet_slots(u32 off, u32 len)
{
	if (!len)
		return 0;
	off %= XENNET_PAGE_SIZE;
	return (off + len - 1) / XENNET_PAGE_SIZE + 1;
}

/**
 * xennet_page_run() - bytes of a run that lie in its first page
 * @off: first byte, counted from any page boundary
 * @len: bytes
 *
 * Return: bytes, at most @len.
 */
static inline u32 xennet_page_run(u32 off, u32 len)
{
	u32 room = XENNET_PAGE_SIZE - off % XENNET_PAGE_SIZE;

	return min(room, len);
}

#endif /* XENNET_SLOTS_H */
