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

static void adaptive_waits_as_the_pace_says(void **state)
{
	const struct xennet_pace fast = { .waits = true, .share = 1 };
	const struct xennet_pace crowded = { .waits = true, .share = 8 };
	const struct xennet_pace slow = { .share = 1 };

	(void)state;
	assert_int_equal(xennet_coalesce_ahead(&adaptive, &fast, true, 256),
			 XENNET_ADAPTIVE_FRAMES);
	assert_int_equal(xennet_coalesce_ahead(&adaptive, &fast, false, 256), 1);
	assert_int_equal(xennet_coalesce_ahead(&adaptive, &slow, true, 256), 1);
	assert_int_equal(xennet_coalesce_nsecs(&adaptive, &fast), 50000);
	assert_int_equal(xennet_coalesce_nsecs(&adaptive, &crowded), 400000);
	assert_int_equal(xennet_coalesce_nsecs(&spare, &crowded), 100000);
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
		cmocka_unit_test(adaptive_waits_as_the_pace_says),
		cmocka_unit_test(numbers_of_its_own_turn_adaptive_off),
		cmocka_unit_test(turning_adaptive_on_takes_the_numbers_back),
		cmocka_unit_test(what_the_user_leaves_as_it_is_stays_so),
	};

	return cmocka_run_group_tests_name("coalesce", tests, NULL, NULL);
}
