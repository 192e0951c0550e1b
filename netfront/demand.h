/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is a queue used enough for what takes memory as long as it is there? Pure.
 *
 * It is in demand once so many slots were used within a span of time, and is not any
 * more after some spans in a row with fewer. While it is not, whoever uses the slots
 * notes that, and no timer runs; while it is, somebody looks once a span.
 */
#ifndef NETFRONT_DEMAND_H
#define NETFRONT_DEMAND_H

#include <xennet/types.h>

/* Slots within a span that make a demand, the span, and spans without that end it. */
#define DEMAND_SLOTS	64u
#define DEMAND_SPAN_MS	1000u
#define DEMAND_SPANS	10u

/**
 * struct demand - use of a queue; zeroed: none so far
 * @on: it is in demand
 * @quiet: spans in a row with fewer than DEMAND_SLOTS
 * @since: start of the span, in milliseconds
 * @used: slots used until then
 *
 * While @on is not set it belongs to the one who uses the slots, otherwise to the one
 * who looks. A count that either sees late makes a span longer or shorter.
 */
struct demand {
	bool on;
	u8 quiet;
	u32 since;
	u32 used;
};

/**
 * demand_note() - slots have been used
 * @d: use of the queue, not in demand
 * @used: slots used so far, modulo 2^32
 * @now: the time, in milliseconds, modulo 2^32
 *
 * Return: true when it is in demand from now on: somebody is to look once a span.
 */
bool demand_note(struct demand *d, u32 used, u32 now);

/**
 * demand_lasts() - is there still demand?
 * @d: use of the queue, in demand
 * @used: slots used so far, modulo 2^32
 * @now: the time, in milliseconds, modulo 2^32
 *
 * Return: false when it has ended, just now.
 */
bool demand_lasts(struct demand *d, u32 used, u32 now);

#endif /* NETFRONT_DEMAND_H */
