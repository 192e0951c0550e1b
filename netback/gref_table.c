// SPDX-License-Identifier: GPL-2.0
#include "gref_table.h"

/* Places four times as many as grants, and the power of two above that. */
static u32 place_bits(u32 max)
{
	u32 bits = 4;

	while (1u << bits < 4 * max)
		bits++;
	return bits;
}

u32 gref_table_bytes(u32 max)
{
	u32 places = (1u << place_bits(max)) + GREF_PROBES;

	return sizeof(struct gref_table) + places * sizeof(struct gref_entry);
}

void gref_table_init(struct gref_table *table, u32 max, u32 seed)
{
	memset(table, 0, gref_table_bytes(max));
	table->max = max;
	table->seed = seed;
	table->shift = 32 - place_bits(max);
}

void gref_table_copy(struct gref_table *to, const struct gref_table *from)
{
	memcpy(to, from, gref_table_bytes(from->max));
}

/* The first empty place of a grant that is not in the table. */
static struct gref_entry *empty_place(struct gref_table *table, u32 ref)
{
	struct gref_entry *e = &table->entry[gref_place(table, ref)];
	u32 i;

	for (i = 0; i < GREF_PROBES; i++)
		if (!e[i].use)
			return &e[i];
	return NULL;
}

bool gref_table_add(struct gref_table *table, u32 ref, u16 page,
		    enum gref_use use)
{
	struct gref_entry *e;

	if (table->nr == table->max || gref_table_find(table, ref))
		return false;
	e = empty_place(table, ref);
	if (!e)
		return false;
	*e = (struct gref_entry) { .ref = ref, .page = page, .use = use };
	table->nr++;
	return true;
}

/*
 * A search ends at an empty place. So one that becomes empty is filled with a
 * later entry whose search comes by, whose place is then the empty one. Entries
 * only move towards where their search starts.
 */
bool gref_table_del(struct gref_table *table, u32 ref)
{
	const struct gref_entry *found = gref_table_find(table, ref);
	u32 hole, i;

	if (!found)
		return false;
	hole = found - table->entry;
	for (i = hole + 1; table->entry[i].use; i++) {
		if (gref_place(table, table->entry[i].ref) > hole)
			continue;
		table->entry[hole] = table->entry[i];
		hole = i;
	}
	table->entry[hole] = (struct gref_entry) {};
	table->nr--;
	return true;
}
