// SPDX-License-Identifier: GPL-2.0
/*
 * The pages of the b2f ring, and their grants.
 *
 * Slots are posted one after the other, as many as the user wants, and each takes
 * the next buffer: so there are no more of these than that, but for a power of two,
 * which makes a buffer's number part of its ring index.
 *
 * A buffer is a grant and, as soon as there is one, a page. It keeps that page, or gets
 * another in exchange. It has none yet when there was no memory for all: then fewer
 * slots are posted, and the rest follow when there is. A buffer without one whose
 * turn it is takes that of one which is not posted, so those there are go round.
 */
#include <linux/log2.h>
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

static void grant_page(struct queue *queue, u32 nr, struct page *page)
{
	queue->rx.page[nr] = page;
	gnttab_page_grant_foreign_access_ref_one(queue->rx.gref[nr],
						 queue->front->xbdev->otherend_id,
						 page, 0);
}

/**
 * buffers_spare() - have pages to exchange for a buffer's
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
 * buffers_swap() - exchange the page of a buffer for a spare one
 * @queue: queue with a spare page
 * @nr: buffer with a page, answered
 *
 * Return: the page; NULL, with nothing changed, while the backend still uses it.
 */
struct page *buffers_swap(struct queue *queue, u32 nr)
{
	struct rx *rx = &queue->rx;
	struct page *page = rx->page[nr];

	if (!gnttab_end_foreign_access_ref(rx->gref[nr]))
		return NULL;
	grant_page(queue, nr, rx->spare[--rx->nr_spare]);
	stat_inc(&queue->napi_stats, b2f_pages);
	return page;
}

/* The page of the buffer answered last that has one; NULL if the backend uses it. */
static struct page *idle_page(struct rx *rx)
{
	u32 idle = rx->nr_buffers - (rx->ring.req_prod - rx->ring.rsp_cons);
	u32 i, nr, idx = rx->ring.rsp_cons;
	struct page *page = NULL;

	for (i = 0; i < idle && !page; i++)
		page = rx->page[buffer_nr(rx, --idx)];
	nr = buffer_nr(rx, idx);
	if (!page || !gnttab_end_foreign_access_ref(rx->gref[nr]))
		return NULL;
	rx->page[nr] = NULL;
	WRITE_ONCE(rx->nr_pages, rx->nr_pages - 1);
	return page;
}

/* Only of a ring without static grants may pages be missing. */
static bool give_page(struct queue *queue, u32 nr)
{
	struct page *page = new_page(queue, GFP_ATOMIC) ?:
			    idle_page(&queue->rx);

	if (!page)
		return false;
	grant_page(queue, nr, page);
	WRITE_ONCE(queue->rx.nr_pages, queue->rx.nr_pages + 1);
	return true;
}

/* The next one; its id is its index. */
static void post_slot(struct rx *rx)
{
	u32 idx = rx->ring.req_prod++;
	struct b2f_request req = {
		.id = idx % XENNET_RING_SIZE,
		.gref = rx->gref[buffer_nr(rx, idx)],
	};

	b2f_write_request(rx->sring, idx, &req);
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
		u32 nr = buffer_nr(rx, rx->ring.req_prod);

		if (!rx->page[nr] && !give_page(queue, nr)) {
			mod_timer(&rx->refill, jiffies + REFILL_JIFFIES);
			break;
		}
		post_slot(rx);
	}
	return rx->ring.req_prod != rx->ring.req_pub;
}

/* A page that its pool may forget: to the pool, or to the grant table. */
static void drop_page(struct queue *queue, u32 nr)
{
	struct rx *rx = &queue->rx;
	struct page *page = rx->page[nr];

	rx->page[nr] = NULL;
	if (!page) {
		gnttab_free_grant_reference(rx->gref[nr]);
	} else if (gnttab_try_end_foreign_access(rx->gref[nr])) {
		page_pool_put_full_page(rx->pool, page, false);
	} else {
		/* The pool does not take back what somebody else has as well. */
		get_page(page);
		gnttab_end_foreign_access(rx->gref[nr], page);
		page_pool_put_full_page(rx->pool, page, false);
	}
}

static void drop_pages(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	u32 nr;

	for (nr = 0; nr < rx->nr_buffers; nr++)
		drop_page(queue, nr);
	rx->nr_pages = 0;
	while (rx->nr_spare)
		page_pool_put_full_page(rx->pool, rx->spare[--rx->nr_spare],
					false);
}

/*
 * Gives every buffer a page, as far as there is memory, and posts as many as the user
 * wants. Nobody polls yet, so nothing is asked for again.
 */
static int fill_ring(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	struct page *page;

	while (rx->nr_pages < rx->nr_buffers) {
		page = new_page(queue, GFP_CONNECT);
		if (!page)
			break;
		grant_page(queue, rx->nr_pages++, page);
	}
	if (rx->nr_pages < XENNET_PENDING_MIN) {
		drop_pages(queue);
		return -ENOMEM;
	}
	if (rx->nr_pages < rx->nr_buffers)
		dev_warn(&queue->front->xbdev->dev, "queue %u: %u of %u buffers for now: no memory for more\n",
			 queue->id, rx->nr_pages, rx->nr_buffers);
	while (rx->ring.req_prod < min_t(u32, rx->nr_pages,
					 queue->front->rx_pending))
		post_slot(rx);
	ring_front_publish(&rx->ring);
	return 0;
}

static int setup_pool(struct queue *queue)
{
	struct page_pool_params params = {
		.pool_size = queue->rx.nr_buffers,
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
	struct rx *rx = &queue->rx;
	int err;

	rx->nr_buffers = roundup_pow_of_two(queue->front->rx_pending);
	err = setup_pool(queue);
	if (err)
		return err;
	err = grefs_alloc(rx->gref, rx->nr_buffers);
	if (!err)
		err = fill_ring(queue);
	if (err)
		page_pool_destroy(rx->pool);
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
