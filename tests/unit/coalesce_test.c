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

/* @rounds polls, @ns after each other, of which each has found @count slots. */
static void polls(struct xennet_pace *pace, u64 *now, u32 rounds, u32 count,
		  u64 ns)
{
	while (rounds--) {
		*now += ns;
		xennet_pace_note(pace, count, *now);
	}
}

static u32 adaptive_ahead(const struct xennet_pace *pace, bool coming)
{
	return xennet_coalesce_ahead(&adaptive, pace, coming, 256);
}

static void slots_that_come_one_by_one_are_each_announced(void **state)
{
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	assert_int_equal(adaptive_ahead(&pace, true), 1);
	polls(&pace, &now, 1, 1, 1000);
	assert_int_equal(adaptive_ahead(&pace, true), 1);
	polls(&pace, &now, 100, 1, 40000);
	assert_int_equal(adaptive_ahead(&pace, true), 1);
}

static void slots_that_come_fast_are_not(void **state)
{
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	polls(&pace, &now, 30, 1, 10000);
	assert_int_equal(adaptive_ahead(&pace, true), XENNET_ADAPTIVE_FRAMES);
	assert_int_equal(adaptive_ahead(&pace, false), 1);
	assert_int_equal(xennet_coalesce_usecs(&adaptive),
			 XENNET_ADAPTIVE_USECS);
	/* As the timer then finds them. */
	polls(&pace, &now, 100, 4, 50000);
	assert_int_equal(adaptive_ahead(&pace, true), XENNET_ADAPTIVE_FRAMES);
}

static void a_rest_is_noticed_at_once_and_a_rush_soon(void **state)
{
	struct xennet_pace pace = { 0 };
	u64 now = 1000000000;

	(void)state;
	polls(&pace, &now, 30, 1, 10000);
	polls(&pace, &now, 1, 1, 5000000000);
	assert_int_equal(adaptive_ahead(&pace, true), 1);
	polls(&pace, &now, 20, 1, 2000);
	assert_int_equal(adaptive_ahead(&pace, true), XENNET_ADAPTIVE_FRAMES);
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
		cmocka_unit_test(slots_that_come_one_by_one_are_each_announced),
		cmocka_unit_test(slots_that_come_fast_are_not),
		cmocka_unit_test(a_rest_is_noticed_at_once_and_a_rush_soon),
		cmocka_unit_test(numbers_of_its_own_turn_adaptive_off),
		cmocka_unit_test(turning_adaptive_on_takes_the_numbers_back),
		cmocka_unit_test(what_the_user_leaves_as_it_is_stays_so),
	};

	return cmocka_run_group_tests_name("coalesce", tests, NULL, NULL);
}
