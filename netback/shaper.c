// SPDX-License-Identifier: GPL-2.0
#include "shaper.h"

/* Microseconds between two looks at a bucket that stays empty. */
#define WAIT_MAX	1000000u

/* What the bucket holds when full, in the unit of its tokens. */
static u64 capacity(const struct shaper *s)
{
	return (u64)max(s->bytes, SHAPER_BURST_MIN) * s->usec;
}

/* Each microsecond that passed is worth @bytes tokens. They pay debts first. */
static void refill(struct shaper *s, u64 now)
{
	u64 room = capacity(s) - s->tokens + s->debt;
	u64 elapsed, gain, paid;

	if (now <= s->stamp)
		return;
	elapsed = now - s->stamp;
	s->stamp = now;
	gain = s->bytes && elapsed > room / s->bytes ? room :
						       elapsed * s->bytes;
	paid = min(gain, s->debt);
	s->debt -= paid;
	s->tokens += gain - paid;
}

static void spend(struct shaper *s, u64 need)
{
	if (need > s->tokens) {
		s->debt += need - s->tokens;
		s->tokens = 0;
	} else {
		s->tokens -= need;
	}
}

void shaper_set(struct shaper *s, u32 bytes, u32 usec, u64 now)
{
	u64 saved = U32_MAX, owed = 0;

	if (s->usec) {
		refill(s, now);
		saved = s->tokens / s->usec;
		owed = s->debt / s->usec;
	}
	s->bytes = bytes;
	s->usec = bytes == U32_MAX ? 0 : usec;
	s->stamp = now;
	s->tokens = min(saved * s->usec, capacity(s));
	s->debt = owed * s->usec;
}

u32 shaper_take(struct shaper *s, u32 len, u64 now)
{
	u64 need = (u64)len * s->usec;
	u64 ask = min(need, capacity(s));
	u64 wait;

	if (!s->usec)
		return 0;
	if (!s->bytes)
		return WAIT_MAX;
	refill(s, now);
	if (ask <= s->tokens) {
		spend(s, need);
		return 0;
	}
	wait = (ask - s->tokens + s->debt - 1) / s->bytes + 1;
	return wait < WAIT_MAX ? wait : WAIT_MAX;
}
