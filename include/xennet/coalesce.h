/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many ring slots one event stands for (ethtool -C), and how many frames one
 * hypercall. Pure.
 *
 * An event can only be asked for in slots: "when so many more are there". A
 * timer has to look for those that stay fewer, and an idle ring is to announce
 * its first slot at once. So events are spared only while slots come in, that
 * is from a poll that found some until the timer has found none.
 *
 * Unless the user says how many, it depends on how fast frames come: where there
 * are several in the time the timer takes, it looks for them, and events are for
 * what overtakes it. Else each slot is announced, and no timer runs. What the rate
 * would be the other way can only be tried: an event costs its sender time, and
 * who waits for an answer before he asks again is only slowed down by waiting.
 * So waiting is tried when frames come once in the timer's time, ends when they do
 * not come faster then, and is tried again after ever longer.
 */
#ifndef XENNET_COALESCE_H
#define XENNET_COALESCE_H

#include <xennet/types.h>

/* Most slots an event may stand for: half a ring. */
#define XENNET_COALESCE_FRAMES	128u
/* Longest wait of a slot, in microseconds. */
#define XENNET_COALESCE_USECS	50000u

/* The same where the rate decides; a NIC's usual rate of interrupts. */
#define XENNET_ADAPTIVE_FRAMES	64u
#define XENNET_ADAPTIVE_USECS	50u

/* Nanoseconds between frames: waiting is worth a try, and goes on. */
#define XENNET_PACE_TRY		50000
#define XENNET_PACE_KEEP	32000
/* Nanoseconds that frames may be late: in a try, and after many that were not. */
#define XENNET_PACE_SLACK_MIN	128000
#define XENNET_PACE_SLACK_MAX	512000
/* No longer pause counts: after many frames, one does not end the waiting. */
#define XENNET_PACE_PAUSE	400000
/* Frames from one try to the next; of so many in one the try has paid. */
#define XENNET_PACE_REST_MIN	16u
#define XENNET_PACE_REST_MAX	4096u
#define XENNET_PACE_PAID	64u

/**
 * struct xennet_coalesce - what an event waits for
 * @adaptive: the rate decides; @frames is 1 and @usecs 0 then
 * @frames: slots it stands for at most; a frame has one or more
 * @usecs: longest wait of a slot, in microseconds; 0: none
 *
 * Read while it changes: any mixture of old and new will do.
 */
struct xennet_coalesce {
	bool adaptive;
	u32 frames;
	u32 usecs;
};

/**
 * struct xennet_pace - how fast frames come; zeroed: not known yet
 * @waits: the timer looks for them
 * @last: when some were found last, in nanoseconds
 * @each: nanoseconds between two that are announced, a moving average
 * @slack: nanoseconds that those waited for may be late
 * @left: frames until the next try; with @waits, until the try has paid
 * @rest: frames from the last try to the next; 0: it paid
 */
struct xennet_pace {
	bool waits;
	u64 last;
	int each;
	int slack;
	u32 left;
	u32 rest;
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
 * xennet_pace_note() - learn from a poll that has found frames
 * @pace: the ring's
 * @count: how many, at least 1
 * @now: the time, in nanoseconds
 *
 * A poll may find a batch and the next one a straggler. So those waited for are
 * judged by a leaky bucket: each brings XENNET_PACE_KEEP, time drains it.
 */
static inline void xennet_pace_note(struct xennet_pace *pace, u32 count,
				    u64 now)
{
	u64 passed = now - pace->last;
	int took = passed < XENNET_PACE_PAUSE ? (int)passed : XENNET_PACE_PAUSE;
	int frames = (int)min(count, XENNET_COALESCE_FRAMES);

	pace->last = now;
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

/**
 * xennet_coalesce_usecs() - how long a slot waits for others
 * @c: the settings
 *
 * Return: microseconds; 0: not at all.
 */
static inline u32 xennet_coalesce_usecs(const struct xennet_coalesce *c)
{
	return READ_ONCE(c->adaptive) ? XENNET_ADAPTIVE_USECS :
					READ_ONCE(c->usecs);
}

/**
 * xennet_coalesce_ahead() - slots to wait for with the next event
 * @c: the settings
 * @pace: how fast frames come
 * @coming: slots came in just now, or the timer is about to look for them; always
 *	so for frames to send, which nobody has to look for
 * @most: slots the peer could still fill
 *
 * With more than 1 the caller has the timer look within
 * xennet_coalesce_usecs().
 *
 * Return: 1, or up to half of @most.
 */
static inline u32 xennet_coalesce_ahead(const struct xennet_coalesce *c,
					const struct xennet_pace *pace,
					bool coming, u32 most)
{
	u32 ahead = READ_ONCE(c->frames);

	if (READ_ONCE(c->adaptive) && pace->waits)
		ahead = XENNET_ADAPTIVE_FRAMES;
	if (!coming || !xennet_coalesce_usecs(c))
		return 1;
	ahead = min(ahead, most / 2);
	return max(ahead, 1u);
}

/**
 * xennet_coalesce_settle() - settings as the user has them in mind
 * @was: settings in use
 * @c: all there is to set, as the user leaves it
 *
 * Numbers of their own turn @adaptive off; turning it on takes these back.
 */
static inline void xennet_coalesce_settle(const struct xennet_coalesce *was,
					  struct xennet_coalesce *c)
{
	if (!c->adaptive)
		return;
	if (!was->adaptive)
		*c = (struct xennet_coalesce) { .adaptive = true, .frames = 1 };
	else if (c->frames != was->frames || c->usecs != was->usecs)
		c->adaptive = false;
}

/**
 * xennet_coalesce_error() - can these settings be had?
 * @c: the settings
 *
 * Return: NULL, or why not.
 */
static inline const char *xennet_coalesce_error(const struct xennet_coalesce *c)
{
	if (!c->frames || c->frames > XENNET_COALESCE_FRAMES)
		return "frames: 1 to 128";
	if (c->usecs > XENNET_COALESCE_USECS)
		return "usecs: 50000 at most";
	if (c->frames > 1 && !c->usecs)
		return "frames above 1 need usecs, or some could be stuck";
	if (c->frames == 1 && c->usecs)
		return "usecs need frames above 1: one does not wait";
	return NULL;
}

#endif /* XENNET_COALESCE_H */
