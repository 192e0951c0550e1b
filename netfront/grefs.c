// SPDX-License-Identifier: GPL-2.0
/*
 * Grants: of a ring's page, of its slots, and how many there are left.
 *
 * A guest has room for so many (max_grant_frames of its configuration) and shares
 * it among all its devices. The table grows by whole frames as they are taken. How
 * many it has, Xen says; how many of those are free is the kernel's secret, but it calls
 * back once there are so many.
 */
#include <asm/xen/hypercall.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include "netfront.h"

/* Grants of a frame, of the table's usual version; the other has half as many. */
#define FRAME_GREFS	(PAGE_SIZE / sizeof(struct grant_entry_v1))
/* Frames that static grants leave at most; of a small table, half of it. */
#define FRAMES_LEFT	32u

/* How large the table is, and may become; as good as full when Xen does not say. */
static struct gnttab_query_size table_size(void)
{
	struct gnttab_query_size size = { .dom = DOMID_SELF };

	if (HYPERVISOR_grant_table_op(GNTTABOP_query_size, &size, 1) ||
	    size.status != GNTST_okay || size.nr_frames > size.max_nr_frames)
		size = (struct gnttab_query_size) {};
	return size;
}

/* In the kernel's grant table, with its lock held. */
static void note_free(void *arg)
{
	bool *free = arg;

	*free = true;
}

/**
 * grefs_room() - are so many grants left?
 * @count: grants
 *
 * Context: any.
 *
 * Return: true if they are; others may be faster.
 */
bool grefs_room(u32 count)
{
	struct gnttab_query_size size = table_size();
	u32 more = (size.max_nr_frames - size.nr_frames) * FRAME_GREFS;
	struct gnttab_free_callback callback = {};
	bool free = false;

	if (more >= count)
		return true;
	if (count - more > U16_MAX)
		return false;
	gnttab_request_free_callback(&callback, note_free, &free, count - more);
	gnttab_cancel_free_callback(&callback);
	return free;
}

/**
 * grefs_spare() - can grants be had for what can do without them?
 * @count: grants
 *
 * Not where they are half of what is left for disks and other interfaces, which
 * cannot.
 *
 * Context: any.
 *
 * Return: true if they can.
 */
bool grefs_spare(u32 count)
{
	u32 frames = min(table_size().max_nr_frames / 2, FRAMES_LEFT);

	return grefs_room(frames * FRAME_GREFS + count);
}

/**
 * ring_page_create() - a page for a ring, granted to the backend
 * @front: the interface
 * @ref: its grant
 *
 * As xenbus_setup_ring() would, but that closes the device when it fails.
 *
 * Context: may sleep.
 *
 * Return: the page, zeroed; or an error pointer.
 */
void *ring_page_create(const struct front *front, grant_ref_t *ref)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int ret;

	if (!page)
		return ERR_PTR(-ENOMEM);
	ret = gnttab_grant_foreign_access(front->xbdev->otherend_id,
					  virt_to_gfn(page), 0);
	if (ret < 0) {
		free_page((unsigned long)page);
		return ERR_PTR(ret);
	}
	*ref = ret;
	return page;
}

/**
 * ring_page_destroy() - counterpart of ring_page_create()
 * @page: the page; lives on while the backend maps it
 * @ref: its grant
 */
void ring_page_destroy(void *page, grant_ref_t ref)
{
	gnttab_end_foreign_access(ref, virt_to_page(page));
}

/**
 * grefs_alloc() - reserve grants
 * @gref: result
 * @count: how many
 *
 * Return: 0 or an error.
 */
int grefs_alloc(grant_ref_t *gref, u32 count)
{
	grant_ref_t head;
	u32 i;
	int err;

	err = gnttab_alloc_grant_references(count, &head);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		gref[i] = gnttab_claim_grant_reference(&head);
	return 0;
}
