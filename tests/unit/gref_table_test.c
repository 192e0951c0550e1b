// SPDX-License-Identifier: GPL-2.0
#include "netback/gref_table.h"
#include "unit.h"

#define REFS	1500u	/* the random test's: more than fit at times */

static struct gref_table *new_table(u32 max, u32 seed)
{
	struct gref_table *table = malloc(gref_table_bytes(max));

	assert_non_null(table);
	gref_table_init(table, max, seed);
	return table;
}

static void an_empty_table_has_nothing(void **state)
{
	struct gref_table *table = new_table(1, 0);

	(void)state;
	assert_null(gref_table_find(table, 0));
	assert_null(gref_table_find(table, U32_MAX));
	assert_false(gref_table_del(table, 0));
	assert_int_equal(table->nr, 0);
	free(table);
}

static void what_is_added_is_found_with_its_page_and_use(void **state)
{
	struct gref_table *table = new_table(2, 77);
	const struct gref_entry *e;

	(void)state;
	assert_true(gref_table_add(table, 8, 1, GREF_READ));
	assert_true(gref_table_add(table, U32_MAX, 0, GREF_READ_WRITE));
	e = gref_table_find(table, 8);
	assert_non_null(e);
	assert_int_equal(e->page, 1);
	assert_int_equal(e->use, GREF_READ);
	e = gref_table_find(table, U32_MAX);
	assert_non_null(e);
	assert_int_equal(e->page, 0);
	assert_int_equal(e->use, GREF_READ_WRITE);
	assert_null(gref_table_find(table, 9));
	free(table);
}

static void a_grant_is_added_once(void **state)
{
	struct gref_table *table = new_table(3, 5);

	(void)state;
	assert_true(gref_table_add(table, 8, 0, GREF_READ));
	assert_false(gref_table_add(table, 8, 1, GREF_READ_WRITE));
	assert_int_equal(gref_table_find(table, 8)->page, 0);
	assert_int_equal(table->nr, 1);
	assert_true(gref_table_del(table, 8));
	assert_false(gref_table_del(table, 8));
	assert_true(gref_table_add(table, 8, 1, GREF_READ));
	free(table);
}

static void a_full_table_takes_no_more(void **state)
{
	u32 ref, seed, max = GREF_TABLE_MAX;
	struct gref_table *table;

	(void)state;
	for (seed = 0; seed < 20; seed++) {
		table = new_table(max, rnd());
		for (ref = 0; ref < max; ref++)
			assert_true(gref_table_add(table, ref, ref, GREF_READ));
		assert_false(gref_table_add(table, max, 0, GREF_READ));
		for (ref = 0; ref < max; ref++)
			assert_int_equal(gref_table_find(table, ref)->page, ref);
		free(table);
	}
}

static void grants_that_share_a_place_are_told_apart(void **state)
{
	struct gref_table *table = new_table(64, 1234);
	u32 ref, first = 0, refs[GREF_PROBES + 1], nr = 0;

	(void)state;
	first = gref_place(table, 0);
	for (ref = 0; nr < GREF_PROBES + 1; ref++)
		if (gref_place(table, ref) == first)
			refs[nr++] = ref;
	for (nr = 0; nr < GREF_PROBES; nr++)
		assert_true(gref_table_add(table, refs[nr], nr, GREF_READ));
	assert_false(gref_table_add(table, refs[nr], nr, GREF_READ));
	assert_null(gref_table_find(table, refs[nr]));
	assert_true(gref_table_del(table, refs[3]));
	assert_true(gref_table_add(table, refs[nr], nr, GREF_READ));
	assert_int_equal(gref_table_find(table, refs[nr])->page, nr);
	for (nr = 0; nr < GREF_PROBES; nr++)
		assert_int_equal(!gref_table_find(table, refs[nr]), nr == 3);
	free(table);
}

static void the_seed_decides_which_grants_share_a_place(void **state)
{
	struct gref_table *a = new_table(512, 1), *b = new_table(512, 2);
	u32 ref, same = 0;

	(void)state;
	for (ref = 1; ref < 4096; ref++)
		same += gref_place(a, ref) == gref_place(a, 0) &&
			gref_place(b, ref) == gref_place(b, 0);
	assert_true(same < 4);
	free(a);
	free(b);
}

static void a_copy_changes_by_itself(void **state)
{
	struct gref_table *table = new_table(40, 9), *copy = new_table(40, 0);

	(void)state;
	assert_true(gref_table_add(table, 7, 3, GREF_READ));
	gref_table_copy(copy, table);
	assert_int_equal(gref_table_find(copy, 7)->page, 3);
	assert_true(gref_table_del(copy, 7));
	assert_true(gref_table_add(copy, 8, 4, GREF_READ));
	assert_int_equal(gref_table_find(table, 7)->page, 3);
	assert_null(gref_table_find(table, 8));
	free(table);
	free(copy);
}

/* @page: by grant, page + 1; 0: not in the table. */
static void agrees(const struct gref_table *table, const u16 *page)
{
	u32 ref, nr = 0;

	for (ref = 0; ref < REFS; ref++) {
		const struct gref_entry *e = gref_table_find(table, ref);

		assert_int_equal(e ? e->page + 1 : 0, page[ref]);
		nr += !!e;
	}
	assert_int_equal(nr, table->nr);
}

static void random_changes_agree_with_a_plain_list(void **state)
{
	struct gref_table *table = new_table(REFS / 2, rnd());
	u16 page[REFS] = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		u32 ref = rnd_below(REFS);
		bool fits = !page[ref] && table->nr < table->max;

		if (rnd_one_in(2)) {
			assert_int_equal(gref_table_del(table, ref), !!page[ref]);
			page[ref] = 0;
		} else {
			assert_int_equal(gref_table_add(table, ref, i % 4000,
							GREF_READ), fits);
			if (fits)
				page[ref] = i % 4000 + 1;
		}
		if (i % 1000 == 0)
			agrees(table, page);
	}
	agrees(table, page);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_has_nothing),
		cmocka_unit_test(what_is_added_is_found_with_its_page_and_use),
		cmocka_unit_test(a_grant_is_added_once),
		cmocka_unit_test(a_full_table_takes_no_more),
		cmocka_unit_test(grants_that_share_a_place_are_told_apart),
		cmocka_unit_test(the_seed_decides_which_grants_share_a_place),
		cmocka_unit_test(a_copy_changes_by_itself),
		cmocka_unit_test(random_changes_agree_with_a_plain_list),
	};

	return cmocka_run_group_tests_name("gref_table", tests, NULL, NULL);
}
