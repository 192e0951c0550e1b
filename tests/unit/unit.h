/* SPDX-License-Identifier: GPL-2.0 */
/* What every unit test needs: cmocka, and numbers that look random. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <xennet/types.h>

/*
 * One seed a program, so that a failure repeats; UNIT_SEED=N tries others.
 * Not for threads.
 */
static inline u64 *rnd_state(void)
{
	static u64 state;

	if (!state) {
		const char *seed = getenv("UNIT_SEED");

		state = (seed ? strtoull(seed, NULL, 0) : 1) * 2 + 1;
	}
	return &state;
}

/* Uniform in 0 to 2^32 - 1 (xorshift64*). */
static inline u32 rnd(void)
{
	u64 *x = rnd_state();

	*x ^= *x >> 12;
	*x ^= *x << 25;
	*x ^= *x >> 27;
	return *x * 0x2545f4914f6cdd1dull >> 32;
}

/* Uniform in 0 to @n - 1. */
static inline u32 rnd_below(u32 n)
{
	return (u64)rnd() * n >> 32;
}

/* Uniform in @lo to @hi. */
static inline u32 rnd_range(u32 lo, u32 hi)
{
	return lo + rnd_below(hi - lo + 1);
}

static inline bool rnd_one_in(u32 n)
{
	return !rnd_below(n);
}

static inline void rnd_fill(void *to, size_t bytes)
{
	u8 *p = to;

	while (bytes--)
		*p++ = rnd();
}

/*
 * A shared page of its own on the heap, so that the address sanitizer sees
 * an access beside it. To be freed.
 */
static inline void *new_page(size_t bytes)
{
	void *page = calloc(1, bytes);

	assert_non_null(page);
	return page;
}

#endif /* UNIT_H */
