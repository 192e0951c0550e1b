// SPDX-License-Identifier: GPL-2.0
/* How many slots an event stands for. */
#include <xennet/coalesce.h>
#include <xennet/ring.h>
#include "unit.h"

static const struct xennet_coalesce plain = { .frames = 1 };
static const struct xennet_coalesce spare = { .frames = 64, .usecs = 100 };
static const struct xennet_coalesce adaptive = { .adaptive = true, .frames = 1 };
static const struct xennet_pace unknown;

static void by_default_each_slot_is_announced(void **state)
{
	(void)state;
	assert_int_equal(xennet_coalesce_ahead(&plain, &unknown, true, 256), 1);
	assert_int_equal(xennet_coalesce_ahead(&plain, &unknown, false, 256), 1);
	assert_null(xennet_coalesce_error(&plain));
}

static void events_are_spared_while_slots_come_in(void **state)
{
	(void)state;
	assert_null(xennet_coalesce_error(&spare));
	assert_int_equal(xennet_coalesce_ahead(&spare, &unknown, true, 256), 64);
	assert_int_equal(xennet_coalesce_ahead(&spare, &unknown, false, 256), 1);
}

static void no_more_is_waited_for_than_the_peer_can_fill(void **state)
{
	u32 most;

	(void)state;
	for (most = 0; most <= 256; most++) {
		u32 ahead = xennet_coalesce_ahead(&spare, &unknown, true, most);

		assert_true(ahead >= 1 && (ahead == 1 || 2 * ahead <= most));
	}
}

/* A pair that was read while it changed must not wait without a timer. */
static void without_a_timer_nothing_waits(void **state)
{
	const struct xennet_coalesce torn = { .frames = 64 };

	(void)state;
	assert_int_equal(xennet_coalesce_ahead(&torn, &unknown, true, 256), 1);
}

static void what_cannot_be_had_is_refused(void **state)
{
	static const struct xennet_coalesce wrong[] = {
		{ false, 0, 0 }, { false, 0, 10 }, { false, 1, 10 },
		{ false, 2, 0 }, { false, 129, 10 }, { false, 64, 50001 },
		{ false, U32_MAX, U32_MAX },
	};
	static const struct xennet_coalesce right[] = {
		{ false, 1, 0 }, { false, 2, 1 }, { false, 128, 50000 },
		{ true, 1, 0 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_non_null(xennet_coalesce_error(&wrong[i]));
	for (i = 0; i < ARRAY_SIZE(right); i++)
		assert_null(xennet_coalesce_error(&right[i]));
}

/*
 * A backend that takes what is there when it is told, or when its timer fires
 * some slots later: none is left behind, and events are fewer.
 */
static u32 events_of(const struct xennet_coalesce *c)
{
	struct xennet_sring_hdr *hdr = new_page(sizeof(*hdr));
	struct ring_front front;
	struct ring_back back;
	u32 i, n, events = 0, timer = 0;

	ring_front_init(&front, hdr);
	ring_back_attach(&back, hdr);
	for (i = 0; i < 10000; i++) {
		bool event;

		front.req_prod++;
		event = ring_front_publish(&front);
		events += event;
		timer += timer != 0;
		if (!event && timer < 100)
			continue;
		timer = 0;
		assert_int_equal(ring_back_requests(&back, &n), 0);
		back.req_cons += n;
		back.rsp_prod += n;
		ring_back_publish(&back);
		front.rsp_cons += n;
		n = xennet_coalesce_ahead(c, &unknown, n, 256);
		assert_false(ring_back_arm(&back, n));
		timer = n > 1;
	}
	assert_true(front.req_prod - back.req_cons <= 100);
	free(hdr);
	return events;
}

static void fewer_events_for_as_many_slots(void **state)
{
	(void)state;
	assert_int_equal(events_of(&plain), 10000);
	assert_in_range(events_of(&spare), 100, 200);
}

/* Somebody whose frames take @announced ns each, or @looked_for when they are waited for. */
struct sender {
	u32 announced;
	u32 looked_for;
};

/* What polls @pace sees of @frames; returns how many of these were waited for. */
static u32 frames_of(const struct sender *sender, struct xennet_pace *pace,
		     u64 *now, u32 frames)
{
	u32 timer = XENNET_ADAPTIVE_USECS * 1000;
	u32 i, count, waited = 0;

	for (i = 0; i < frames; i += count) {
		count = 1;
		if (pace->waits && sender->looked_for < timer)
			count = timer / sender->looked_for;
		waited += pace->waits ? count : 0;
		*now += pace->waits ? max(timer, sender->looked_for) :
				      sender->announced;
		xennet_pace_note(pace, count, *now);
	}
	return waited;
}

static u32 adaptive_ahead(const struct xennet_pace *pace, bool coming)
{
	return xennet_coalesce_ahead(&adaptive, pace, coming, 256);
}

static void frames_that_come_slowly_are_each_announced(void **state)
{
	const struct sender slow = { 60000, 60000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	assert_int_equal(adaptive_ahead(&pace, true), 1);
	assert_int_equal(frames_of(&slow, &pace, &now, 1000), 0);
	assert_int_equal(adaptive_ahead(&pace, true), 1);
}

static void frames_that_come_fast_are_waited_for(void **state)
{
	const struct sender fast = { 10000, 10000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	assert_in_range(frames_of(&fast, &pace, &now, 1000), 980, 1010);
	assert_int_equal(adaptive_ahead(&pace, true), XENNET_ADAPTIVE_FRAMES);
	assert_int_equal(adaptive_ahead(&pace, false), 1);
	assert_int_equal(xennet_coalesce_usecs(&adaptive),
			 XENNET_ADAPTIVE_USECS);
}

/* One CPU for both: what takes the sender's time is the events. */
static void who_is_slow_for_the_events_becomes_fast(void **state)
{
	const struct sender slowed = { 40000, 12000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	assert_in_range(frames_of(&slowed, &pace, &now, 1000), 950, 1010);
}

/* One CPU for both: a batch, then what got in before the receiver was woken again. */
static void a_straggler_after_a_batch_does_not_end_it(void **state)
{
	const struct sender fast = { 10000, 10000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;
	u32 i;

	(void)state;
	frames_of(&fast, &pace, &now, 10);
	assert_true(pace.waits);
	for (i = 0; i < 1000; i++) {
		xennet_pace_note(&pace, 30, now += 230000);
		xennet_pace_note(&pace, 1, now += 204000);
		assert_true(pace.waits);
	}
	xennet_pace_note(&pace, 30, now += 230000);
	xennet_pace_note(&pace, 1, now += 20000000);
	assert_true(pace.waits);
}

/* The next request comes after the answer, however fast that is. */
static void who_waits_for_answers_is_hardly_slowed_down(void **state)
{
	const struct sender asking = { 20000, 70000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;
	u32 waited;

	(void)state;
	waited = frames_of(&asking, &pace, &now, 20000);
	assert_in_range(waited, 1, 100);
	waited = frames_of(&asking, &pace, &now, 20000);
	assert_in_range(waited, 1, 20);
}

static void the_first_after_a_pause_is_announced(void **state)
{
	const struct sender fast = { 10000, 10000 };
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	frames_of(&fast, &pace, &now, 1000);
	now += 5000000000;
	assert_int_equal(adaptive_ahead(&pace, false), 1);
	xennet_pace_note(&pace, 1, now);
	assert_in_range(frames_of(&fast, &pace, &now, 1000), 970, 1010);
}

static void the_clock_may_stand_still(void **state)
{
	struct xennet_pace pace = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < 1000; i++)
		xennet_pace_note(&pace, U32_MAX, 1000000000);
	assert_true(pace.waits);
}

static void numbers_of_its_own_turn_adaptive_off(void **state)
{
	struct xennet_coalesce c = { true, 64, 100 };

	(void)state;
	xennet_coalesce_settle(&adaptive, &c);
	assert_false(c.adaptive);
	assert_int_equal(c.frames, 64);
	assert_int_equal(c.usecs, 100);
}

static void turning_adaptive_on_takes_the_numbers_back(void **state)
{
	struct xennet_coalesce c = { true, 64, 100 };

	(void)state;
	xennet_coalesce_settle(&spare, &c);
	assert_true(c.adaptive);
	assert_int_equal(c.frames, 1);
	assert_int_equal(c.usecs, 0);
	assert_null(xennet_coalesce_error(&c));
}

static void what_the_user_leaves_as_it_is_stays_so(void **state)
{
	struct xennet_coalesce c = adaptive;

	(void)state;
	xennet_coalesce_settle(&adaptive, &c);
	assert_true(c.adaptive);
	c = spare;
	xennet_coalesce_settle(&spare, &c);
	assert_false(c.adaptive);
	assert_int_equal(c.frames, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_default_each_slot_is_announced),
		cmocka_unit_test(events_are_spared_while_slots_come_in),
		cmocka_unit_test(no_more_is_waited_for_than_the_peer_can_fill),
		cmocka_unit_test(without_a_timer_nothing_waits),
		cmocka_unit_test(what_cannot_be_had_is_refused),
		cmocka_unit_test(fewer_events_for_as_many_slots),
		cmocka_unit_test(frames_that_come_slowly_are_each_announced),
		cmocka_unit_test(frames_that_come_fast_are_waited_for),
		cmocka_unit_test(who_is_slow_for_the_events_becomes_fast),
		cmocka_unit_test(a_straggler_after_a_batch_does_not_end_it),
		cmocka_unit_test(who_waits_for_answers_is_hardly_slowed_down),
		cmocka_unit_test(the_first_after_a_pause_is_announced),
		cmocka_unit_test(the_clock_may_stand_still),
		cmocka_unit_test(numbers_of_its_own_turn_adaptive_off),
		cmocka_unit_test(turning_adaptive_on_takes_the_numbers_back),
		cmocka_unit_test(what_the_user_leaves_as_it_is_stays_so),
	};

	return cmocka_run_group_tests_name("coalesce", tests, NULL, NULL);
}
