/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of one queue. They belong to the interface and survive a
 * reconnect. Each group has one writer at a time: the f2b group the queue's
 * NAPI, the b2f group the holder of the transmit queue's lock.
 */
#ifndef NETBACK_STATS_H
#define NETBACK_STATS_H

#include <linux/u64_stats_sync.h>
#include <xennet/reason.h>
#include "hold.h"

/* X(field), in the order ethtool -S shows them after "f2b_". */
#define F2B_STATS(X)							\
	X(packets)		/* frames handed to the stack */	\
	X(bytes)							\
	X(slots)		/* ring slots consumed */		\
	X(answered)		/* ring slots answered */		\
	X(holds)		/* frames that held their slots */	\
	X(answered_at_once)	/* frames that did not */		\
	X(notify_sent)		/* responses announced to the guest */	\
	X(notify_suppressed)	/* the guest did not ask for it */	\
	X(events)		/* notifications received */		\
	X(polls)							\
	X(copies)		/* grant copies */			\
	X(copy_batches)		/* hypercalls they took */		\
	X(maps)			/* grant maps */			\
	X(unmaps)							\
	X(map_batches)							\
	X(csum_fixed)		/* GSO without a blank checksum, mended */ \
	X(shaped)		/* waits for the rate limit */		\
	X(ledger_invalid)	/* check_ledger found an error */

/* X(field), after "b2f_". */
#define B2F_STATS(X)							\
	X(packets)		/* frames copied to the guest */	\
	X(bytes)							\
	X(slots)		/* ring slots used */			\
	X(notify_sent)							\
	X(notify_suppressed)						\
	X(copies)							\
	X(copy_batches)							\
	X(foreign)		/* copies from another guest's page */	\
	X(stops)		/* waits for the guest's buffers */	\
	X(stalls)		/* carrier off, no buffers for long */

#define STAT_FIELD(name) u64_stats_t name;

/**
 * struct f2b_stats - guest to backend
 * @sync: for readers on 32 bits
 * @drop: frames or interfaces lost, by reason
 * @end: holds by how they ended
 */
struct f2b_stats {
	struct u64_stats_sync sync;
	F2B_STATS(STAT_FIELD)
	u64_stats_t drop[XENNET_REASONS];
	u64_stats_t end[HOLD_ENDS_COUNT];
};

/**
 * struct b2f_stats - backend to guest
 * @sync: for readers on 32 bits
 * @drop: frames lost, by reason
 */
struct b2f_stats {
	struct u64_stats_sync sync;
	B2F_STATS(STAT_FIELD)
	u64_stats_t drop[XENNET_REASONS];
};

#undef STAT_FIELD

/* Add to a counter of @stats; only its one writer may. */
#define stat_add(stats, field, n) do {			\
	u64_stats_update_begin(&(stats)->sync);		\
	u64_stats_add(&(stats)->field, n);		\
	u64_stats_update_end(&(stats)->sync);		\
} while (0)

#define stat_inc(stats, field)	stat_add(stats, field, 1)

/**
 * stat_read() - a counter as of now
 * @sync: of its group
 * @stat: the counter
 *
 * Return: its value.
 */
static inline u64 stat_read(const struct u64_stats_sync *sync,
			    const u64_stats_t *stat)
{
	unsigned int start;
	u64 val;

	do {
		start = u64_stats_fetch_begin(sync);
		val = u64_stats_read(stat);
	} while (u64_stats_fetch_retry(sync, start));
	return val;
}

#endif /* NETBACK_STATS_H */
