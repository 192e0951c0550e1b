/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of one queue. They live as long as the interface and survive a
 * reconnect. Each group has one writer at a time: struct xmit_stats the
 * holder of the stack's transmit lock, struct napi_stats the queue's NAPI.
 */
#ifndef NETFRONT_STATS_H
#define NETFRONT_STATS_H

#include <linux/u64_stats_sync.h>
#include <xennet/reason.h>
#include <xennet/xdp.h>

/* X(field), in the order ethtool -S shows them. */
#define XMIT_STATS(X)							\
	X(f2b_slots)		/* ring slots posted, extras included */ \
	X(f2b_notify_sent)	/* requests announced to the backend */	\
	X(f2b_notify_suppressed) /* the backend did not ask for it */	\
	X(f2b_bounced)		/* frames copied to fresh pages */	\
	X(f2b_static)		/* frames copied to static grants */	\
	X(f2b_lone)		/* no event for their answers */	\
	X(f2b_stops)		/* waits for free slots */

#define NAPI_STATS(X)							\
	X(f2b_packets)		/* frames the backend sent */		\
	X(f2b_bytes)							\
	X(f2b_answered)		/* ring slots answered, extras included */ \
	X(f2b_wakes)							\
	X(f2b_mcast_changes)	/* the backend's list was changed */	\
	X(b2f_packets)		/* frames handed to the stack */	\
	X(b2f_bytes)							\
	X(b2f_slots)		/* ring slots received */		\
	X(b2f_copied)		/* frames copied, page posted again */	\
	X(b2f_pages)		/* pages handed to the stack */		\
	X(b2f_notify_sent)	/* buffers announced to the backend */	\
	X(b2f_notify_suppressed)					\
	X(b2f_hashed)		/* frames whose hash the backend gave */ \
	X(b2f_xdp_late)		/* shown to a program in an skb: long */ \
	X(b2f_xdp_late_gone)	/* of these: did not pass */		\
	X(b2f_csum_fixed)	/* GSO without a blank checksum, mended */ \
	X(polls)

/* Of the interface. */
#define CTRL_STATS(X)							\
	X(messages)		/* to the backend's control ring */	\
	X(refused)		/* answered, but not with success */	\
	X(unanswered)		/* not answered, the last one sent */	\
	X(broken)		/* answered wrongly, the last one sent */

#define STAT_FIELD(name) u64_stats_t name;

enum ctrl_stat {
#define X(name) CTRL_##name,
	CTRL_STATS(X)
#undef X
	CTRL_STATS_COUNT,
};

/**
 * struct xmit_stats - written by the transmit path
 * @sync: for readers on 32 bits
 * @drop: frames lost, by reason
 */
struct xmit_stats {
	struct u64_stats_sync sync;
	XMIT_STATS(STAT_FIELD)
	u64_stats_t drop[XENNET_REASONS];
};

/**
 * struct napi_stats - written by NAPI
 * @sync: for readers on 32 bits
 * @f2b_drop: sent frames lost, by reason
 * @b2f_drop: received frames lost, and fatal errors of either ring
 * @b2f_xdp: frames a program has seen, by what became of them
 */
struct napi_stats {
	struct u64_stats_sync sync;
	NAPI_STATS(STAT_FIELD)
	u64_stats_t f2b_drop[XENNET_REASONS];
	u64_stats_t b2f_drop[XENNET_REASONS];
	u64_stats_t b2f_xdp[XENNET_XDP_FATES_COUNT];
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

#endif /* NETFRONT_STATS_H */
