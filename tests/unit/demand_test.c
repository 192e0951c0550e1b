// SPDX-License-Identifier: GPL-2.0
/* When a queue is used enough for what takes memory, and when no more. */
#include "netfront/demand.h"
#include "unit.h"

/* Both counters wrap on the way. */
#define START	(0u - 500)

/* A slot every @gap ms for @ms; returns whether demand arose. */
static bool note_for(struct demand *d, u32 *used, u32 *now, u32 ms, u32 gap)
{
	u32 end = *now + ms;

	for (; *now != end; ++*now)
		if (*now % gap == 0 && demand_note(d, ++*used, *now))
			return true;
	return false;
}

/* A look each span, @slots used in each; returns spans until it ends, at most @most. */
static u32 looks(struct demand *d, u32 *used, u32 *now, u32 slots, u32 most)
{
	u32 i;

	for (i = 1; i <= most; i++) {
		*used += slots;
		*now += DEMAND_SPAN_MS;
		if (!demand_lasts(d, *used, *now))
			return i;
	}
	return most + 1;
}

static void busy(struct demand *d, u32 *used, u32 *now)
{
	assert_true(note_for(d, used, now, 2 * DEMAND_SPAN_MS, 1));
	assert_true(d->on);
}

static void many_slots_at_once_make_a_demand(void **state)
{
	u32 used = START, now = START, first;
	struct demand d = { 0 };

	(void)state;
	assert_false(demand_note(&d, used, now));
	first = used;
	while (!demand_note(&d, ++used, now))
		assert_true(used - first < DEMAND_SLOTS);
	assert_int_equal(used - first, DEMAND_SLOTS);
}

static void few_slots_never_do(void **state)
{
	u32 used = START, now = START;
	struct demand d = { 0 };

	(void)state;
	assert_false(note_for(&d, &used, &now, 1000 * DEMAND_SPAN_MS, 40));
	assert_false(d.on);
}

static void it_lasts_as_long_as_it_is_used(void **state)
{
	u32 used = START, now = START;
	struct demand d = { 0 };

	(void)state;
	busy(&d, &used, &now);
	assert_int_equal(looks(&d, &used, &now, DEMAND_SLOTS, 1000), 1001);
	assert_true(d.on);
}

static void it_ends_after_some_quiet_spans_in_a_row(void **state)
{
	u32 used = START, now = START;
	struct demand d = { 0 };

	(void)state;
	busy(&d, &used, &now);
	assert_int_equal(looks(&d, &used, &now, DEMAND_SLOTS - 1,
			       DEMAND_SPANS - 1), DEMAND_SPANS);
	assert_int_equal(looks(&d, &used, &now, DEMAND_SLOTS, 1), 2);
	assert_int_equal(looks(&d, &used, &now, DEMAND_SLOTS - 1, 100),
			 DEMAND_SPANS);
	assert_false(d.on);
}

static void looks_that_come_early_do_not_count(void **state)
{
	u32 used = START, now = START, i;
	struct demand d = { 0 };

	(void)state;
	busy(&d, &used, &now);
	for (i = 0; i < 100 * DEMAND_SPANS; i++)
		assert_true(demand_lasts(&d, used, now + i % DEMAND_SPAN_MS));
	assert_int_equal(d.quiet, 0);
}

static void it_comes_again(void **state)
{
	u32 used = START, now = START;
	struct demand d = { 0 };

	(void)state;
	busy(&d, &used, &now);
	looks(&d, &used, &now, 0, DEMAND_SPANS);
	assert_false(d.on);
	assert_false(note_for(&d, &used, &now, 10 * DEMAND_SPAN_MS, 40));
	busy(&d, &used, &now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_slots_at_once_make_a_demand),
		cmocka_unit_test(few_slots_never_do),
		cmocka_unit_test(it_lasts_as_long_as_it_is_used),
		cmocka_unit_test(it_ends_after_some_quiet_spans_in_a_row),
		cmocka_unit_test(looks_that_come_early_do_not_count),
		cmocka_unit_test(it_comes_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
