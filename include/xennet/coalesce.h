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
 * Unless the user says how many, it depends on how fast frames come: xennet/pace.h.
 */
#ifndef XENNET_COALESCE_H
#define XENNET_COALESCE_H

#include <xennet/pace.h>

/* Most slots an event may stand for: half a ring. */
#define XENNET_COALESCE_FRAMES	128u
/* Longest wait of a slot, in microseconds. */
#define XENNET_COALESCE_USECS	50000u

/* The same where the rate decides; a NIC's usual rate of interrupts. */
#define XENNET_ADAPTIVE_FRAMES	64u
#define XENNET_ADAPTIVE_USECS	50u

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
 * xennet_coalesce_nsecs() - how long a slot waits for others
 * @c: the settings
 * @pace: how fast frames come
 *
 * Return: nanoseconds; 0: not at all.
 */
static inline u64 xennet_coalesce_nsecs(const struct xennet_coalesce *c,
					const struct xennet_pace *pace)
{
	u64 usecs = READ_ONCE(c->adaptive) ?
		    XENNET_ADAPTIVE_USECS * pace->share : READ_ONCE(c->usecs);

	return usecs * 1000;
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
 * xennet_coalesce_nsecs().
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
	if (!coming || !xennet_coalesce_nsecs(c, pace))
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
