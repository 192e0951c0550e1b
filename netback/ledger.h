/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who owns each slot of the f2b ring. Pure.
 *
 * free + posted + held = ring size, always: posted are the requests the
 * guest has written and nobody has looked at, held are those consumed and
 * not answered. Every held slot belongs to exactly one entry of the ledger,
 * one entry a packet, from the moment its requests are consumed until they
 * are answered. Entries cannot run out: an entry holds at least one slot.
 */
#ifndef NETBACK_LEDGER_H
#define NETBACK_LEDGER_H

#include <xennet/wire.h>

/**
 * struct ledger - entries of one ring
 * @nr_free: entries not in use; @free[0..nr_free-1] are their numbers
 * @held: slots in use by all entries
 * @high: highest @held seen
 * @free: stack of unused entries
 * @slots: slots each entry holds, 0 when unused
 */
struct ledger {
	u16 nr_free;
	u16 held;
	u16 high;
	u16 free[XENNET_RING_SIZE];
	u16 slots[XENNET_RING_SIZE];
};

/**
 * ledger_init() - all entries unused
 * @l: ledger
 */
void ledger_init(struct ledger *l);

/**
 * ledger_take() - an entry for a packet
 * @l: ledger
 * @slots: ring slots of the packet, extras included
 *
 * Return: the entry's number, or -ENOSPC when @slots is 0 or more than are
 * not held (the caller consumed what was never posted).
 */
int ledger_take(struct ledger *l, u32 slots);

/**
 * ledger_put() - a packet's slots were answered
 * @l: ledger
 * @entry: number from ledger_take()
 *
 * Return: the slots it held, 0 when @entry is not in use.
 */
u32 ledger_put(struct ledger *l, u32 entry);

/**
 * ledger_is_valid() - is every entry and slot accounted for exactly once?
 * @l: ledger
 *
 * Linear in the ring size; for debug builds, fuzzers and tests.
 *
 * Return: true if so.
 */
bool ledger_is_valid(const struct ledger *l);

#endif /* NETBACK_LEDGER_H */
