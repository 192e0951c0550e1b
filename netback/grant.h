/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grant operations in batches: one hypercall for many, a status for each.
 * No policy: what to copy or map is planned elsewhere.
 */
#ifndef NETBACK_GRANT_H
#define NETBACK_GRANT_H

#include <linux/mm.h>
#include <linux/skbuff.h>
#include <xen/grant_table.h>
#include <xen/xen.h>
#include <xennet/wire.h>

#define GRANT_COPIES_MAX	256

/**
 * struct copy_batch - grant copies not yet done
 * @nr: entries of @op
 * @op: the copies; statuses after copy_batch_run()
 *
 * Owned by whoever owns the ring end it works for.
 */
struct copy_batch {
	unsigned int nr;
	struct gnttab_copy op[GRANT_COPIES_MAX];
};

/**
 * struct copy_span - one copy between a guest's page and dom0's memory
 * @gref: the guest's grant
 * @domid: the guest
 * @goff: first byte in the guest's page
 * @page: dom0's page; may be a page mapped from another guest when copying
 *	to a guest
 * @off: first byte in dom0's page
 * @len: bytes; neither side crosses a page
 */
struct copy_span {
	u32 gref;
	domid_t domid;
	u16 goff;
	struct page *page;
	u16 off;
	u16 len;
};

/**
 * copy_batch_room() - copies that can still be added
 * @b: batch
 *
 * Return: entries.
 */
static inline unsigned int copy_batch_room(const struct copy_batch *b)
{
	return GRANT_COPIES_MAX - b->nr;
}

void copy_batch_from_guest(struct copy_batch *b, const struct copy_span *s);
void copy_batch_to_guest(struct copy_batch *b, const struct copy_span *s);
void copy_batch_run(struct copy_batch *b);
bool copy_from_guest_now(const struct copy_span *s);
bool copy_to_guest_now(const struct copy_span *s);
bool copy_batch_ok(const struct copy_batch *b, unsigned int from,
		   unsigned int to);

/**
 * struct map_page - a page of a guest's, mapped to be read and written
 * @page: dom0's address for it; NULL: none
 * @handle: Xen's name of the mapping
 */
struct map_page {
	struct page *page;
	grant_handle_t handle;
};

int map_page_map(struct map_page *m, u32 gref, domid_t domid);
void map_page_unmap(struct map_page *m);

u32 grant_maps_max(void);

/**
 * struct map_list - pages that come and go together
 * @nr: entries of the others
 * @tag: the caller's
 * @page: dom0's addresses for them
 * @handle: Xen's names of the mappings
 * @map: scratch
 * @unmap: scratch
 */
struct map_list {
	u32 nr;
	u16 tag[XENNET_GREFS_MAX];
	struct page *page[XENNET_GREFS_MAX];
	grant_handle_t handle[XENNET_GREFS_MAX];
	union {
		struct gnttab_map_grant_ref map[XENNET_GREFS_MAX];
		struct gnttab_unmap_grant_ref unmap[XENNET_GREFS_MAX];
	};
};

struct map_list *map_list_create(void);
void map_list_destroy(struct map_list *l);
int map_list_map(struct map_list *l, domid_t domid,
		 const struct xennet_gref *list);
void map_list_unmap(struct map_list *l);

#endif /* NETBACK_GRANT_H */
