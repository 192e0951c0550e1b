// SPDX-License-Identifier: GPL-2.0
/* Grant operations in batches. */
#include <linux/slab.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>
#include "grant.h"

/* No mapping behind a page of a list. */
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

/* In process context the kernel's helper may sleep, for GNTST_eagain. */
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
 * Context: may sleep.
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
 * Context: may sleep.
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
 * A copy Xen asks to repeat, as the guest's page is paged out, has failed:
 * nothing here can wait for the page, which gnttab_batch_copy() does asleep.
 * Xen has it brought back meanwhile, for who sends the frame again.
 *
 * Context: any.
 */
void copy_batch_run(struct copy_batch *b)
{
	unsigned int i;

	if (!b->nr)
		return;
	for (i = 0; i < b->nr; i++)
		b->op[i].status = GNTST_general_error;
	/* The statuses say it all: an error is one of them. */
	if (HYPERVISOR_grant_table_op(GNTTABOP_copy, b->op, b->nr))
		pr_debug("a batch of grant copies was refused\n");
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
 * map_page_map() - map a guest's page
 * @m: result, unchanged on error
 * @gref: the guest's grant
 * @domid: the guest
 *
 * As xenbus_map_ring_valloc() would, but that tells the log, and xenstore, of
 * each grant that is none, and a guest can name those without end.
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; -EINVAL when it is no grant to write through.
 */
int map_page_map(struct map_page *m, u32 gref, domid_t domid)
{
	struct gnttab_map_grant_ref op;
	struct page *page;

	if (gnttab_alloc_pages(1, &page))
		return -ENOMEM;
	gnttab_set_map_op(&op, (unsigned long)page_address(page),
			  GNTMAP_host_map, gref, domid);
	if (gnttab_map_refs(&op, NULL, &page, 1) || op.status != GNTST_okay) {
		gnttab_free_pages(1, &page);
		return -EINVAL;
	}
	m->page = page;
	m->handle = op.handle;
	return 0;
}

/**
 * map_page_unmap() - counterpart of map_page_map()
 * @m: the page, or none
 *
 * Nobody may use it any more. One that Xen does not unmap is lost.
 *
 * Context: may sleep.
 */
void map_page_unmap(struct map_page *m)
{
	struct gnttab_unmap_grant_ref op;

	if (!m->page)
		return;
	gnttab_set_unmap_op(&op, (unsigned long)page_address(m->page),
			    GNTMAP_host_map, m->handle);
	if (gnttab_unmap_refs(&op, NULL, &m->page, 1))
		pr_err_ratelimited("a ring could not be unmapped\n");
	else
		gnttab_free_pages(1, &m->page);
	m->page = NULL;
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

/* Return: 0 when all were mapped, or an error as of map_list_map(). */
static int map_list_run(struct map_list *l, domid_t domid,
			const struct xennet_gref *list)
{
	int err = 0;
	u32 i;

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
		s16 status = l->map[i].status;

		l->handle[i] = status == GNTST_okay ? l->map[i].handle :
						      HANDLE_NONE;
		if (status == GNTST_no_device_space)
			err = -ENOSPC;
		else if (status != GNTST_okay && !err)
			err = -EINVAL;
	}
	return err;
}

/**
 * map_list_map() - map a guest's grants, all or none
 * @l: list of as many entries, of which @page and @handle are the result
 * @domid: the guest
 * @list: the grants
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; -ENOSPC when Xen has no room for so many mappings of this
 * domain's; -EINVAL when one cannot be mapped as it is to be.
 */
int map_list_map(struct map_list *l, domid_t domid,
		 const struct xennet_gref *list)
{
	int err;

	if (gnttab_alloc_pages(l->nr, l->page))
		return -ENOMEM;
	err = map_list_run(l, domid, list);
	if (err)
		map_list_unmap(l);
	return err;
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
