// SPDX-License-Identifier: GPL-2.0
/*
 * Static grants (xen/io/netif.h): pages that stay granted, and that the backend
 * keeps mapped, so that a frame costs a copy at both ends and no hypercall. Of
 * the f2b ring they are pages of their own, of the b2f ring those that are
 * posted, which then stay in their slots.
 *
 * A backend can be asked once it has connected, so until then, and with one
 * that has no such thing, or less room, frames go the other ways.
 */
#include <linux/slab.h>
#include <xen/page.h>
#include "netfront.h"

/* Lists a queue's grants and has the backend add, or delete, all of them. */
static int tell(struct queue *queue, enum xennet_ctrl_type type,
		const grant_ref_t *gref, u32 count, u16 flags)
{
	struct xennet_gref *list = kcalloc(count, sizeof(*list), GFP_KERNEL);
	u32 i, done = count;
	int err;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		list[i] = (struct xennet_gref) {
			.ref = gref[i], .flags = flags,
		};
	err = ctrl_list(queue->front, type, queue->id, list, count, &done);
	kfree(list);
	if (!err && type == XENNET_CTRL_DEL_GREFS && done != count)
		err = -EPROTO;
	return err;
}

static int grant_one(struct tx_statics *s, domid_t domid)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int ref;

	if (!page)
		return -ENOMEM;
	ref = gnttab_grant_foreign_access(domid, xen_page_to_gfn(page), 1);
	if (ref < 0) {
		__free_page(page);
		return ref;
	}
	s->page[s->nr] = page;
	s->gref[s->nr] = ref;
	s->ready[s->nr_ready++] = s->nr++;
	return 0;
}

/*
 * All, or none: where grants or memory are short, frames go without. Whatever else
 * wants grants, an interface or a disk, cannot.
 */
static bool grant_all(struct queue *queue, u32 count)
{
	struct tx *tx = &queue->tx;
	int err = grefs_spare(count) ? 0 : -ENOSPC;

	while (!err && tx->statics.nr < count)
		err = grant_one(&tx->statics,
				queue->front->xbdev->otherend_id);
	if (err)
		statics_free(tx);
	return !err;
}

/**
 * statics_free() - give the pages of the f2b ring up
 * @tx: transmit side that is stopped, or does not use them yet
 *
 * A page lives on while the backend maps it.
 */
void statics_free(struct tx *tx)
{
	struct tx_statics *s = &tx->statics;

	while (s->nr) {
		s->nr--;
		gnttab_end_foreign_access(s->gref[s->nr], s->page[s->nr]);
	}
	s->nr_ready = 0;
	s->nr_back = 0;
	s->live = false;
}

static void set_live(struct queue *queue, bool live)
{
	struct netdev_queue *txq = queue_txq(queue);

	__netif_tx_lock_bh(txq);
	queue->tx.statics.live = live;
	__netif_tx_unlock_bh(txq);
}

/* Once granted, the pages stay so until the queue is disconnected. */
static int add_tx(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;
	int err;

	if (s->live || !s->nr)
		return 0;
	err = tell(queue, XENNET_CTRL_ADD_GREFS, s->gref, s->nr,
		   XENNET_GREF_READONLY);
	if (!err)
		set_live(queue, true);
	return err;
}

/* What is posted goes by the grants. */
static int del_tx(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;

	if (!s->live)
		return 0;
	set_live(queue, false);
	return tell(queue, XENNET_CTRL_DEL_GREFS, s->gref, s->nr, 0);
}

static void set_fixed(struct rx *rx, bool fixed)
{
	WRITE_ONCE(rx->fixed, fixed);
	/* A poll underway may still exchange pages. */
	synchronize_net();
}

static int add_rx(struct queue *queue, u32 count)
{
	struct rx *rx = &queue->rx;
	int err;

	if (rx->nr_statics)
		return 0;
	set_fixed(rx, true);
	err = tell(queue, XENNET_CTRL_ADD_GREFS, rx->gref, count, 0);
	/* Without an answer, the backend may have the pages. */
	if (err && err != -EIO)
		set_fixed(rx, false);
	else if (!err)
		rx->nr_statics = count;
	return err;
}

static int del_rx(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	int err;

	if (!rx->nr_statics)
		return 0;
	err = tell(queue, XENNET_CTRL_DEL_GREFS, rx->gref, rx->nr_statics, 0);
	if (err)
		return err;
	rx->nr_statics = 0;
	set_fixed(rx, false);
	return 0;
}

/* As many as the backend has room for, first of the ring that is ours to fill. */
static int add_queue(struct queue *queue)
{
	struct front *front = queue->front;
	u32 want = READ_ONCE(netfront_static_grants);
	struct tx_statics *s = &queue->tx.statics;
	u32 most, count;
	bool fresh;
	int err;

	if (!want)
		return -EOPNOTSUPP;
	err = ctrl_ask(front, XENNET_CTRL_GET_GREFS_SIZE, queue->id, &most);
	if (err)
		return err;
	count = min3(want, front->tx_pending, most);
	if (!count)
		return -EOPNOTSUPP;
	fresh = !s->nr && grant_all(queue, count);
	err = s->nr <= most ? add_tx(queue) : 0;
	/* Without an answer, the backend may have the pages. */
	if (err && err != -EIO && fresh)
		statics_free(&queue->tx);
	most -= s->live ? min_t(u32, most, s->nr) : 0;
	count = min(want, most);
	if (!err && count && buffers_complete(&queue->rx))
		err = add_rx(queue, count);
	return err;
}

static int del_queue(struct queue *queue)
{
	int err = del_tx(queue);

	return err ?: del_rx(queue);
}

/*
 * With front->ctrl_lock held. Returns 0, or an error as of ctrl_ask(), with only some
 * queues changed.
 */
static int switch_all(struct front *front)
{
	bool on = front->statics;
	unsigned int i;
	int err = 0;

	if (!front->connected || !front->ctrl)
		return 0;
	for (i = 0; i < front->nr_queues && !err; i++)
		err = on ? add_queue(&front->queue[i]) :
			   del_queue(&front->queue[i]);
	/* Of -EIO there has been a message. */
	if (err && err != -EIO && err != -EOPNOTSUPP)
		netdev_warn(front->dev, "backend in domain %d does not %s static grants: error %d\n",
			    front->xbdev->otherend_id,
			    on ? "take" : "give back", err);
	return err;
}

/**
 * statics_set() - have this backend and later ones keep pages mapped, or not
 * @front: interface; one that is down, or whose backend has no control ring,
 *	has nothing to change yet
 * @on: which
 *
 * Context: RTNL held; sleeps.
 *
 * Return: 0; or an error as of ctrl_ask(), with only some queues changed.
 */
int statics_set(struct front *front, bool on)
{
	int err;

	mutex_lock(&front->ctrl_lock);
	front->statics = on;
	err = switch_all(front);
	mutex_unlock(&front->ctrl_lock);
	return err;
}

/* Not with RTNL held: whoever wants it would wait for the backend. */
static void statics_work(struct work_struct *work)
{
	struct front *front = container_of(work, struct front, statics_work);

	mutex_lock(&front->ctrl_lock);
	if (front->statics)
		switch_all(front);
	mutex_unlock(&front->ctrl_lock);
}

/**
 * statics_init() - what the user has not changed
 * @front: new interface
 */
void statics_init(struct front *front)
{
	INIT_WORK(&front->statics_work, statics_work);
	front->statics = true;
}

/**
 * statics_start() - offer the pages to a backend that has connected
 * @front: interface that is up
 *
 * Context: front->life held.
 */
void statics_start(struct front *front)
{
	schedule_work(&front->statics_work);
}

/**
 * statics_stop() - counterpart of statics_start()
 * @front: the interface
 *
 * Context: as of rss_stop().
 */
void statics_stop(struct front *front)
{
	cancel_work_sync(&front->statics_work);
}
