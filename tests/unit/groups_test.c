// SPDX-License-Identifier: GPL-2.0
/* What the frontend asks of the backend's multicast filter, and when. */
#include "netfront/groups.h"
#include "unit.h"

/* A list of the groups n to m. */
static struct mcast list_of(u8 n, u8 m)
{
	struct mcast list = { 0 };

	for (; n <= m; n++)
		assert_true(mcast_add(&list, (u8 [6]) { 1, 0, 0x5e, 0, 0, n }));
	return list;
}

static void want(struct groups *g, u8 n, u8 m, bool all)
{
	struct mcast list = list_of(n, m);

	groups_want(g, &list, all);
}

/* The backend is asked for one change, of group n. */
static void asks(struct groups *g, bool add, u8 n)
{
	struct groups_change change;

	assert_true(groups_next(g, &change));
	assert_int_equal(change.add, add);
	assert_int_equal(change.addr[5], n);
	groups_asked(g, &change);
}

static void asks_nothing(const struct groups *g)
{
	struct groups_change change;

	assert_false(groups_next(g, &change));
}

static void who_wants_no_group_needs_to_say_nothing(void **state)
{
	struct groups g = { 0 };

	(void)state;
	asks_nothing(&g);
	assert_true(groups_are_listed(&g));
}

static void groups_are_listed_one_by_one(void **state)
{
	struct groups g = { 0 };

	(void)state;
	want(&g, 1, 2, false);
	assert_false(groups_are_listed(&g));
	asks(&g, true, 1);
	asks_nothing(&g);
	groups_answered(&g, true);
	assert_false(groups_are_listed(&g));
	asks(&g, true, 2);
	assert_false(groups_are_listed(&g));
	groups_answered(&g, true);
	assert_true(groups_are_listed(&g));
	asks_nothing(&g);
}

static void what_is_wanted_no_more_goes_first(void **state)
{
	struct groups g = { .listed = list_of(1, 2) };

	(void)state;
	want(&g, 2, 3, false);
	asks(&g, false, 1);
	groups_answered(&g, false);
	asks(&g, true, 3);
	groups_answered(&g, true);
	assert_true(groups_are_listed(&g));
}

static void a_group_being_taken_out_is_not_relied_on(void **state)
{
	struct groups g = { .listed = list_of(1, 1) };

	(void)state;
	asks(&g, false, 1);
	want(&g, 1, 1, false);
	assert_false(groups_are_listed(&g));
	groups_answered(&g, true);
	asks(&g, true, 1);
	groups_answered(&g, true);
	assert_true(groups_are_listed(&g));
}

static void all_groups_are_no_list(void **state)
{
	struct groups g = { .listed = list_of(1, 5) };

	(void)state;
	want(&g, 1, 5, true);
	assert_false(groups_are_listed(&g));
	asks_nothing(&g);
	want(&g, 1, 5, false);
	assert_true(groups_are_listed(&g));
}

static void who_refuses_is_asked_again_when_something_changes(void **state)
{
	struct groups g = { 0 };

	(void)state;
	want(&g, 1, 3, false);
	asks(&g, true, 1);
	groups_answered(&g, false);
	want(&g, 1, 3, false);
	asks_nothing(&g);
	assert_false(groups_are_listed(&g));
	want(&g, 2, 3, false);
	asks(&g, true, 2);
}

static void a_refusal_of_what_is_wanted_no_more_is_none(void **state)
{
	struct groups g = { 0 };

	(void)state;
	want(&g, 1, 1, false);
	asks(&g, true, 1);
	want(&g, 2, 2, false);
	groups_answered(&g, false);
	asks(&g, true, 2);
}

static void the_next_backend_knows_nothing(void **state)
{
	struct groups g = { 0 };

	(void)state;
	want(&g, 1, 2, false);
	asks(&g, true, 1);
	groups_answered(&g, true);
	asks(&g, true, 2);
	groups_reset(&g);
	groups_answered(&g, true);
	assert_false(groups_are_listed(&g));
	asks(&g, true, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_wants_no_group_needs_to_say_nothing),
		cmocka_unit_test(groups_are_listed_one_by_one),
		cmocka_unit_test(what_is_wanted_no_more_goes_first),
		cmocka_unit_test(a_group_being_taken_out_is_not_relied_on),
		cmocka_unit_test(all_groups_are_no_list),
		cmocka_unit_test(who_refuses_is_asked_again_when_something_changes),
		cmocka_unit_test(a_refusal_of_what_is_wanted_no_more_is_none),
		cmocka_unit_test(the_next_backend_knows_nothing),
	};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
