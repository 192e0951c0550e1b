// SPDX-License-Identifier: GPL-2.0
/* Interrupts that are owed an end, and whether they came for something. */
#include "netback/line.h"
#include "unit.h"

static void without_an_interrupt_there_is_nothing_to_end(void **state)
{
	struct line line = {};

	(void)state;
	assert_int_equal(line_end(&line), LINE_NONE);
	line_earn(&line);
	assert_int_equal(line_end(&line), LINE_NONE);
}

static void an_interrupt_without_cause_is_spurious(void **state)
{
	struct line line = {};

	(void)state;
	line_raise(&line);
	assert_int_equal(line_end(&line), LINE_SPURIOUS);
	assert_int_equal(line_end(&line), LINE_NONE);
}

static void cause_counts_before_and_behind_the_interrupt(void **state)
{
	struct line line = {};

	(void)state;
	line_earn(&line);
	assert_int_equal(line_end(&line), LINE_NONE);
	line_raise(&line);
	assert_int_equal(line_end(&line), LINE_EARNED);

	line_raise(&line);
	line_earn(&line);
	assert_int_equal(line_end(&line), LINE_EARNED);
}

static void cause_is_good_for_one_interrupt(void **state)
{
	struct line line = {};

	(void)state;
	line_earn(&line);
	line_earn(&line);
	line_raise(&line);
	assert_int_equal(line_end(&line), LINE_EARNED);
	line_raise(&line);
	assert_int_equal(line_end(&line), LINE_SPURIOUS);
}

/* The end of one takes nothing from the other. */
static void two_lines_know_nothing_of_each_other(void **state)
{
	struct line f2b = {}, b2f = {};

	(void)state;
	line_earn(&b2f);
	line_raise(&f2b);
	assert_int_equal(line_end(&f2b), LINE_SPURIOUS);
	assert_int_equal(line_end(&b2f), LINE_NONE);
	line_raise(&b2f);
	assert_int_equal(line_end(&b2f), LINE_EARNED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_an_interrupt_there_is_nothing_to_end),
		cmocka_unit_test(an_interrupt_without_cause_is_spurious),
		cmocka_unit_test(cause_counts_before_and_behind_the_interrupt),
		cmocka_unit_test(cause_is_good_for_one_interrupt),
		cmocka_unit_test(two_lines_know_nothing_of_each_other),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
