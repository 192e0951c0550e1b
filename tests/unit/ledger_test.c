// SPDX-License-Identifier: GPL-2.0
#include "netback/ledger.h"
#include "unit.h"

static struct ledger fresh(void)
{
	struct ledger l;

	memset(&l, 0xee, sizeof(l));
	ledger_init(&l);
	assert_true(ledger_is_valid(&l));
	return l;
}

static void a_new_ledger_holds_nothing(void **state)
{
	struct ledger l = fresh();

	(void)state;
	assert_int_equal(l.held, 0);
	assert_int_equal(l.high, 0);
	assert_int_equal(l.nr_free, XENNET_RING_SIZE);
}

static void what_is_taken_is_put_back(void **state)
{
	struct ledger l = fresh();
	int a, b;

	(void)state;
	a = ledger_take(&l, 18);
	b = ledger_take(&l, 1);
	assert_in_range(a, 0, XENNET_RING_SIZE - 1);
	assert_in_range(b, 0, XENNET_RING_SIZE - 1);
	assert_int_not_equal(a, b);
	assert_int_equal(l.held, 19);
	assert_int_equal(ledger_put(&l, a), 18);
	assert_int_equal(l.held, 1);
	assert_int_equal(ledger_put(&l, b), 1);
	assert_int_equal(l.held, 0);
	assert_int_equal(l.high, 19);
	assert_true(ledger_is_valid(&l));
}

static void a_packet_of_no_slots_is_refused(void **state)
{
	struct ledger l = fresh();

	(void)state;
	assert_int_equal(ledger_take(&l, 0), -ENOSPC);
	assert_true(ledger_is_valid(&l));
}

static void one_packet_can_hold_the_whole_ring_but_no_more(void **state)
{
	struct ledger l = fresh();
	int entry;

	(void)state;
	assert_int_equal(ledger_take(&l, XENNET_RING_SIZE + 1), -ENOSPC);
	assert_int_equal(ledger_take(&l, U32_MAX), -ENOSPC);
	entry = ledger_take(&l, XENNET_RING_SIZE);
	assert_true(entry >= 0);
	assert_int_equal(ledger_take(&l, 1), -ENOSPC);
	assert_true(ledger_is_valid(&l));
	assert_int_equal(ledger_put(&l, entry), XENNET_RING_SIZE);
}

static void entries_last_for_a_ring_full_of_single_slots(void **state)
{
	struct ledger l = fresh();
	u32 i;

	(void)state;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		assert_true(ledger_take(&l, 1) >= 0);
	assert_int_equal(l.nr_free, 0);
	assert_int_equal(l.high, XENNET_RING_SIZE);
	assert_int_equal(ledger_take(&l, 1), -ENOSPC);
	assert_true(ledger_is_valid(&l));
	for (i = 0; i < XENNET_RING_SIZE; i++)
		assert_int_equal(ledger_put(&l, i), 1);
	assert_true(ledger_is_valid(&l));
}

static void an_entry_is_answered_once(void **state)
{
	struct ledger l = fresh();
	int entry = ledger_take(&l, 3);

	(void)state;
	assert_int_equal(ledger_put(&l, entry), 3);
	assert_int_equal(ledger_put(&l, entry), 0);
	assert_int_equal(ledger_put(&l, XENNET_RING_SIZE), 0);
	assert_int_equal(ledger_put(&l, U32_MAX), 0);
	assert_int_equal(l.held, 0);
	assert_true(ledger_is_valid(&l));
}

/* The model: slots by entry, and their sum. */
struct model {
	u32 slots[XENNET_RING_SIZE];
	u32 held;
	u32 high;
};

static void model_take(struct model *m, struct ledger *l)
{
	u32 slots = rnd_one_in(8) ? rnd_below(300) : rnd_range(1, 20);
	int entry = ledger_take(l, slots);

	if (!slots || m->held + slots > XENNET_RING_SIZE) {
		assert_int_equal(entry, -ENOSPC);
		return;
	}
	assert_in_range(entry, 0, XENNET_RING_SIZE - 1);
	assert_int_equal(m->slots[entry], 0);
	m->slots[entry] = slots;
	m->held += slots;
	m->high = max(m->high, m->held);
}

static void model_put(struct model *m, struct ledger *l)
{
	u32 entry = rnd_below(XENNET_RING_SIZE + 4);
	u32 want = entry < XENNET_RING_SIZE ? m->slots[entry] : 0;

	assert_int_equal(ledger_put(l, entry), want);
	if (want)
		m->slots[entry] = 0;
	m->held -= want;
}

static void random_operations_agree_with_a_plain_model(void **state)
{
	struct ledger l = fresh();
	struct model m = { 0 };
	u32 round, phase = 0;

	(void)state;
	for (round = 0; round < 100000; round++) {
		if (!(round % 500))
			phase = rnd_range(1, 40);
		if (rnd_one_in(phase))
			model_take(&m, &l);
		else
			model_put(&m, &l);
		assert_int_equal(l.held, m.held);
		assert_int_equal(l.high, m.high);
		assert_true(ledger_is_valid(&l));
	}
}

/* A ledger in use: some entries taken, one of them @entry. */
static struct ledger in_use(int *entry)
{
	struct ledger l = fresh();

	ledger_take(&l, 5);
	*entry = ledger_take(&l, 7);
	ledger_take(&l, 1);
	return l;
}

static void a_lost_slot_is_found(void **state)
{
	int entry;
	struct ledger l = in_use(&entry);

	(void)state;
	l.slots[entry]--;
	assert_false(ledger_is_valid(&l));
	l.slots[entry]++;
	assert_true(ledger_is_valid(&l));
	l.held--;
	assert_false(ledger_is_valid(&l));
}

static void a_lost_entry_is_found(void **state)
{
	int entry;
	struct ledger l = in_use(&entry);

	(void)state;
	l.nr_free--;
	assert_false(ledger_is_valid(&l));
}

static void an_entry_both_free_and_used_is_found(void **state)
{
	int entry;
	struct ledger l = in_use(&entry);

	(void)state;
	l.free[0] = entry;
	assert_false(ledger_is_valid(&l));
}

static void an_entry_free_twice_is_found(void **state)
{
	int entry;
	struct ledger l = in_use(&entry);

	(void)state;
	l.free[0] = l.free[1];
	assert_false(ledger_is_valid(&l));
}

static void an_entry_dropped_without_its_slots_is_found(void **state)
{
	int entry;
	struct ledger l = in_use(&entry);

	(void)state;
	l.held -= l.slots[entry];
	l.slots[entry] = 0;
	assert_false(ledger_is_valid(&l));
}

static void numbers_out_of_range_are_found(void **state)
{
	int entry;
	struct ledger good = in_use(&entry), l = good;

	(void)state;
	l.free[3] = XENNET_RING_SIZE;
	assert_false(ledger_is_valid(&l));
	l = good;
	l.nr_free = XENNET_RING_SIZE + 1;
	assert_false(ledger_is_valid(&l));
	l = good;
	l.high = l.held - 1;
	assert_false(ledger_is_valid(&l));
	l.high = XENNET_RING_SIZE + 1;
	assert_false(ledger_is_valid(&l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_ledger_holds_nothing),
		cmocka_unit_test(what_is_taken_is_put_back),
		cmocka_unit_test(a_packet_of_no_slots_is_refused),
		cmocka_unit_test(one_packet_can_hold_the_whole_ring_but_no_more),
		cmocka_unit_test(entries_last_for_a_ring_full_of_single_slots),
		cmocka_unit_test(an_entry_is_answered_once),
		cmocka_unit_test(random_operations_agree_with_a_plain_model),
		cmocka_unit_test(a_lost_slot_is_found),
		cmocka_unit_test(a_lost_entry_is_found),
		cmocka_unit_test(an_entry_both_free_and_used_is_found),
		cmocka_unit_test(an_entry_free_twice_is_found),
		cmocka_unit_test(an_entry_dropped_without_its_slots_is_found),
		cmocka_unit_test(numbers_out_of_range_are_found),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
