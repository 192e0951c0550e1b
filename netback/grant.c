// SPDX-License-Identifier: GPL-2.0
/* Grant operations in batches. */
#include <linux/slab.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>
#include "grant.h"

/* No mapping behind a page of a pool. */
#define HANDLE_NONE	((grant_handle_t)~0u)

static_assert(XEN_PAGE_SIZE == PAGE_SIZE, "one grant names one page");

static void copy_local_end(struct gnttab_copy *op, bool is_source,
			   const struct copy_span *s)
{
	struct xen_page_foreign *foreign = xen_page_foreign(s->page);
	typeof(op->source) *end = is_source ? &op->source : &op->dest;

	end->offset = s->off;
	if (foreign) {
		end->u.ref = foreign->gref;
		end->domid = foreign->domid;
		op->flags |= is_source ? GNTCOPY_source_gref :
					 GNTCOPY_dest_gref;
	} else {
		end->u.gmfn = xen_page_to_gfn(s->page);
		end->domid = DOMID_SELF;
	}
}

static void copy_set(struct gnttab_copy *op, bool to_guest,
		     const struct copy_span *s)
{
	typeof(op->source) *guest = to_guest ? &op->dest : &op->source;

	op->flags = to_guest ? GNTCOPY_dest_gref : GNTCOPY_source_gref;
	guest->u.ref = s->gref;
	guest->domid = s->domid;
	guest->offset = s->goff;
	copy_local_end(op, to_guest, s);
	op->len = s->len;
}

static bool copy_now(bool to_guest, const struct copy_span *s)
{
	struct gnttab_copy op;

	copy_set(&op, to_guest, s);
	gnttab_batch_copy(&op, 1);
	return op.status == GNTST_okay;
}

/**
 * copy_batch_from_guest() - add a copy into dom0's memory
 * @b: batch with room
 * @s: the copy
 */
void copy_batch_from_guest(struct copy_batch *b, const struct copy_span *s)
{
	copy_set(&b->op[b->nr++], false, s);
}

/**
 * copy_from_guest_now() - do one copy into dom0's memory
 * @s: the copy
 *
 * Context: as copy_batch_run().
 *
 * Return: true if it succeeded.
 */
bool copy_from_guest_now(const struct copy_span *s)
{
	return copy_now(false, s);
}

/**
 * copy_batch_to_guest() - add a copy into a guest's page
 * @b: batch with room
 * @s: the copy
 *
 * A page mapped from another guest is copied from that guest's grant:
 * in a PV dom0 it is no memory of dom0's.
 */
void copy_batch_to_guest(struct copy_batch *b, const struct copy_span *s)
{
	copy_set(&b->op[b->nr++], true, s);
}

/**
 * copy_to_guest_now() - do one copy into a guest's page
 * @s: the copy
 *
 * Context: as copy_batch_run().
 *
 * Return: true if it succeeded.
 */
bool copy_to_guest_now(const struct copy_span *s)
{
	return copy_now(true, s);
}

/**
 * copy_batch_run() - do all copies of a batch
 * @b: batch; the caller sets @b->nr to 0 once it has read the statuses
 *
 * Context: any that does not mind a busy wait: a copy Xen asks to repeat
 * (the guest's page is paged out) is repeated for some milliseconds.
 */
void copy_batch_run(struct copy_batch *b)
{
	if (b->nr)
		gnttab_batch_copy(b->op, b->nr);
}

/**
 * copy_batch_ok() - did a range of copies succeed?
 * @b: batch after copy_batch_run()
 * @from: first copy
 * @to: one past the last
 *
 * Return: true if all did.
 */
bool copy_batch_ok(const struct copy_batch *b, unsigned int from,
		   unsigned int to)
{
	for (; from < to; from++)
		if (b->op[from].status != GNTST_okay)
			return false;
	return true;
}

/**
 * map_pool_create() - a pool of one page for each slot of a ring
 *
 * Context: may sleep.
 *
 * Return: the pool, NULL without memory.
 */
struct map_pool *map_pool_create(void)
{
	struct map_pool *pool = kvzalloc(sizeof(*pool), GFP_KERNEL);
	unsigned int i;

	if (!pool)
		return NULL;
	if (gnttab_alloc_pages(XENNET_RING_SIZE, pool->page)) {
		kvfree(pool);
		return NULL;
	}
	pool->nr_free = XENNET_RING_SIZE;
	for (i = 0; i < XENNET_RING_SIZE; i++) {
		pool->free[i] = i;
		pool->handle[i] = HANDLE_NONE;
	}
	return pool;
}

/**
 * map_pool_destroy() - give the pages back
 * @pool: with nothing mapped; or NULL
 *
 * Context: may sleep.
 */
void map_pool_destroy(struct map_pool *pool)
{
	if (!pool)
		return;
	gnttab_free_pages(XENNET_RING_SIZE, pool->page);
	kvfree(pool);
}

/**
 * map_pool_add() - add a read-only mapping to the next run
 * @pool: pool
 * @gref: the guest's grant
 * @domid: the guest
 *
 * Return: number of the page it will appear on, or MAP_NONE: none free.
 */
u16 map_pool_add(struct map_pool *pool, u32 gref, domid_t domid)
{
	u16 nr;

	if (!pool->nr_free)
		return MAP_NONE;
	nr = pool->free[--pool->nr_free];
	gnttab_set_map_op(&pool->map_op[pool->nr_ops],
			  (unsigned long)page_address(pool->page[nr]),
			  GNTMAP_host_map | GNTMAP_readonly, gref, domid);
	pool->op_page[pool->nr_ops++] = nr;
	return nr;
}

/**
 * map_pool_run() - do all mappings added
 * @pool: pool
 *
 * A mapping that fails, in Xen or in this kernel (XSA-361, XSA-367), leaves
 * its page unmapped: map_pool_mapped() tells.
 */
void map_pool_run(struct map_pool *pool)
{
	unsigned int i;

	if (!pool->nr_ops)
		return;
	for (i = 0; i < pool->nr_ops; i++) {
		pool->run_page[i] = pool->page[pool->op_page[i]];
		pool->map_op[i].status = GNTST_general_error;
	}
	/* The statuses say it all: an error is one of them. */
	if (gnttab_map_refs(pool->map_op, NULL, pool->run_page, pool->nr_ops))
		pr_debug("some guest pages could not be mapped\n");
	for (i = 0; i < pool->nr_ops; i++)
		pool->handle[pool->op_page[i]] =
			pool->map_op[i].status == GNTST_okay ?
			pool->map_op[i].handle : HANDLE_NONE;
	pool->nr_ops = 0;
}

/**
 * map_pool_mapped() - did a mapping succeed?
 * @pool: pool after map_pool_run()
 * @nr: page from map_pool_add()
 *
 * Return: true if so.
 */
bool map_pool_mapped(const struct map_pool *pool, u16 nr)
{
	return pool->handle[nr] != HANDLE_NONE;
}

/**
 * map_pool_unmap() - end mappings and take the pages back
 * @pool: pool
 * @nrs: pages from map_pool_add(), mapped or not
 * @count: at most XENNET_SLOTS_MAX
 *
 * Nobody may use the pages' contents any more; the stack may still have to
 * drop its references to them. A page Xen does not unmap is not used again.
 */
void map_pool_unmap(struct map_pool *pool, const u16 *nrs, unsigned int count)
{
	unsigned int i, ops = 0;

	for (i = 0; i < count; i++) {
		struct page *page = pool->page[nrs[i]];

		if (!map_pool_mapped(pool, nrs[i]))
			continue;
		pool->run_page[ops] = page;
		gnttab_set_unmap_op(&pool->unmap_op[ops++],
				    (unsigned long)page_address(page),
				    GNTMAP_host_map | GNTMAP_readonly,
				    pool->handle[nrs[i]]);
		pool->handle[nrs[i]] = HANDLE_NONE;
	}
	if (ops && gnttab_unmap_refs(pool->unmap_op, NULL, pool->run_page,
				     ops)) {
		pr_err_ratelimited("%u guest pages could not be unmapped\n",
				   ops);
		return;
	}
	for (i = 0; i < count; i++)
		pool->free[pool->nr_free++] = nrs[i];
}

/**
 * map_list_create() - an empty list
 *
 * Context: may sleep.
 *
 * Return: the list, NULL without memory.
 */
struct map_list *map_list_create(void)
{
	return kvzalloc(sizeof(struct map_list), GFP_KERNEL);
}

/**
 * map_list_destroy() - counterpart of map_list_create()
 * @l: list, what it names stays; or NULL
 */
void map_list_destroy(struct map_list *l)
{
	kvfree(l);
}

/* Return: entries that were mapped. */
static u32 map_list_run(struct map_list *l, domid_t domid,
			const struct xennet_gref *list)
{
	u32 i, mapped = 0;

	for (i = 0; i < l->nr; i++) {
		bool readonly = list[i].flags & XENNET_GREF_READONLY;

		gnttab_set_map_op(&l->map[i],
				  (unsigned long)page_address(l->page[i]),
				  GNTMAP_host_map |
				  (readonly ? GNTMAP_readonly : 0),
				  list[i].ref, domid);
	}
	/* The statuses say it all: an error is one of them. */
	if (gnttab_map_refs(l->map, NULL, l->page, l->nr))
		pr_debug("some static grants could not be mapped\n");
	for (i = 0; i < l->nr; i++) {
		bool okay = l->map[i].status == GNTST_okay;

		l->handle[i] = okay ? l->map[i].handle : HANDLE_NONE;
		mapped += okay;
	}
	return mapped;
}

/**
 * map_list_map() - map a guest's grants, all or none
 * @l: list of as many entries, of which @page and @handle are the result
 * @domid: the guest
 * @list: the grants
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; -EINVAL when one cannot be mapped as it is to be.
 */
int map_list_map(struct map_list *l, domid_t domid,
		 const struct xennet_gref *list)
{
	if (gnttab_alloc_pages(l->nr, l->page))
		return -ENOMEM;
	if (map_list_run(l, domid, list) == l->nr)
		return 0;
	map_list_unmap(l);
	return -EINVAL;
}

/**
 * map_list_unmap() - counterpart of map_list_map()
 * @l: list, of which @page and @handle are set
 *
 * Nobody may use the pages any more. Those that Xen does not unmap are lost.
 *
 * Context: may sleep.
 */
void map_list_unmap(struct map_list *l)
{
	u32 i, ops = 0;

	/* Those never mapped go to the end, and are but given back. */
	for (i = 0; i < l->nr; i++) {
		if (l->handle[i] == HANDLE_NONE)
			continue;
		swap(l->page[ops], l->page[i]);
		gnttab_set_unmap_op(&l->unmap[ops],
				    (unsigned long)page_address(l->page[ops]),
				    GNTMAP_host_map, l->handle[i]);
		ops++;
	}
	if (ops && gnttab_unmap_refs(l->unmap, NULL, l->page, ops)) {
		pr_err_ratelimited("%u static grants could not be unmapped\n",
				   ops);
		return;
	}
	gnttab_free_pages(l->nr, l->page);
}
