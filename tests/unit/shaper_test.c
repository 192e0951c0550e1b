// SPDX-License-Identifier: GPL-2.0
#include "netback/shaper.h"
#include "unit.h"

#define SECOND	1000000u
#define FRAME	65535u

static struct shaper rate(u32 bytes, u32 usec, u64 now)
{
	struct shaper s = { 0 };

	shaper_set(&s, bytes, usec, now);
	return s;
}

/* Takes frames until the bucket says no; returns the bytes. */
static u64 drain(struct shaper *s, u32 len, u64 now)
{
	u64 sum = 0;

	while (!shaper_take(s, len, now))
		sum += len;
	return sum;
}

static void without_a_period_there_is_no_limit(void **state)
{
	struct shaper s = rate(1000, 0, 5);
	u32 i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_int_equal(shaper_take(&s, FRAME, 5), 0);
}

static void the_largest_allowance_means_no_limit(void **state)
{
	struct shaper s = rate(U32_MAX, 1, 5);
	u32 i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_int_equal(shaper_take(&s, FRAME, 5), 0);
}

static void the_bucket_is_full_at_first(void **state)
{
	struct shaper s = rate(1000000, SECOND, 77);

	(void)state;
	assert_int_equal(drain(&s, 1000, 77), 1000000);
}

static void a_small_allowance_still_lets_the_longest_frames_pass(void **state)
{
	struct shaper s = rate(1000, SECOND, 0);

	(void)state;
	assert_int_equal(drain(&s, 1, 0), SHAPER_BURST_MIN);
	assert_int_equal(shaper_take(&s, FRAME, 65534 * 1000ull), 1000);
	assert_int_equal(shaper_take(&s, FRAME, 65535 * 1000ull), 0);
}

static void an_allowance_of_nothing_lets_nothing_pass(void **state)
{
	struct shaper s = rate(0, 50000, 0);

	(void)state;
	assert_int_equal(shaper_take(&s, 60, 0), SECOND);
	assert_int_equal(shaper_take(&s, 60, 1000ull * SECOND), SECOND);
}

static void tokens_come_evenly_within_a_period(void **state)
{
	struct shaper s = rate(200000, 2000, 0);
	u64 now;

	(void)state;
	drain(&s, 1, 0);
	for (now = 10; now <= 2000; now += 10)
		assert_int_equal(drain(&s, 100, now), 1000);
}

static void idle_time_fills_the_bucket_once(void **state)
{
	struct shaper s = rate(200000, SECOND, 0);

	(void)state;
	drain(&s, 1, 0);
	assert_int_equal(drain(&s, 1, 3600ull * SECOND), 200000);
	drain(&s, 1, 3601ull * SECOND);
	assert_int_equal(drain(&s, 1, UINT64_MAX), 200000);
}

static void idle_time_fills_up_what_was_left(void **state)
{
	struct shaper s = rate(200000, SECOND, 0);

	(void)state;
	assert_int_equal(shaper_take(&s, 50000, 0), 0);
	assert_int_equal(drain(&s, 1, 3600ull * SECOND), 200000);
}

static void a_bucket_is_not_full_before_its_time(void **state)
{
	struct shaper s = rate(1000, 3, 0);

	(void)state;
	drain(&s, 1, 0);
	assert_int_equal(drain(&s, 1, 393), 131000);
}

static void the_wait_is_exact(void **state)
{
	struct shaper s = rate(1000, 1000, 0);

	(void)state;
	drain(&s, 1, 0);
	assert_int_equal(shaper_take(&s, 1500, 0), 1500);
	assert_int_equal(shaper_take(&s, 1500, 1499), 1);
	assert_int_equal(shaper_take(&s, 1500, 1500), 0);
}

static void a_long_wait_is_asked_again_each_second(void **state)
{
	struct shaper s = rate(1, SECOND, 0);

	(void)state;
	drain(&s, 1, 0);
	assert_int_equal(shaper_take(&s, 1000, 0), SECOND);
	assert_int_equal(shaper_take(&s, 1000, 999ull * SECOND + 1), SECOND - 1);
	assert_int_equal(shaper_take(&s, 1000, 1000ull * SECOND), 0);
}

static void a_refused_frame_costs_nothing(void **state)
{
	struct shaper s = rate(200000, SECOND, 0);
	u32 i;

	(void)state;
	assert_int_equal(shaper_take(&s, 100000, 0), 0);
	for (i = 0; i < 1000; i++)
		assert_int_not_equal(shaper_take(&s, 100001, 0), 0);
	assert_int_equal(shaper_take(&s, 100000, 0), 0);
}

static void a_frame_longer_than_the_bucket_passes_and_is_paid_for(void **state)
{
	struct shaper s = rate(1000, 1000, 0);

	(void)state;
	assert_int_equal(shaper_take(&s, 1, 0), 0);
	assert_int_equal(shaper_take(&s, 500000, 0), 1);
	assert_int_equal(shaper_take(&s, 500000, 1), 0);
	assert_int_equal(shaper_take(&s, 1, 1),
			 500000 - SHAPER_BURST_MIN + 1);
	assert_int_equal(shaper_take(&s, 1, 500001 - SHAPER_BURST_MIN), 1);
	assert_int_equal(shaper_take(&s, 1, 500002 - SHAPER_BURST_MIN), 0);
}

static void a_new_rate_keeps_what_is_owed(void **state)
{
	struct shaper s = rate(1000, 1000, 0);

	(void)state;
	assert_int_equal(shaper_take(&s, SHAPER_BURST_MIN + 1000, 0), 0);
	shaper_set(&s, 100, 1, 0);
	assert_int_equal(shaper_take(&s, 1000, 0), 20);
	assert_int_equal(drain(&s, 1, 3600ull * SECOND), SHAPER_BURST_MIN);
}

static void time_that_runs_back_adds_nothing(void **state)
{
	struct shaper s = rate(200000, SECOND, 1000);

	(void)state;
	drain(&s, 1, 1000);
	assert_int_equal(drain(&s, 1, 0), 0);
	assert_int_equal(drain(&s, 1, 1000), 0);
	assert_int_equal(drain(&s, 1, 1005), 1);
}

static void a_new_rate_keeps_what_was_saved(void **state)
{
	struct shaper s = rate(1000000, SECOND, 0);

	(void)state;
	assert_int_equal(shaper_take(&s, 100000, 0), 0);
	shaper_set(&s, 2000000, 2000, 0);
	assert_int_equal(drain(&s, 100, 0), 900000);
	shaper_set(&s, 500000, SECOND, 100);
	assert_int_equal(drain(&s, 1, 100), 100000);
}

static void a_smaller_bucket_cuts_what_was_saved(void **state)
{
	struct shaper s = rate(1000000, SECOND, 0);

	(void)state;
	shaper_set(&s, 200000, SECOND, 0);
	assert_int_equal(drain(&s, 100, 0), 200000);
}

static void a_limit_that_comes_back_starts_full(void **state)
{
	struct shaper s = rate(1000000, SECOND, 0);

	(void)state;
	drain(&s, 1, 0);
	shaper_set(&s, 0, 0, 10);
	assert_int_equal(shaper_take(&s, FRAME, 10), 0);
	shaper_set(&s, 300000, SECOND, 20);
	assert_int_equal(drain(&s, 1, 20), 300000);
}

/* Products of the largest values stay within 64 bits. */
static void the_largest_numbers_do_not_overflow(void **state)
{
	struct shaper s = rate(U32_MAX - 1, U32_MAX, 0);
	u64 now = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 70000; i++)
		assert_int_equal(!shaper_take(&s, FRAME, now), i < 65536);
	now = 1ull << 40;
	assert_int_equal(shaper_take(&s, FRAME, now), 0);
	shaper_set(&s, 1, U32_MAX, now);
	assert_int_equal(shaper_take(&s, FRAME, now), 0);
	shaper_set(&s, U32_MAX - 1, 1, now);
	assert_int_equal(shaper_take(&s, FRAME, now + 1), 0);
}

/* Any rate, frames of any size, a sender that asks when told to. */
static void over_time_exactly_the_allowance_passes(void **state)
{
	u32 round;

	(void)state;
	for (round = 0; round < 300; round++) {
		u32 bytes = rnd_range(1, 10000000), usec = rnd_range(1, SECOND);
		u64 bucket = max(bytes, SHAPER_BURST_MIN);
		struct shaper s = rate(bytes, usec, 0);
		u64 now = 0, sum = 0, due;
		u32 i, wait;

		for (i = 0; i < 1000; i++) {
			u32 len = rnd_range(14, FRAME);

			while ((wait = shaper_take(&s, len, now)))
				now += wait;
			sum += len;
			due = bucket + now * bytes / usec;
			assert_true(sum <= due);
		}
		/* Never idle: at most a microsecond a frame is lost. */
		due = (now > 1000 ? now - 1000 : 0) * bytes / usec;
		assert_true(sum + bucket >= due);
	}
}

static void after_the_wait_the_frame_passes_and_not_before(void **state)
{
	u32 round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct shaper s = rate(rnd_range(1, 1000000),
				       rnd_range(1, SECOND), 0);
		struct shaper copy;
		u32 wait, len = rnd_range(14, FRAME);

		drain(&s, FRAME, 0);
		wait = shaper_take(&s, len, 0);
		assert_in_range(wait, 0, SECOND);
		if (!wait || wait == SECOND)
			continue;
		copy = s;
		assert_int_equal(shaper_take(&s, len, wait - 1), 1);
		assert_int_equal(shaper_take(&copy, len, wait), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_period_there_is_no_limit),
		cmocka_unit_test(the_largest_allowance_means_no_limit),
		cmocka_unit_test(the_bucket_is_full_at_first),
		cmocka_unit_test(a_small_allowance_still_lets_the_longest_frames_pass),
		cmocka_unit_test(an_allowance_of_nothing_lets_nothing_pass),
		cmocka_unit_test(tokens_come_evenly_within_a_period),
		cmocka_unit_test(idle_time_fills_the_bucket_once),
		cmocka_unit_test(idle_time_fills_up_what_was_left),
		cmocka_unit_test(a_bucket_is_not_full_before_its_time),
		cmocka_unit_test(the_wait_is_exact),
		cmocka_unit_test(a_long_wait_is_asked_again_each_second),
		cmocka_unit_test(a_refused_frame_costs_nothing),
		cmocka_unit_test(a_frame_longer_than_the_bucket_passes_and_is_paid_for),
		cmocka_unit_test(a_new_rate_keeps_what_is_owed),
		cmocka_unit_test(time_that_runs_back_adds_nothing),
		cmocka_unit_test(a_new_rate_keeps_what_was_saved),
		cmocka_unit_test(a_smaller_bucket_cuts_what_was_saved),
		cmocka_unit_test(a_limit_that_comes_back_starts_full),
		cmocka_unit_test(the_largest_numbers_do_not_overflow),
		cmocka_unit_test(over_time_exactly_the_allowance_passes),
		cmocka_unit_test(after_the_wait_the_frame_passes_and_not_before),
	};

	return cmocka_run_group_tests_name("shaper", tests, NULL, NULL);
}
