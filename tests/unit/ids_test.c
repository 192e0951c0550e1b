// SPDX-License-Identifier: GPL-2.0
#include "netfront/ids.h"
#include "unit.h"

static struct ids fresh(void)
{
	struct ids ids;

	memset(&ids, 0xee, sizeof(ids));
	ids_init(&ids);
	assert_true(ids_is_valid(&ids, 0));
	return ids;
}

static void an_id_is_posted_until_it_is_answered(void **state)
{
	struct ids ids = fresh();
	u16 id = ids_take(&ids);

	(void)state;
	assert_in_range(id, 0, XENNET_RING_SIZE - 1);
	assert_true(ids_is_posted(&ids, id));
	assert_true(ids_is_valid(&ids, 1));
	assert_int_equal(ids_put(&ids, id), XENNET_OK);
	assert_false(ids_is_posted(&ids, id));
	assert_true(ids_is_valid(&ids, 0));
}

static void ids_last_for_the_ring_and_no_longer(void **state)
{
	struct ids ids = fresh();
	bool seen[XENNET_RING_SIZE] = { false };
	u32 i;

	(void)state;
	for (i = 0; i < XENNET_RING_SIZE; i++) {
		u16 id = ids_take(&ids);

		assert_in_range(id, 0, XENNET_RING_SIZE - 1);
		assert_false(seen[id]);
		seen[id] = true;
	}
	assert_int_equal(ids_take(&ids), IDS_NONE);
	assert_false(ids_take_extra(&ids));
	assert_int_equal(ids.high, XENNET_RING_SIZE);
	assert_true(ids_is_valid(&ids, XENNET_RING_SIZE));
}

static void extras_take_room_but_no_id(void **state)
{
	struct ids ids = fresh();
	u32 i;

	(void)state;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		assert_true(ids_take_extra(&ids));
	assert_int_equal(ids_take(&ids), IDS_NONE);
	assert_false(ids_take_extra(&ids));
	assert_int_equal(ids_put_extra(&ids), XENNET_OK);
	assert_int_not_equal(ids_take(&ids), IDS_NONE);
	assert_true(ids_is_valid(&ids, XENNET_RING_SIZE));
}

static void an_answer_to_nothing_asked_is_refused(void **state)
{
	struct ids ids = fresh();
	u32 id;

	(void)state;
	for (id = 0; id <= 0xffff; id++) {
		assert_false(ids_is_posted(&ids, id));
		assert_int_equal(ids_put(&ids, id), XENNET_BAD_ID);
	}
	assert_int_equal(ids_put_extra(&ids), XENNET_BAD_ID);
	assert_true(ids_is_valid(&ids, 0));
}

static void a_second_answer_is_refused(void **state)
{
	struct ids ids = fresh();
	u16 id = ids_take(&ids);

	(void)state;
	assert_int_equal(ids_put(&ids, id), XENNET_OK);
	assert_int_equal(ids_put(&ids, id), XENNET_BAD_ID);
	assert_true(ids_is_valid(&ids, 0));
}

static void random_operations_agree_with_a_plain_model(void **state)
{
	bool posted[XENNET_RING_SIZE] = { false };
	struct ids ids = fresh();
	u32 round, nr = 0, extras = 0, high = 0, mood = 1;

	(void)state;
	for (round = 0; round < 200000; round++) {
		u16 id = rnd_below(XENNET_RING_SIZE + 3);
		bool full = nr + extras == XENNET_RING_SIZE;

		if (!(round % 1000))
			mood = rnd_range(1, 30);
		switch (rnd_one_in(mood) ? rnd_below(2) : rnd_range(2, 3)) {
		case 0:
			id = ids_take(&ids);
			assert_int_equal(id == IDS_NONE, full);
			if (full)
				break;
			assert_false(posted[id]);
			posted[id] = true;
			nr++;
			break;
		case 1:
			assert_int_equal(ids_take_extra(&ids), !full);
			extras += !full;
			break;
		case 2:
			if (id < XENNET_RING_SIZE && posted[id]) {
				assert_int_equal(ids_put(&ids, id), XENNET_OK);
				posted[id] = false;
				nr--;
			} else {
				assert_int_equal(ids_put(&ids, id),
						 XENNET_BAD_ID);
			}
			break;
		case 3:
			assert_int_equal(ids_put_extra(&ids),
					 extras ? XENNET_OK : XENNET_BAD_ID);
			extras -= !!extras;
			break;
		}
		high = max(high, nr + extras);
		assert_int_equal(ids_outstanding(&ids), nr + extras);
		assert_int_equal(ids.high, high);
		assert_true(ids_is_valid(&ids, nr + extras));
	}
}

static void a_broken_table_is_found(void **state)
{
	struct ids good = fresh(), ids;
	u16 id = ids_take(&good);

	(void)state;
	ids_take_extra(&good);
	assert_true(ids_is_valid(&good, 2));
	assert_false(ids_is_valid(&good, 1));
	assert_false(ids_is_valid(&good, 3));
	ids = good;
	ids.posted[id] = false;
	assert_false(ids_is_valid(&ids, 2));
	ids = good;
	ids.free[0] = id;
	assert_false(ids_is_valid(&ids, 2));
	ids = good;
	ids.free[0] = ids.free[1];
	assert_false(ids_is_valid(&ids, 2));
	ids = good;
	ids.nr_free = XENNET_RING_SIZE + 1;
	assert_false(ids_is_valid(&ids, 2));
	ids = good;
	ids.high = 1;
	assert_false(ids_is_valid(&ids, 2));
	ids = good;
	ids.extras = XENNET_RING_SIZE;
	ids.high = XENNET_RING_SIZE + 1;
	assert_false(ids_is_valid(&ids, XENNET_RING_SIZE + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_posted_until_it_is_answered),
		cmocka_unit_test(ids_last_for_the_ring_and_no_longer),
		cmocka_unit_test(extras_take_room_but_no_id),
		cmocka_unit_test(an_answer_to_nothing_asked_is_refused),
		cmocka_unit_test(a_second_answer_is_refused),
		cmocka_unit_test(random_operations_agree_with_a_plain_model),
		cmocka_unit_test(a_broken_table_is_found),
	};

	return cmocka_run_group_tests_name("ids", tests, NULL, NULL);
}
