// SPDX-License-Identifier: GPL-2.0
/*
 * The pages of the b2f ring, and their grants.
 *
 * Slots are posted one after the other, as many as the user wants, and each as soon
 * as it has a page. It keeps that page, or gets another in exchange. Slots have
 * none yet when there was no memory for all: then fewer are posted, and the
 * rest follow when there is. A slot without one whose turn it is takes
 * that of a slot which is not posted, so those there are go round.
 */
#include <linux/skbuff.h>
#include <xen/page.h>
#include "netfront.h"

/* How soon memory is asked for again, in jiffies. */
#define REFILL_JIFFIES	(HZ / 10)

/*
 * To connect, memory may be waited for, but not for I/O: disks may wait for the
 * thread that this runs in, to connect as well.
 */
#define GFP_CONNECT	(GFP_NOIO | __GFP_RETRY_MAYFAIL)

/* Pages come zeroed from the allocator, but not back from the stack. */
static struct page *new_page(struct queue *queue, gfp_t gfp)
{
	struct page *page;

	page = page_pool_alloc_pages(queue->rx.pool,
				     gfp | __GFP_NOWARN | __GFP_ZERO);
	if (page && queue->front->bounce)
		clear_page(page_address(page));
	return page;
}

static void grant_page(struct queue *queue, u32 slot, struct page *page)
{
	queue->rx.page[slot] = page;
	gnttab_page_grant_foreign_access_ref_one(queue->rx.gref[slot],
						 queue->front->xbdev->otherend_id,
						 page, 0);
}

/**
 * buffers_spare() - have pages to exchange for a slot's
 * @queue: the queue
 * @count: pages, at most XENNET_SLOTS_MAX
 *
 * Return: false without memory.
 */
bool buffers_spare(struct queue *queue, unsigned int count)
{
	struct rx *rx = &queue->rx;

	while (rx->nr_spare < count) {
		struct page *page = new_page(queue, GFP_ATOMIC);

		if (!page)
			return false;
		rx->spare[rx->nr_spare++] = page;
	}
	return true;
}

/**
 * buffers_swap() - exchange the page of a slot for a spare one
 * @queue: queue with a spare page
 * @slot: slot with a page, answered
 *
 * Return: the page; NULL, with nothing changed, while the backend still uses it.
 */
struct page *buffers_swap(struct queue *queue, u32 slot)
{
	struct rx *rx = &queue->rx;
	struct page *page = rx->page[slot];

	if (!gnttab_end_foreign_access_ref(rx->gref[slot]))
		return NULL;
	grant_page(queue, slot, rx->spare[--rx->nr_spare]);
	stat_inc(&queue->napi_stats, b2f_pages);
	return page;
}

/* The page of the slot answered last that has one; NULL if the backend uses it. */
static struct page *idle_page(struct rx *rx)
{
	u32 idle = XENNET_RING_SIZE - (rx->ring.req_prod - rx->ring.rsp_cons);
	u32 i, slot = rx->ring.rsp_cons;
	struct page *page = NULL;

	for (i = 0; i < idle && !page; i++)
		page = rx->page[--slot % XENNET_RING_SIZE];
	slot %= XENNET_RING_SIZE;
	if (!page || !gnttab_end_foreign_access_ref(rx->gref[slot]))
		return NULL;
	rx->page[slot] = NULL;
	WRITE_ONCE(rx->nr_pages, rx->nr_pages - 1);
	return page;
}

/* Only of a ring without static grants may pages be missing. */
static bool give_page(struct queue *queue, u32 slot)
{
	struct page *page = new_page(queue, GFP_ATOMIC) ?:
			    idle_page(&queue->rx);

	if (!page)
		return false;
	grant_page(queue, slot, page);
	WRITE_ONCE(queue->rx.nr_pages, queue->rx.nr_pages + 1);
	return true;
}

/* The next one; its id is its index. */
static void post_slot(struct rx *rx)
{
	u32 slot = rx->ring.req_prod % XENNET_RING_SIZE;
	struct b2f_request req = { .id = slot, .gref = rx->gref[slot] };

	b2f_write_request(rx->sring, rx->ring.req_prod++, &req);
}

/**
 * buffers_post() - post what slots should be
 * @queue: the queue
 *
 * Without memory for all of them the queue is polled again soon.
 *
 * Return: true if there are some to be announced.
 */
bool buffers_post(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	u32 end = rx->ring.rsp_cons + queue->front->rx_pending;

	while (rx->ring.req_prod != end) {
		u32 slot = rx->ring.req_prod % XENNET_RING_SIZE;

		if (!rx->page[slot] && !give_page(queue, slot)) {
			mod_timer(&rx->refill, jiffies + REFILL_JIFFIES);
			break;
		}
		post_slot(rx);
	}
	return rx->ring.req_prod != rx->ring.req_pub;
}

/* A page that its pool may forget: to the pool, or to the grant table. */
static void drop_page(struct queue *queue, u32 slot)
{
	struct rx *rx = &queue->rx;
	struct page *page = rx->page[slot];

	rx->page[slot] = NULL;
	if (!page) {
		gnttab_free_grant_reference(rx->gref[slot]);
	} else if (gnttab_try_end_foreign_access(rx->gref[slot])) {
		page_pool_put_full_page(rx->pool, page, false);
	} else {
		page_pool_release_page(rx->pool, page);
		gnttab_end_foreign_access(rx->gref[slot], page);
	}
}

static void drop_pages(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	u32 slot;

	for (slot = 0; slot < XENNET_RING_SIZE; slot++)
		drop_page(queue, slot);
	rx->nr_pages = 0;
	while (rx->nr_spare)
		page_pool_put_full_page(rx->pool, rx->spare[--rx->nr_spare],
					false);
}

/*
 * Gives every slot a page, as far as there is memory, and posts as many as the user
 * wants. Nobody polls yet, so nothing is asked for again.
 */
static int fill_ring(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	struct page *page;

	while (rx->nr_pages < XENNET_RING_SIZE) {
		page = new_page(queue, GFP_CONNECT);
		if (!page)
			break;
		grant_page(queue, rx->nr_pages++, page);
	}
	if (rx->nr_pages < XENNET_PENDING_MIN) {
		drop_pages(queue);
		return -ENOMEM;
	}
	if (rx->nr_pages < XENNET_RING_SIZE)
		dev_warn(&queue->front->xbdev->dev, "queue %u: %u of %u buffers for now: no memory for more\n",
			 queue->id, rx->nr_pages, XENNET_RING_SIZE);
	while (rx->ring.req_prod < min_t(u32, rx->nr_pages,
					 queue->front->rx_pending))
		post_slot(rx);
	ring_front_publish(&rx->ring);
	return 0;
}

static int setup_pool(struct queue *queue)
{
	struct page_pool_params params = {
		.pool_size = XENNET_RING_SIZE,
		.nid = NUMA_NO_NODE,
		.dev = &queue->front->xbdev->dev,
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	queue->rx.pool = pool;
	return 0;
}

/**
 * buffers_create() - fill the ring
 * @queue: disconnected queue, with an empty ring
 *
 * Context: may sleep.
 *
 * Return: 0, with XENNET_PENDING_MIN buffers at least; or an error.
 */
int buffers_create(struct queue *queue)
{
	int err = setup_pool(queue);

	if (err)
		return err;
	err = grefs_alloc(queue->rx.gref);
	if (!err)
		err = fill_ring(queue);
	if (err)
		page_pool_destroy(queue->rx.pool);
	return err;
}

/**
 * buffers_destroy() - counterpart of buffers_create()
 * @queue: stopped queue
 *
 * A page lives on while the backend maps it.
 */
void buffers_destroy(struct queue *queue)
{
	drop_pages(queue);
	page_pool_destroy(queue->rx.pool);
}
