// SPDX-License-Identifier: GPL-2.0
/*
 * Static grants (xen/io/netif.h): pages that stay granted, and that the backend
 * keeps mapped, so that a frame costs a copy at both ends and no hypercall. Of
 * the f2b ring they are pages of their own, of the b2f ring those that are
 * posted, which then stay in their buffers.
 *
 * They take memory at both ends, so a queue has them while it is in demand: see demand.h.
 * Those of the f2b ring are few at first, and all that there may be once a frame has found
 * none. With a backend that has no such thing, or less room, frames go the other ways, and
 * so they do until it was asked.
 */
#include <linux/slab.h>
#include <xen/page.h>
#include "netfront.h"

/* Pages of the f2b ring at first. */
#define STATICS_FIRST	(XENNET_RING_SIZE / 4)

/*
 * Nobody dies for pages that can be done without, and no disk is waited for: a restore waits
 * for this work, and disks for the restore.
 */
#define GFP_SPARE	(GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN)

/*
 * Lists a queue's grants and has the backend add all of them, or delete those it has: one
 * that took the place of another may have none.
 */
static int tell(struct queue *queue, enum xennet_ctrl_type type,
		const grant_ref_t *gref, u32 count, u16 flags)
{
	struct xennet_gref *list = kcalloc(count, sizeof(*list), GFP_SPARE);
	u32 i, done;
	int err;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		list[i] = (struct xennet_gref) {
			.ref = gref[i], .flags = flags,
		};
	err = ctrl_list(queue->front, type, queue->id, list, count, &done);
	kfree(list);
	return err;
}

static int grant_one(struct tx_statics *s, domid_t domid)
{
	struct page *page = alloc_page(GFP_SPARE | __GFP_ZERO);
	int ref;

	if (!page)
		return -ENOMEM;
	ref = gnttab_grant_foreign_access(domid, xen_page_to_gfn(page), 1);
	if (ref < 0) {
		__free_page(page);
		return ref;
	}
	s->page[s->nr] = page;
	s->gref[s->nr++] = ref;
	return 0;
}

/* Pages that no frame has been in, and that the backend does not have. */
static void forget_new(struct tx_statics *s, u32 nr)
{
	while (s->nr > nr) {
		s->nr--;
		gnttab_end_foreign_access(s->gref[s->nr], s->page[s->nr]);
	}
}

/*
 * All, or none: where grants or memory are short, frames go without. Whatever else
 * wants grants, an interface or a disk, cannot.
 */
static bool grant_new(struct queue *queue, u32 count)
{
	struct tx_statics *s = &queue->tx.statics;
	u32 had = s->nr;
	int err = grefs_spare(count - had) ? 0 : -ENOSPC;

	while (!err && s->nr < count)
		err = grant_one(s, queue->front->xbdev->otherend_id);
	if (err)
		forget_new(s, had);
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
	forget_new(&tx->statics, 0);
	tx->statics = (struct tx_statics) {};
}

static void set_live(struct queue *queue, bool live)
{
	struct netdev_queue *txq = queue_txq(queue);

	__netif_tx_lock_bh(txq);
	queue->tx.statics.live = live;
	__netif_tx_unlock_bh(txq);
}

/* The pages from @first on are to be filled, if the backend has them. */
static void use_new(struct queue *queue, u32 first, bool live)
{
	struct netdev_queue *txq = queue_txq(queue);
	struct tx_statics *s = &queue->tx.statics;

	__netif_tx_lock_bh(txq);
	while (first < s->nr)
		s->ready[s->nr_ready++] = first++;
	s->live |= live;
	__netif_tx_unlock_bh(txq);
}

/* To @count pages; without memory or grants for so many it is left at what there are. */
static int grow_tx(struct queue *queue, u32 count)
{
	struct tx_statics *s = &queue->tx.statics;
	u32 had = s->nr;
	int err;

	if (had >= count || !grant_new(queue, count))
		return 0;
	err = tell(queue, XENNET_CTRL_ADD_GREFS, s->gref + had, count - had,
		   XENNET_GREF_READONLY);
	/* Without an answer, the backend may have the pages. */
	if (err && err != -EIO)
		forget_new(s, had);
	else
		use_new(queue, had, !err);
	return err;
}

/*
 * Those taken from it that were still underway. One that could not do so then may
 * have them still.
 */
static int again_tx(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;
	int err;

	if (s->live || !s->nr || s->nr > s->max)
		return 0;
	err = tell(queue, XENNET_CTRL_DEL_GREFS, s->gref, s->nr, 0);
	if (!err)
		err = tell(queue, XENNET_CTRL_ADD_GREFS, s->gref, s->nr,
			   XENNET_GREF_READONLY);
	if (!err)
		set_live(queue, true);
	return err;
}

static int add_tx(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;
	u32 count = s->nr ? s->max : min_t(u32, s->max, STATICS_FIRST);
	int err = again_tx(queue);

	if (!err)
		err = grow_tx(queue, count);
	if (s->nr < count)
		WRITE_ONCE(s->max, s->nr);
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

/* Is none of them underway, with a frame? */
static bool is_home(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);
	struct tx_statics *s = &queue->tx.statics;
	unsigned long flags;
	bool home;

	__netif_tx_lock_bh(txq);
	spin_lock_irqsave(&queue->tx.lock, flags);
	home = s->nr_ready + s->nr_back == s->nr;
	if (home)
		s->nr_back = 0;
	spin_unlock_irqrestore(&queue->tx.lock, flags);
	__netif_tx_unlock_bh(txq);
	return home;
}

/*
 * Pages that the backend was told to let go of. One that it maps all the same is
 * kept, for the next time: it would be lost otherwise, and others after it.
 */
static bool release_tx(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;
	u32 i, kept = 0;

	if (s->live || !is_home(queue))
		return false;
	for (i = 0; i < s->nr; i++) {
		if (gnttab_try_end_foreign_access(s->gref[i])) {
			__free_page(s->page[i]);
			continue;
		}
		s->ready[kept] = kept;
		s->gref[kept] = s->gref[i];
		s->page[kept++] = s->page[i];
	}
	s->nr = kept;
	s->nr_ready = kept;
	return true;
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
	int err;

	s->asked = true;
	WRITE_ONCE(s->max, s->nr);
	WRITE_ONCE(s->lacking, false);
	if (!want)
		return 0;
	err = ctrl_ask(front, XENNET_CTRL_GET_GREFS_SIZE, queue->id, &most);
	if (err)
		return err;
	WRITE_ONCE(s->max, min3(want, front->tx_pending, most));
	count = min3(want, most - s->max, queue->rx.nr_buffers);
	err = add_tx(queue);
	if (!err && count && buffers_complete(&queue->rx))
		err = add_rx(queue, count);
	return err;
}

static int del_queue(struct queue *queue)
{
	int err = del_tx(queue);
	int ret = del_rx(queue);

	queue->tx.statics.asked = false;
	return err ?: ret;
}

static u32 slots_used(struct queue *queue)
{
	const struct napi_stats *stats = &queue->napi_stats;

	return stat_read(&stats->sync, &stats->f2b_answered) +
	       stat_read(&stats->sync, &stats->b2f_slots);
}

static u32 now_ms(void)
{
	return jiffies_to_msecs(jiffies);
}

static bool in_demand(struct queue *queue)
{
	return READ_ONCE(queue->demand.on) &&
	       demand_lasts(&queue->demand, slots_used(queue), now_ms());
}

/* Has of a queue what it should. Returns 0, or an error as of ctrl_ask(). */
static int switch_queue(struct queue *queue, bool on)
{
	const struct tx_statics *s = &queue->tx.statics;

	if (!on)
		return del_queue(queue);
	return !s->asked || READ_ONCE(s->lacking) ? add_queue(queue) : 0;
}

/* Once a connection: shares are small where there are many guests. */
static void say_refused(struct front *front, int err)
{
	/* Of -EIO there has been a message. */
	if (!err || err == -EIO || err == -EOPNOTSUPP || front->statics_said)
		return;
	netdev_warn(front->dev, "backend in domain %d does not do as it is told of static grants: error %d\n",
		    front->xbdev->otherend_id, err);
	front->statics_said = true;
}

/*
 * With front->ctrl_lock held. Sets @again while there is something to be looked after.
 * Returns 0, or an error as of ctrl_ask(), with only some queues changed.
 */
static int switch_all(struct front *front, bool *again)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < front->nr_queues; i++) {
		struct queue *queue = &front->queue[i];
		bool on = in_demand(queue) && front->statics;
		int ret = switch_queue(queue, on);

		*again |= on || (!ret && !release_tx(queue));
		err = err ?: ret;
	}
	say_refused(front, err);
	return err;
}

/* The backend is another one, and has none of the pages. */
static void forget_queue(struct queue *queue)
{
	struct rx *rx = &queue->rx;

	set_live(queue, false);
	queue->tx.statics.asked = false;
	rx->nr_statics = 0;
	if (rx->fixed)
		set_fixed(rx, false);
}

static int look(struct front *front)
{
	bool again = false;
	unsigned int i;
	int err;

	if (!READ_ONCE(front->connected) || !READ_ONCE(front->served) ||
	    !front->ctrl)
		return 0;
	if (READ_ONCE(front->statics_new)) {
		WRITE_ONCE(front->statics_new, false);
		front->statics_said = false;
		for (i = 0; i < front->nr_queues; i++)
			forget_queue(&front->queue[i]);
	}
	err = switch_all(front, &again);
	if (again)
		schedule_delayed_work(&front->statics_work,
				      msecs_to_jiffies(DEMAND_SPAN_MS));
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
	err = look(front);
	mutex_unlock(&front->ctrl_lock);
	return err;
}

/* Not with RTNL held: whoever wants it would wait for the backend. */
static void statics_work(struct work_struct *work)
{
	struct front *front = container_of(to_delayed_work(work), struct front,
					   statics_work);

	mutex_lock(&front->ctrl_lock);
	look(front);
	mutex_unlock(&front->ctrl_lock);
}

/**
 * statics_init() - what the user has not changed
 * @front: new interface
 */
void statics_init(struct front *front)
{
	INIT_DELAYED_WORK(&front->statics_work, statics_work);
	front->statics = true;
}

/**
 * statics_renew() - another backend has taken the rings up, or the first one has
 * @front: interface with a control ring or without, marked as served
 *
 * Queues may have come to be in demand before.
 *
 * Context: front->life held; not beside statics_stop().
 */
void statics_renew(struct front *front)
{
	WRITE_ONCE(front->statics_new, true);
	mod_delayed_work(system_wq, &front->statics_work, 0);
}

/**
 * statics_note() - slots were used of a queue that is not in demand
 * @queue: the queue
 *
 * Context: its NAPI.
 */
void statics_note(struct queue *queue)
{
	if (queue->front->ctrl &&
	    demand_note(&queue->demand, slots_used(queue), now_ms()))
		mod_delayed_work(system_wq, &queue->front->statics_work, 0);
}

/**
 * statics_lack() - a frame has found no page
 * @queue: the queue, whose pages are live
 *
 * Context: under the stack's transmit lock.
 */
void statics_lack(struct queue *queue)
{
	struct tx_statics *s = &queue->tx.statics;

	if (s->lacking || READ_ONCE(s->nr) >= READ_ONCE(s->max))
		return;
	WRITE_ONCE(s->lacking, true);
	mod_delayed_work(system_wq, &queue->front->statics_work, 0);
}

/**
 * statics_stop() - nobody is asked for anything any more
 * @front: interface whose queues are stopped; not connected any more
 *
 * Context: RTNL held; waits for answers underway, so after ctrl_abandon().
 */
void statics_stop(struct front *front)
{
	unsigned int i;

	/* It may have begun before, and let frames have pages, */
	cancel_delayed_work_sync(&front->statics_work);
	for (i = 0; i < front->nr_queues; i++)
		set_live(&front->queue[i], false);
	/* one of which may just have lacked some. */
	cancel_delayed_work_sync(&front->statics_work);
	front->statics_said = false;
}
