/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Static grants of a queue: pages the guest has had mapped once, for good. Data
 * in them moves by memcpy().
 */
#ifndef NETBACK_STATICS_H
#define NETBACK_STATICS_H

#include <linux/rcupdate.h>
#include <xen/grant_table.h>
#include "gref_table.h"

struct map_list;

extern unsigned int netback_static_grants_total;

/**
 * struct static_page - a mapped page
 * @addr: where it is; NULL: none
 * @handle: Xen's name of the mapping
 */
struct static_page {
	void *addr;
	grant_handle_t handle;
};

/**
 * struct statics - static grants of a queue
 * @domid: the guest
 * @max: most of them, at most GREF_TABLE_MAX; 0: none
 * @queues: queues of its interface
 * @table: which there are; NULL before the first
 * @page: their pages, @max entries; NULL before the first
 * @maps: scratch; NULL before the first
 *
 * Changed by the work of the control ring, and at the end by whoever destroys
 * the queue. The data path reads @table, and @page of what it finds there,
 * under RCU: a page is there before it is in the table, and goes a grace period
 * after it has left.
 */
struct statics {
	domid_t domid;
	u32 max;
	u32 queues;
	struct gref_table __rcu *table;
	struct static_page *page;
	struct map_list *maps;
};

int statics_add(struct statics *s, const struct xennet_gref *list, u32 count);
int statics_del(struct statics *s, struct xennet_gref *list, u32 count);
void statics_destroy(struct statics *s);
u32 statics_room(const struct statics *s);
u32 statics_total(void);
u32 statics_most(void);
void statics_module_init(void);

/**
 * statics_find() - is a grant's page at hand?
 * @s: static grants
 * @ref: the guest's number
 * @use: GREF_READ; GREF_READ_WRITE: to be written to
 *
 * Context: soft interrupts off, while the page is used as well.
 *
 * Return: the page, NULL if it is to be reached otherwise.
 */
static inline void *statics_find(const struct statics *s, u32 ref,
				 enum gref_use use)
{
	const struct gref_table *table = rcu_dereference_bh(s->table);
	const struct gref_entry *e;

	if (!table)
		return NULL;
	e = gref_table_find(table, ref);
	return e && e->use >= use ? s->page[e->page].addr : NULL;
}

/**
 * statics_count() - how many there are
 * @s: static grants
 *
 * Context: any.
 *
 * Return: entries.
 */
static inline u32 statics_count(const struct statics *s)
{
	const struct gref_table *table;
	u32 nr;

	rcu_read_lock();
	table = rcu_dereference(s->table);
	nr = table ? table->nr : 0;
	rcu_read_unlock();
	return nr;
}

#endif /* NETBACK_STATICS_H */
