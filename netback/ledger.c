// SPDX-License-Identifier: GPL-2.0
#include "ledger.h"

void ledger_init(struct ledger *l)
{
	u32 i;

	memset(l, 0, sizeof(*l));
	l->nr_free = XENNET_RING_SIZE;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		l->free[i] = XENNET_RING_SIZE - 1 - i;
}

int ledger_take(struct ledger *l, u32 slots)
{
	u16 entry;

	if (!slots || slots > XENNET_RING_SIZE - l->held)
		return -ENOSPC;
	entry = l->free[--l->nr_free];
	l->slots[entry] = slots;
	l->held += slots;
	l->high = max(l->high, l->held);
	return entry;
}

u32 ledger_put(struct ledger *l, u32 entry)
{
	u16 slots;

	if (entry >= XENNET_RING_SIZE || !l->slots[entry])
		return 0;
	slots = l->slots[entry];
	l->slots[entry] = 0;
	l->held -= slots;
	l->free[l->nr_free++] = entry;
	return slots;
}

/* Are all entries on the free stack unused, and there once? */
static bool free_is_valid(const struct ledger *l)
{
	bool seen[XENNET_RING_SIZE] = { false };
	u32 i;

	for (i = 0; i < l->nr_free; i++) {
		u16 entry = l->free[i];

		if (entry >= XENNET_RING_SIZE || seen[entry] || l->slots[entry])
			return false;
		seen[entry] = true;
	}
	return true;
}

bool ledger_is_valid(const struct ledger *l)
{
	u32 i, held = 0, used = 0;

	if (l->nr_free > XENNET_RING_SIZE || !free_is_valid(l))
		return false;
	for (i = 0; i < XENNET_RING_SIZE; i++) {
		held += l->slots[i];
		used += !!l->slots[i];
	}
	return held == l->held && used == XENNET_RING_SIZE - l->nr_free &&
	       held <= l->high && l->high <= XENNET_RING_SIZE;
}
