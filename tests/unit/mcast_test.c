// SPDX-License-Identifier: GPL-2.0
#include <xennet/mcast.h>
#include "unit.h"

/* The n-th of many group addresses. */
static const u8 *group(u32 n)
{
	static u8 addr[6];

	addr[0] = 0x33;
	addr[1] = 0x33;
	addr[4] = n >> 8;
	addr[5] = n;
	return addr;
}

static void an_empty_list_has_nothing(void **state)
{
	struct mcast list = { 0 };

	(void)state;
	assert_false(mcast_has(&list, group(1)));
	assert_false(mcast_del(&list, group(1)));
	assert_int_equal(list.nr, 0);
}

static void what_is_added_is_there_until_it_is_deleted(void **state)
{
	struct mcast list = { 0 };

	(void)state;
	assert_true(mcast_add(&list, group(1)));
	assert_true(mcast_add(&list, group(2)));
	assert_true(mcast_add(&list, group(3)));
	assert_true(mcast_del(&list, group(1)));
	assert_false(mcast_has(&list, group(1)));
	assert_true(mcast_has(&list, group(2)));
	assert_true(mcast_has(&list, group(3)));
	assert_int_equal(list.nr, 2);
}

static void an_address_takes_one_place_however_often_it_is_added(void **state)
{
	struct mcast list = { 0 };

	(void)state;
	assert_true(mcast_add(&list, group(1)));
	assert_true(mcast_add(&list, group(1)));
	assert_int_equal(list.nr, 1);
	assert_true(mcast_del(&list, group(1)));
	assert_false(mcast_del(&list, group(1)));
}

static void an_address_of_one_station_is_refused(void **state)
{
	static const u8 station[6] = { 0x02, 0, 0, 0, 0, 1 };
	struct mcast list = { 0 };

	(void)state;
	assert_false(mcast_add(&list, station));
	assert_int_equal(list.nr, 0);
}

static void a_full_list_takes_no_more_but_knows_its_own(void **state)
{
	struct mcast list = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < MCAST_MAX; i++)
		assert_true(mcast_add(&list, group(i)));
	assert_false(mcast_add(&list, group(MCAST_MAX)));
	assert_true(mcast_add(&list, group(0)));
	assert_true(mcast_del(&list, group(7)));
	assert_true(mcast_add(&list, group(MCAST_MAX)));
	for (i = 0; i <= MCAST_MAX; i++)
		assert_int_equal(mcast_has(&list, group(i)), i != 7);
}

/* Against a flag for each of twice as many addresses as there is room for. */
static void any_sequence_matches_a_plain_model(void **state)
{
	bool there[2 * MCAST_MAX] = { false };
	struct mcast list = { 0 };
	u32 step, n, nr = 0;

	(void)state;
	for (step = 0; step < 100000; step++) {
		n = rnd_below(ARRAY_SIZE(there));
		if (rnd_one_in(2)) {
			bool fits = there[n] || nr < MCAST_MAX;

			assert_int_equal(mcast_add(&list, group(n)), fits);
			nr += fits && !there[n];
			there[n] = fits;
		} else {
			assert_int_equal(mcast_del(&list, group(n)), there[n]);
			nr -= there[n];
			there[n] = false;
		}
		assert_int_equal(list.nr, nr);
		n = rnd_below(ARRAY_SIZE(there));
		assert_int_equal(mcast_has(&list, group(n)), there[n]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_has_nothing),
		cmocka_unit_test(what_is_added_is_there_until_it_is_deleted),
		cmocka_unit_test(an_address_takes_one_place_however_often_it_is_added),
		cmocka_unit_test(an_address_of_one_station_is_refused),
		cmocka_unit_test(a_full_list_takes_no_more_but_knows_its_own),
		cmocka_unit_test(any_sequence_matches_a_plain_model),
	};

	return cmocka_run_group_tests_name("mcast", tests, NULL, NULL);
}
