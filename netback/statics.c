// SPDX-License-Identifier: GPL-2.0
/*
 * Static grants of a queue come and go by lists (xen/io/netif.h, control messages
 * ADD_GREF_MAPPING and DEL_GREF_MAPPING).
 *
 * Nobody counts who uses a page: the data path copies, and is done with it before
 * it turns soft interrupts on again, so a grace period tells.
 *
 * Xen has room for so many mappings of all that this domain maps, disks among
 * them. So pages are counted over all queues, and beyond statics_most() there
 * are no more: a guest without them is served by grant copy.
 *
 * Of what is left of these a queue is told its share, and an interface's queues
 * together an eighth: the first guests do not take all, and there is always
 * something for the next. Others may be faster than one that was told, so
 * a queue gets twice that if it asks for it.
 */
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "grant.h"
#include "statics.h"

/* An interface's share of what is left is one part of so many. */
#define STATICS_SHARES	8u

/* Pages mapped, or about to be, of all queues. */
static atomic_t statics_mapped;
/* Pages of others that this domain may map; 0: not known. */
static u32 statics_maps_max;

/* How many a queue may have by its share, or by @times as much. */
static u32 statics_share(const struct statics *s, u32 times)
{
	u32 most = statics_most(), total = statics_total();
	u32 own = statics_count(s);
	u32 left = own + (most > total ? most - total : 0);

	return max(own, times * (left / (STATICS_SHARES * s->queues)));
}

static bool statics_reserve(const struct statics *s, u32 count)
{
	if (statics_count(s) + count > statics_share(s, 2))
		return false;
	if ((u32)atomic_add_return(count, &statics_mapped) <= statics_most())
		return true;
	atomic_sub(count, &statics_mapped);
	return false;
}

static void statics_release(u32 count)
{
	atomic_sub(count, &statics_mapped);
}

/**
 * statics_total() - pages mapped of all queues
 *
 * Context: any.
 *
 * Return: pages.
 */
u32 statics_total(void)
{
	return atomic_read(&statics_mapped);
}

/**
 * statics_room() - how many a guest may have of a queue now
 * @s: static grants
 *
 * Others may be faster: statics_add() has the last word.
 *
 * Context: any.
 *
 * Return: entries, those there are among them.
 */
u32 statics_room(const struct statics *s)
{
	return min(s->max, statics_share(s, 1));
}

/**
 * statics_most() - most pages there may be of all queues
 *
 * Context: any.
 *
 * Return: pages; never more than a quarter of what this domain may map, where that
 * is known.
 */
u32 statics_most(void)
{
	u32 most = READ_ONCE(netback_static_grants_total);

	return statics_maps_max ? min(most, statics_maps_max / 4) : most;
}

/**
 * statics_module_init() - find out what there is room for
 */
void statics_module_init(void)
{
	statics_maps_max = grant_maps_max();
	if (statics_most() < READ_ONCE(netback_static_grants_total))
		pr_info("netback: static grants: at most %u pages of all guests, a quarter of what Xen lets this domain map\n",
			statics_most());
}

/* Of the one who changes them. */
static struct gref_table *statics_table(const struct statics *s)
{
	return rcu_dereference_protected(s->table, true);
}

/* The table as it is, to be changed. */
static struct gref_table *statics_draft(const struct statics *s)
{
	const struct gref_table *now = statics_table(s);
	struct gref_table *draft = kvmalloc(gref_table_bytes(s->max),
					    GFP_KERNEL);

	if (draft && now)
		gref_table_copy(draft, now);
	else if (draft)
		gref_table_init(draft, s->max, get_random_u32());
	return draft;
}

/* The data path finds what is in @draft from now on, and nothing else. */
static void statics_publish(struct statics *s, struct gref_table *draft)
{
	struct gref_table *old = statics_table(s);

	if (!draft->nr) {
		kvfree(draft);
		draft = NULL;
	}
	rcu_assign_pointer(s->table, draft);
	synchronize_net();
	kvfree(old);
}

/* What taking them away again needs is there before the first of them is. */
static bool statics_alloc(struct statics *s)
{
	if (!s->page)
		s->page = kvcalloc(s->max, sizeof(*s->page), GFP_KERNEL);
	if (!s->maps)
		s->maps = map_list_create();
	return s->page && s->maps;
}

/* Without pages there is nothing to be kept for them. */
static void statics_trim(struct statics *s)
{
	if (statics_table(s))
		return;
	map_list_destroy(s->maps);
	s->maps = NULL;
	kvfree(s->page);
	s->page = NULL;
}

/*
 * Gives each of a list a number and a place in the table; false when it is not
 * all new, or does not fit.
 */
static bool statics_enter(struct statics *s, struct gref_table *draft,
			  const struct xennet_gref *list, u32 count)
{
	u32 i, nr = 0;

	s->maps->nr = count;
	for (i = 0; i < count; i++, nr++) {
		bool readonly = list[i].flags & XENNET_GREF_READONLY;

		while (nr < s->max && s->page[nr].addr)
			nr++;
		if (nr == s->max ||
		    !gref_table_add(draft, list[i].ref, nr,
				    readonly ? GREF_READ : GREF_READ_WRITE))
			return false;
		s->maps->tag[i] = nr;
	}
	return true;
}

static int statics_map(struct statics *s, const struct xennet_gref *list)
{
	struct map_list *maps = s->maps;
	int err = -ENOSPC;
	u32 i;

	if (!statics_reserve(s, maps->nr))
		return err;
	err = map_list_map(maps, s->domid, list);
	if (err)
		statics_release(maps->nr);
	for (i = 0; !err && i < maps->nr; i++)
		s->page[maps->tag[i]] = (struct static_page) {
			.addr = page_address(maps->page[i]),
			.handle = maps->handle[i],
		};
	return err;
}

/**
 * statics_add() - map a list of grants, all or none
 * @s: static grants, of which there may be some
 * @list: the grants, in private memory
 * @count: entries, at most XENNET_GREFS_MAX
 *
 * Context: may sleep; the one who changes @s.
 *
 * Return: 0; -EINVAL when one is there already, or twice in the list, when there
 * would be too many, or one is no grant of the guest's; -ENOSPC when that is more
 * than its share, all queues together would have too many, or Xen has no room;
 * -ENOMEM.
 */
int statics_add(struct statics *s, const struct xennet_gref *list, u32 count)
{
	struct gref_table *draft = NULL;
	int err = -ENOMEM;

	if (statics_alloc(s))
		draft = statics_draft(s);
	if (draft)
		err = statics_enter(s, draft, list, count) ?
			statics_map(s, list) : -EINVAL;
	if (err)
		kvfree(draft);
	else
		statics_publish(s, draft);
	statics_trim(s);
	return err;
}

/* Lists a page to be unmapped. */
static void statics_list(struct statics *s, u16 nr)
{
	struct map_list *maps = s->maps;

	maps->tag[maps->nr] = nr;
	maps->page[maps->nr] = virt_to_page(s->page[nr].addr);
	maps->handle[maps->nr++] = s->page[nr].handle;
}

/* Unmaps what is listed. */
static void statics_unmap(struct statics *s)
{
	struct map_list *maps = s->maps;
	u32 i;

	for (i = 0; i < maps->nr; i++)
		s->page[maps->tag[i]].addr = NULL;
	if (maps->nr)
		map_list_unmap(maps);
	statics_release(maps->nr);
	maps->nr = 0;
}

/* Takes a list out of the table, as far as it is there; says so in it. */
static void statics_leave(struct statics *s, struct gref_table *draft,
			  struct xennet_gref *list, u32 count)
{
	const struct gref_entry *e;
	u32 i;

	for (i = 0; i < count; i++) {
		e = gref_table_find(draft, list[i].ref);
		list[i].status = e ? XENNET_CTRL_SUCCESS :
				     XENNET_CTRL_INVALID_PARAMETER;
		if (!e)
			continue;
		statics_list(s, e->page);
		gref_table_del(draft, list[i].ref);
	}
}

/**
 * statics_del() - unmap a list of grants, those of them that are mapped
 * @s: static grants
 * @list: the grants, in private memory; gets their statuses
 * @count: entries, at most XENNET_GREFS_MAX
 *
 * Context: may sleep; the one who changes @s.
 *
 * Return: how many were unmapped; -ENOMEM, with nothing done.
 */
int statics_del(struct statics *s, struct xennet_gref *list, u32 count)
{
	struct gref_table *draft = NULL;
	int nr = -ENOMEM;

	if (statics_alloc(s))
		draft = statics_draft(s);
	if (draft) {
		s->maps->nr = 0;
		statics_leave(s, draft, list, count);
		nr = s->maps->nr;
		if (nr)
			statics_publish(s, draft);
		else
			kvfree(draft);
		statics_unmap(s);
	}
	statics_trim(s);
	return nr;
}

static void statics_unmap_all(struct statics *s)
{
	u32 i;

	if (!s->page || !s->maps)
		return;
	s->maps->nr = 0;
	for (i = 0; i < s->max; i++) {
		if (!s->page[i].addr)
			continue;
		if (s->maps->nr == XENNET_GREFS_MAX)
			statics_unmap(s);
		statics_list(s, i);
	}
	statics_unmap(s);
}

/**
 * statics_destroy() - unmap all
 * @s: static grants that nobody uses any more
 *
 * Context: may sleep.
 */
void statics_destroy(struct statics *s)
{
	statics_unmap_all(s);
	kvfree(statics_table(s));
	map_list_destroy(s->maps);
	kvfree(s->page);
	memset(s, 0, sizeof(*s));
}
