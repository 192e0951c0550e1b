/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many ring slots one event stands for (ethtool -C). Pure.
 *
 * An event can only be asked for in slots: "when so many more are there". A
 * timer has to look for those that stay fewer, and an idle ring is to announce
 * its first slot at once. So events are spared only while slots come in, that
 * is from a poll that found some until the timer has found none.
 *
 * Unless the user says how many, it depends on how fast slots come: where there
 * are several in the time the timer takes, it looks for them, and events are for
 * what overtakes it. Slots that come one by one, as the next request does after
 * an answer, are each announced, and no timer runs.
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
/* Nanoseconds a slot takes when they come fast. */
#define XENNET_PACE_FAST	32000u
/* And at most, as far as anybody remembers: a dozen slots later that is fast. */
#define XENNET_PACE_SLOW	1000000u

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
 * struct xennet_pace - how fast slots come; zeroed: not known yet
 * @last: when slots were found last, in nanoseconds
 * @each: nanoseconds a slot takes, a moving average
 */
struct xennet_pace {
	u64 last;
	u32 each;
};

/**
 * xennet_pace_note() - learn from a poll that has found slots
 * @pace: the ring's
 * @count: how many, at least 1
 * @now: the time, in nanoseconds
 */
static inline void xennet_pace_note(struct xennet_pace *pace, u32 count,
				    u64 now)
{
	u64 took = now - pace->last;
	u32 each;

	each = took < XENNET_PACE_SLOW ? (u32)took / count : XENNET_PACE_SLOW;
	if (!pace->last)
		pace->each = XENNET_PACE_SLOW;
	pace->each -= pace->each / 4;
	pace->each += each / 4;
	pace->last = now;
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
 * @pace: how fast they come
 * @coming: slots came in just now, or the timer is about to look for them
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

	if (READ_ONCE(c->adaptive) && pace->each && pace->each < XENNET_PACE_FAST)
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
		return "rx-frames: 1 to 128";
	if (c->usecs > XENNET_COALESCE_USECS)
		return "rx-usecs: 50000 at most";
	if (c->frames > 1 && !c->usecs)
		return "rx-frames above 1 need rx-usecs, or frames could be stuck";
	if (c->frames == 1 && c->usecs)
		return "rx-usecs need rx-frames above 1: one frame does not wait";
	return NULL;
}

#endif /* XENNET_COALESCE_H */
