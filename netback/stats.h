/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of one queue, and of the control ring. They belong to the interface
 * and survive a reconnect. Each group has one writer at a time: f2b the queue's
 * NAPI, b2f the holder of the transmit queue's lock, ctrl its work.
 */
#ifndef NETBACK_STATS_H
#define NETBACK_STATS_H

#include <linux/u64_stats_sync.h>
#include <xennet/reason.h>
#include "hold.h"

/* X(name), in the order ethtool -S shows them after "q0_f2b_". */
#define F2B_STATS(X)							\
	X(packets)		/* frames handed to the stack */	\
	X(bytes)							\
	X(slots)		/* ring slots consumed */		\
	X(answered)		/* ring slots answered */		\
	X(holds)		/* frames that held their slots */	\
	X(parked)		/* of these: gave them back while underway */ \
	X(full)			/* polls that left frames, too much underway */ \
	X(answered_at_once)	/* frames that did not */		\
	X(mcast_changes)	/* multicast addresses added, removed */ \
	X(notify_sent)		/* responses announced to the guest */	\
	X(notify_suppressed)	/* the guest did not ask for it */	\
	X(events)		/* notifications received */		\
	X(polls)							\
	X(copies)		/* grant copies */			\
	X(copy_batches)		/* hypercalls they took */		\
	X(static_copies)	/* copies without, from static grants */ \
	X(hashed)		/* frames whose hash the guest gave */	\
	X(csum_fixed)		/* GSO without a blank checksum, mended */ \
	X(xdp_pass)		/* as enum xennet_xdp_fate has them */	\
	X(xdp_tx)							\
	X(xdp_redirect)							\
	X(xdp_drop)							\
	X(xdp_aborted)							\
	X(xdp_late)		/* shown in an skb: too long */	\
	X(xdp_late_gone)	/* of these: did not pass */		\
	X(shaped)		/* waits for the rate limit */		\
	X(ledger_invalid)	/* check_ledger found an error */

/* X(name), after "q0_b2f_". */
#define B2F_STATS(X)							\
	X(packets)		/* frames copied to the guest */	\
	X(bytes)							\
	X(slots)		/* ring slots used */			\
	X(notify_sent)							\
	X(notify_suppressed)						\
	X(events)		/* notifications, if by a channel of its own */ \
	X(copies)							\
	X(copy_batches)							\
	X(static_copies)						\
	X(filtered)		/* group frames the guest does not list */ \
	X(foreign)		/* copies from another guest's page */	\
	X(stops)		/* waits for the guest's buffers */	\
	X(stalls)		/* carrier off, no buffers for long */	\
	X(hashed)		/* frames sent with their hash */

/* X(name), of the interface, after "ctrl_". */
#define CTRL_STATS(X)							\
	X(messages)		/* control messages answered */		\
	X(refused)		/* and not with success */		\
	X(grefs_added)		/* static grants mapped */		\
	X(grefs_deleted)	/* and unmapped by message */		\
	X(grefs_no_room)	/* refused: no room, by Xen or the share */	\
	X(ring_overflow)	/* times the ring's index stopped it */

/*
 * X(counter of f2b, name): the in-tree driver's, of the interface, for those who read
 * them. What cannot happen here is F2B_STATS_COUNT: a frame never takes a guest's pages
 * along, and fits the fragments of one skb however it was cut.
 */
#define INTREE_STATS(X)							\
	X(F2B_csum_fixed, "rx_gso_checksum_fixup")			\
	X(F2B_STATS_COUNT, "tx_zerocopy_sent")				\
	X(F2B_STATS_COUNT, "tx_zerocopy_success")			\
	X(F2B_STATS_COUNT, "tx_zerocopy_fail")				\
	X(F2B_STATS_COUNT, "tx_frag_overflow")

/* Then holds by how they ended, then drops by reason. */
enum f2b_stat {
#define X(name) F2B_##name,
	F2B_STATS(X)
#undef X
	F2B_END,
	F2B_DROP = F2B_END + HOLD_ENDS_COUNT,
	F2B_STATS_COUNT = F2B_DROP + XENNET_REASONS,
};

/* Then drops by reason. */
enum b2f_stat {
#define X(name) B2F_##name,
	B2F_STATS(X)
#undef X
	B2F_DROP,
	B2F_STATS_COUNT = B2F_DROP + XENNET_REASONS,
};

enum ctrl_stat {
#define X(name) CTRL_##name,
	CTRL_STATS(X)
#undef X
	CTRL_STATS_COUNT,
};

/**
 * struct stats - one group of counters
 * @sync: for readers on 32 bits
 * @n: counters, by enum f2b_stat, enum b2f_stat or enum ctrl_stat
 */
struct stats {
	struct u64_stats_sync sync;
	u64_stats_t n[F2B_STATS_COUNT];
};

static_assert((int)B2F_STATS_COUNT <= (int)F2B_STATS_COUNT, "both fit");

/**
 * stat_add() - count
 * @stats: group; the caller is its writer
 * @nr: counter
 * @val: to add
 */
static inline void stat_add(struct stats *stats, unsigned int nr, u64 val)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&stats->n[nr], val);
	u64_stats_update_end(&stats->sync);
}

/**
 * stat_inc() - count one
 * @stats: group; the caller is its writer
 * @nr: counter
 */
static inline void stat_inc(struct stats *stats, unsigned int nr)
{
	stat_add(stats, nr, 1);
}

/**
 * stat_read() - a counter as of now
 * @stats: group
 * @nr: counter
 *
 * Return: its value.
 */
static inline u64 stat_read(const struct stats *stats, unsigned int nr)
{
	unsigned int start;
	u64 val;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		val = u64_stats_read(&stats->n[nr]);
	} while (u64_stats_fetch_retry(&stats->sync, start));
	return val;
}

#endif /* NETBACK_STATS_H */
