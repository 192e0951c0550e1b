/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How fast frames come by a ring, and whether to wait for them. Pure.
 *
 * Where there are several in the time a timer takes, it looks for them, and events are for
 * what overtakes it. Else each slot is announced, and no timer runs. What the rate
 * would be the other way can only be tried: an event costs its sender time, and
 * who waits for an answer before he asks again is only slowed down by waiting.
 * So waiting is tried when frames come once in the timer's time, ends when they do
 * not come faster then, and is tried again after ever longer.
 *
 * Rings that share a CPU share its time: each of eight in a flood has an eighth of the
 * frames the CPU could carry, and waiting pays as if it were alone. So time is divided by
 * how many there are, and a timer runs as many times longer.
 */
#ifndef XENNET_PACE_H
#define XENNET_PACE_H

#include <xennet/types.h>

/* Nanoseconds between frames: waiting is worth a try, and goes on. */
#define XENNET_PACE_TRY		50000
#define XENNET_PACE_KEEP	32000
/* Nanoseconds that frames may be late: in a try, and after many that were not. */
#define XENNET_PACE_SLACK_MIN	128000
#define XENNET_PACE_SLACK_MAX	512000
/* No longer pause counts: after many frames, one does not end the waiting. */
#define XENNET_PACE_PAUSE	400000
/* More frames at once count as so many. */
#define XENNET_PACE_BATCH	128u
/* Frames from one try to the next; of so many in one the try has paid. */
#define XENNET_PACE_REST_MIN	16u
#define XENNET_PACE_REST_MAX	4096u
#define XENNET_PACE_PAID	64u

/* Nanoseconds over which it is counted what rings have frames, and how many count. */
#define XENNET_CROWD_SPAN	1000000
#define XENNET_CROWD_MOST	8u

/**
 * struct xennet_crowd - rings that share a CPU; zeroed: not known yet
 * @since: start of the span, in nanoseconds
 * @span: its number
 * @seen: rings that had frames in it
 * @share: how many share the CPU, by the span before: 1 to XENNET_CROWD_MOST; 0: not
 *	known yet
 *
 * Of one direction. Used by its CPU alone, in softirq.
 */
struct xennet_crowd {
	u64 since;
	u32 span;
	u32 seen;
	u32 share;
};

/**
 * struct xennet_pace - how fast frames come; zeroed: not known yet
 * @waits: the timer looks for them
 * @last: when some were found last, in nanoseconds
 * @each: nanoseconds between two that are announced, a moving average
 * @slack: nanoseconds that those waited for may be late
 * @left: frames until the next try; with @waits, until the try has paid
 * @rest: frames from the last try to the next; 0: it paid
 * @span: the last span of its CPU's crowd that it was counted in
 * @share: rings that share the CPU, itself among them; 0 until the first frame
 */
struct xennet_pace {
	bool waits;
	u64 last;
	int each;
	int slack;
	u32 left;
	u32 rest;
	u32 span;
	u32 share;
};

/**
 * xennet_pace_set() - have frames waited for, or announced
 * @pace: the ring's
 * @waits: what is to be
 */
static inline void xennet_pace_set(struct xennet_pace *pace, bool waits)
{
	pace->waits = waits;
	if (waits) {
		pace->left = XENNET_PACE_PAID;
		pace->slack = XENNET_PACE_SLACK_MIN;
		return;
	}
	pace->rest = clamp(pace->rest * 2, XENNET_PACE_REST_MIN,
			   XENNET_PACE_REST_MAX);
	pace->left = pace->rest;
	pace->each = XENNET_PACE_TRY;
}

/**
 * xennet_crowd_note() - count a ring that has frames, once a span
 * @crowd: of the CPU that polls
 * @span: the last span the ring was counted in
 * @now: the time, in nanoseconds
 *
 * Return: how many share the CPU, 1 to XENNET_CROWD_MOST.
 */
static inline u32 xennet_crowd_note(struct xennet_crowd *crowd, u32 *span,
				    u64 now)
{
	if (!crowd->share || now - crowd->since >= XENNET_CROWD_SPAN) {
		crowd->share = clamp(crowd->seen, 1u, XENNET_CROWD_MOST);
		crowd->seen = 0;
		crowd->since = now;
		crowd->span++;
	}
	if (*span != crowd->span) {
		*span = crowd->span;
		crowd->seen++;
	}
	return crowd->share;
}

/**
 * xennet_pace_note() - learn from a poll that has found frames
 * @pace: the ring's
 * @crowd: of the CPU that polls
 * @count: how many, at least 1
 * @now: the time, in nanoseconds
 *
 * A poll may find a batch and the next one a straggler. So those waited for are
 * judged by a leaky bucket: each brings XENNET_PACE_KEEP, time drains it.
 *
 * Context: softirq, or with softirqs off.
 */
static inline void xennet_pace_note(struct xennet_pace *pace,
				    struct xennet_crowd *crowd, u32 count,
				    u64 now)
{
	u32 share = xennet_crowd_note(crowd, &pace->span, now);
	u64 passed = min(now - pace->last, (u64)XENNET_PACE_PAUSE * share);
	int took = (int)((u32)passed / share);
	int frames = (int)min(count, XENNET_PACE_BATCH);

	pace->last = now;
	pace->share = share;
	pace->left -= min(pace->left, count);
	if (!pace->waits) {
		pace->each += (took / frames - pace->each) / 8;
		if (!pace->left && pace->each < XENNET_PACE_TRY)
			xennet_pace_set(pace, true);
		return;
	}
	if (!pace->left)
		pace->rest = 0;
	pace->slack = min(pace->slack + frames * XENNET_PACE_KEEP - took,
			  XENNET_PACE_SLACK_MAX);
	if (pace->slack < 0)
		xennet_pace_set(pace, false);
}

#endif /* XENNET_PACE_H */
