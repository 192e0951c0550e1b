/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's static grants, to be found by their number. Pure.
 *
 * A table is filled while nobody else looks, and then only read: what changes
 * is a copy, which takes its place.
 */
#ifndef NETBACK_GREF_TABLE_H
#define NETBACK_GREF_TABLE_H

#include <xennet/wire.h>

/* Most entries a table may be made for. */
#define GREF_TABLE_MAX	4096u
/* Places an entry may be in. With four places an entry, chance needs fewer. */
#define GREF_PROBES	16u

/* What may be done to a page. */
enum gref_use {
	GREF_UNUSED,
	GREF_READ,
	GREF_READ_WRITE,
};

/**
 * struct gref_entry - one static grant
 * @ref: the guest's number for it
 * @page: our number for its page
 * @use: enum gref_use; GREF_UNUSED: the place is empty
 */
struct gref_entry {
	u32 ref;
	u16 page;
	u16 use;
};

/**
 * struct gref_table - static grants
 * @seed: random, so that a guest cannot choose grants that share a place
 * @shift: of a hash to its place
 * @nr: grants in the table
 * @max: most of them
 * @entry: places, a power of two of them and GREF_PROBES behind
 */
struct gref_table {
	u32 seed;
	u32 shift;
	u32 nr;
	u32 max;
	struct gref_entry entry[];
};

/**
 * gref_table_bytes() - memory of a table
 * @max: entries, 1 to GREF_TABLE_MAX
 *
 * Return: bytes.
 */
u32 gref_table_bytes(u32 max);

/**
 * gref_table_init() - an empty table
 * @table: gref_table_bytes() of memory
 * @max: entries, as above
 * @seed: random
 */
void gref_table_init(struct gref_table *table, u32 max, u32 seed);

/**
 * gref_table_copy() - the same again
 * @to: memory as of @from
 * @from: table
 */
void gref_table_copy(struct gref_table *to, const struct gref_table *from);

/**
 * gref_table_add() - add a grant
 * @table: table
 * @ref: the guest's number
 * @page: our number
 * @use: GREF_READ or GREF_READ_WRITE
 *
 * Return: false, with nothing changed, when it is in the table already, when
 * that is full, or when there is no place for it, which takes chance beyond
 * reason.
 */
bool gref_table_add(struct gref_table *table, u32 ref, u16 page,
		    enum gref_use use);

/**
 * gref_table_del() - take a grant out
 * @table: table
 * @ref: the guest's number
 *
 * Return: false when it is not in the table.
 */
bool gref_table_del(struct gref_table *table, u32 ref);

/**
 * gref_place() - where a grant is looked for
 * @table: table
 * @ref: the guest's number
 *
 * Return: the first of GREF_PROBES places.
 */
static inline u32 gref_place(const struct gref_table *table, u32 ref)
{
	u32 hash = (ref ^ table->seed) * 0x9e3779b1u;

	hash ^= hash >> 15;
	return (hash * 0x85ebca6bu) >> table->shift;
}

/**
 * gref_table_find() - look a grant up
 * @table: table
 * @ref: the guest's number
 *
 * Return: its entry, NULL if it is not in the table.
 */
static inline const struct gref_entry *
gref_table_find(const struct gref_table *table, u32 ref)
{
	const struct gref_entry *e = &table->entry[gref_place(table, ref)];
	const struct gref_entry *end = e + GREF_PROBES;

	for (; e < end && e->use; e++)
		if (e->ref == ref)
			return e;
	return NULL;
}

#endif /* NETBACK_GREF_TABLE_H */
