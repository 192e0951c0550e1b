/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many ring slots one event stands for (ethtool -C). Pure.
 *
 * An event can only be asked for in slots: "when so many more are there". A
 * timer has to look for those that stay fewer, and an idle ring is to announce
 * its first slot at once. So events are spared only while slots come in, that
 * is from a poll that found some until the timer has found none.
 */
#ifndef XENNET_COALESCE_H
#define XENNET_COALESCE_H

#include <xennet/types.h>

/* Most slots an event may stand for: half a ring. */
#define XENNET_COALESCE_FRAMES	128u
/* Longest wait of a slot, in microseconds. */
#define XENNET_COALESCE_USECS	50000u

/**
 * struct xennet_coalesce - what an event waits for
 * @frames: slots it stands for at most; a frame has one or more
 * @usecs: longest wait of a slot, in microseconds; 0: none
 *
 * Read while it changes: any mixture of old and new will do.
 */
struct xennet_coalesce {
	u32 frames;
	u32 usecs;
};

/**
 * xennet_coalesce_ahead() - slots to wait for with the next event
 * @c: the settings
 * @coming: slots came in just now, or the timer is about to look for them
 * @most: slots the peer could still fill
 *
 * With more than 1 the caller has the timer look within @c->usecs.
 *
 * Return: 1, or up to half of @most.
 */
static inline u32 xennet_coalesce_ahead(const struct xennet_coalesce *c,
					bool coming, u32 most)
{
	u32 ahead = READ_ONCE(c->frames);

	if (!coming || !READ_ONCE(c->usecs))
		return 1;
	ahead = min(ahead, most / 2);
	return max(ahead, 1u);
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
