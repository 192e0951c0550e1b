// SPDX-License-Identifier: GPL-2.0
/* How fast frames come, and when it pays to wait for them. */
#include <xennet/coalesce.h>
#include "unit.h"

static const struct xennet_coalesce adaptive = { .adaptive = true, .frames = 1 };

/*
 * A ring, and somebody whose frames take @announced ns each, or @looked_for when they are
 * waited for.
 */
struct ring {
	u32 announced;
	u32 looked_for;
	struct xennet_pace pace;
	u64 polled;
};

struct cpu {
	u64 now;
	struct xennet_crowd crowd;
};

#define A_CPU	{ .now = 1000000000 }

static struct ring sender(u32 announced, u32 looked_for)
{
	return (struct ring) {
		.announced = announced, .looked_for = looked_for,
	};
}

/* Each gets its part of the CPU, and its frames are as much farther apart. */
static void floods(struct ring *rings, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		rings[i] = sender(nr * 40000, nr * 12000);
}

static u64 timer_of(const struct ring *ring)
{
	return xennet_coalesce_nsecs(&adaptive, &ring->pace);
}

static u64 next_poll(const struct ring *ring)
{
	u64 pause = ring->announced;

	if (ring->pace.waits)
		pause = max(timer_of(ring), (u64)ring->looked_for);
	return ring->polled + pause;
}

static u32 ahead_of(const struct ring *ring, bool coming)
{
	return xennet_coalesce_ahead(&adaptive, &ring->pace, coming, 256);
}

/* Frames the next poll finds. */
static u32 found(const struct ring *ring)
{
	if (!ring->pace.waits)
		return 1;
	return max((u32)(timer_of(ring) / ring->looked_for), 1u);
}

static struct ring *first_of(struct ring *rings, u32 nr)
{
	struct ring *first = rings;
	u32 i;

	for (i = 1; i < nr; i++)
		if (next_poll(&rings[i]) < next_poll(first))
			first = &rings[i];
	return first;
}

/*
 * Polls of @nr rings by one CPU until the first has had @frames; returns how many of
 * these were waited for.
 */
static u32 share_cpu(struct ring *rings, u32 nr, struct cpu *cpu, u32 frames)
{
	u32 i, count, had = 0, waited = 0;

	for (i = 0; i < nr; i++)
		rings[i].polled = cpu->now;
	while (had < frames) {
		struct ring *ring = first_of(rings, nr);

		count = found(ring);
		if (ring == rings) {
			had += count;
			waited += ring->pace.waits ? count : 0;
		}
		cpu->now = next_poll(ring);
		ring->polled = cpu->now;
		xennet_pace_note(&ring->pace, &cpu->crowd, count, cpu->now);
	}
	return waited;
}

static u32 alone(struct ring *ring, struct cpu *cpu, u32 frames)
{
	return share_cpu(ring, 1, cpu, frames);
}

static void poll(struct ring *ring, struct cpu *cpu, u32 count, u32 after)
{
	cpu->now += after;
	xennet_pace_note(&ring->pace, &cpu->crowd, count, cpu->now);
}

static void frames_that_come_slowly_are_each_announced(void **state)
{
	struct ring slow = sender(60000, 60000);
	struct cpu cpu = A_CPU;

	(void)state;
	assert_int_equal(ahead_of(&slow, true), 1);
	assert_int_equal(alone(&slow, &cpu, 1000), 0);
	assert_int_equal(ahead_of(&slow, true), 1);
}

static void frames_that_come_fast_are_waited_for(void **state)
{
	struct ring fast = sender(10000, 10000);
	struct cpu cpu = A_CPU;

	(void)state;
	assert_in_range(alone(&fast, &cpu, 1000), 980, 1010);
	assert_int_equal(ahead_of(&fast, true), XENNET_ADAPTIVE_FRAMES);
	assert_int_equal(ahead_of(&fast, false), 1);
	assert_int_equal(timer_of(&fast), 50000);
}

/* One CPU for both: what takes the sender's time is the events. */
static void who_is_slow_for_the_events_becomes_fast(void **state)
{
	struct ring slowed = sender(40000, 12000);
	struct cpu cpu = A_CPU;

	(void)state;
	assert_in_range(alone(&slowed, &cpu, 1000), 950, 1010);
}

/* One CPU for both: a batch, then what got in before the receiver was woken again. */
static void a_straggler_after_a_batch_does_not_end_it(void **state)
{
	struct ring fast = sender(10000, 10000);
	struct cpu cpu = A_CPU;
	u32 i;

	(void)state;
	alone(&fast, &cpu, 10);
	assert_true(fast.pace.waits);
	for (i = 0; i < 1000; i++) {
		poll(&fast, &cpu, 30, 230000);
		poll(&fast, &cpu, 1, 204000);
		assert_true(fast.pace.waits);
	}
	poll(&fast, &cpu, 30, 230000);
	poll(&fast, &cpu, 1, 20000000);
	assert_true(fast.pace.waits);
}

/* The next request comes after the answer, however fast that is. */
static void who_waits_for_answers_is_hardly_slowed_down(void **state)
{
	struct ring asking = sender(20000, 70000);
	struct cpu cpu = A_CPU;

	(void)state;
	assert_in_range(alone(&asking, &cpu, 20000), 1, 100);
	assert_in_range(alone(&asking, &cpu, 20000), 1, 20);
}

static void the_first_after_a_pause_is_announced(void **state)
{
	struct ring fast = sender(10000, 10000);
	struct cpu cpu = A_CPU;

	(void)state;
	alone(&fast, &cpu, 1000);
	cpu.now += 5000000000;
	assert_int_equal(ahead_of(&fast, false), 1);
	poll(&fast, &cpu, 1, 0);
	assert_in_range(alone(&fast, &cpu, 1000), 970, 1010);
}

static void the_clock_may_stand_still(void **state)
{
	struct ring ring = { 0 };
	struct cpu cpu = A_CPU;
	u32 i;

	(void)state;
	for (i = 0; i < 1000; i++)
		poll(&ring, &cpu, U32_MAX, 0);
	assert_true(ring.pace.waits);
}

static void floods_that_share_a_cpu_are_waited_for(void **state)
{
	struct ring rings[8];
	struct cpu cpu = A_CPU;
	u32 i;

	(void)state;
	floods(rings, 8);
	assert_in_range(share_cpu(rings, 8, &cpu, 1000), 900, 1010);
	for (i = 0; i < 8; i++) {
		assert_true(rings[i].pace.waits);
		assert_int_equal(rings[i].pace.share, 8);
	}
}

static void who_is_left_alone_has_the_cpu_for_itself(void **state)
{
	struct ring rings[8];
	struct cpu cpu = A_CPU;

	(void)state;
	floods(rings, 8);
	share_cpu(rings, 8, &cpu, 1000);
	alone(rings, &cpu, 100);
	assert_int_equal(rings[0].pace.share, 1);
	assert_false(rings[0].pace.waits);
}

/* Its frames come no faster by waiting, which the others' do. */
static void who_waits_for_answers_among_floods_is_hardly_slowed_down(void **state)
{
	struct ring rings[8];
	struct cpu cpu = A_CPU;

	(void)state;
	floods(rings, 8);
	rings[0] = sender(8 * 30000, 8 * 30000 + 400000);
	assert_in_range(share_cpu(rings, 8, &cpu, 20000), 1, 200);
	assert_in_range(share_cpu(rings, 8, &cpu, 20000), 1, 40);
}

static void the_longest_wait_is_bounded(void **state)
{
	struct ring rings[40];
	struct cpu cpu = A_CPU;
	u32 i;

	(void)state;
	for (i = 0; i < 40; i++)
		rings[i] = sender(40 * 12000, 40 * 12000);
	share_cpu(rings, 40, &cpu, 1000);
	assert_int_equal(rings[0].pace.share, XENNET_CROWD_MOST);
	assert_int_equal(timer_of(&rings[0]), 400000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_that_come_slowly_are_each_announced),
		cmocka_unit_test(frames_that_come_fast_are_waited_for),
		cmocka_unit_test(who_is_slow_for_the_events_becomes_fast),
		cmocka_unit_test(a_straggler_after_a_batch_does_not_end_it),
		cmocka_unit_test(who_waits_for_answers_is_hardly_slowed_down),
		cmocka_unit_test(the_first_after_a_pause_is_announced),
		cmocka_unit_test(the_clock_may_stand_still),
		cmocka_unit_test(floods_that_share_a_cpu_are_waited_for),
		cmocka_unit_test(who_is_left_alone_has_the_cpu_for_itself),
		cmocka_unit_test(who_waits_for_answers_among_floods_is_hardly_slowed_down),
		cmocka_unit_test(the_longest_wait_is_bounded),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
