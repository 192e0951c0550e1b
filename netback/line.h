/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end that an interrupt is owed. Pure.
 *
 * Xen keeps an event channel of the late kind closed from an interrupt until
 * the driver ends it. An end that is called spurious has Xen delay the next
 * one (XSA-332), so it must be said of those that came for nothing, and of no
 * others. Cause for an interrupt may be seen ahead of it or after it: what
 * counts is that there was some since the end before.
 *
 * The handler alone raises a line, and cannot run again before its end; one
 * context at a time ends it; anybody may say that there was cause.
 */
#ifndef NETBACK_LINE_H
#define NETBACK_LINE_H

#include <xennet/types.h>

/**
 * struct line - an event channel's interrupt; zeroed: none came
 * @owed: one came, and was not ended
 * @earned: there was cause for one since the last one's end
 */
struct line {
	u32 owed;
	u32 earned;
};

enum line_end {
	LINE_NONE,
	LINE_EARNED,
	LINE_SPURIOUS,
};

/**
 * line_raise() - an interrupt came
 * @line: its line
 */
static inline void line_raise(struct line *line)
{
	WRITE_ONCE(line->owed, 1);
}

/**
 * line_earn() - there is, or was, cause for an interrupt
 * @line: its line
 *
 * Context: any.
 */
static inline void line_earn(struct line *line)
{
	WRITE_ONCE(line->earned, 1);
}

/**
 * line_end() - take the interrupt that is owed its end
 * @line: its line
 *
 * The caller tells Xen, afterwards, as the next interrupt may come from then
 * on.
 *
 * Return: LINE_NONE when there is nothing to end, else what to call it.
 */
static inline enum line_end line_end(struct line *line)
{
	if (!READ_ONCE(line->owed))
		return LINE_NONE;
	WRITE_ONCE(line->owed, 0);
	return xchg(&line->earned, 0) ? LINE_EARNED : LINE_SPURIOUS;
}

#endif /* NETBACK_LINE_H */
