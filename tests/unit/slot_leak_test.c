// SPDX-License-Identifier: GPL-2.0
#include "netback/slot_leak.h"
#include "unit.h"

static const char other[] = "#1 SMP PREEMPT_DYNAMIC Mon Nov 30 10:00:00 UTC 2026";

static bool leaks(const char *release)
{
	return slot_leak_of(release, other).leaks;
}

static void a_series_leaks_until_its_fix(void **state)
{
	(void)state;
	assert_true(leaks("6.1.175"));
	assert_false(leaks("6.1.176"));
	assert_true(leaks("6.6.141-lts"));
	assert_false(leaks("6.6.142"));
	assert_true(leaks("6.12.91+deb13-amd64"));
	assert_false(leaks("6.12.92+deb13-amd64"));
	assert_true(leaks("6.18.33"));
	assert_false(leaks("6.18.34"));
	assert_true(leaks("7.0.10"));
	assert_false(leaks("7.0.11"));
}

static void a_series_nobody_cared_for_leaks_for_good(void **state)
{
	struct slot_leak leak = slot_leak_of("6.13.12", other);

	(void)state;
	assert_true(leak.leaks);
	assert_int_equal(leak.major, 6);
	assert_int_equal(leak.minor, 13);
	assert_int_equal(leak.fixed, 0);
	assert_true(leaks("6.19.14"));
}

static void what_came_later_does_not_leak(void **state)
{
	(void)state;
	assert_false(leaks("7.1.0"));
	assert_false(leaks("7.2.12+deb13-amd64"));
	assert_false(leaks("7.3-rc1"));
	assert_false(leaks("8.0.1"));
}

static void the_fix_is_named(void **state)
{
	(void)state;
	assert_int_equal(slot_leak_of("6.1.1", other).fixed, 176);
	assert_int_equal(slot_leak_of("6.12.1", other).fixed, 92);
}

static void what_debian_says_counts(void **state)
{
	const char *old = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-3 (2026-05-01)";
	const char *now = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (2026-11-01)";

	(void)state;
	assert_true(slot_leak_of("6.1.0-50-amd64", old).leaks);
	assert_false(slot_leak_of("6.1.0-57-amd64", now).leaks);
	assert_true(slot_leak_of("6.1.0-57-amd64", other).leaks);
	assert_false(slot_leak_of("6.1.192-own", "#1 SMP Debian bookworm").leaks);
}

static void a_release_that_says_nothing_is_left_alone(void **state)
{
	(void)state;
	assert_false(leaks(""));
	assert_false(leaks("6"));
	assert_false(leaks("six.one"));
	assert_false(leaks("6.99999999999999999999"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_series_leaks_until_its_fix),
		cmocka_unit_test(a_series_nobody_cared_for_leaks_for_good),
		cmocka_unit_test(what_came_later_does_not_leak),
		cmocka_unit_test(the_fix_is_named),
		cmocka_unit_test(what_debian_says_counts),
		cmocka_unit_test(a_release_that_says_nothing_is_left_alone),
	};

	return cmocka_run_group_tests_name("slot_leak", tests, NULL, NULL);
}
