// SPDX-License-Identifier: GPL-2.0
/*
 * Backend to guest: frames copied into the guest's buffers from the transmit
 * path itself. Everything but the timers and b2f_poll() runs under the
 * transmit queue's lock, and with netpoll above it (netconsole over a bridge)
 * with interrupts off, where an skb must not be freed on the spot.
 *
 * A frame that has to be copied by a hypercall may wait a moment for others to
 * share it with, where they come fast: b2f_waits().
 *
 * The qdisc is the buffer. When the guest has too few buffers for the next
 * frame the queue stops, and three things can follow:
 *	the guest posts buffers: its event, or the timer, wakes the queue;
 *	drain_ms pass: frames that find no buffers are dropped from now on, so
 *	  that nobody's packets, or another guest's credit, sit behind a guest
 *	  that does not look at its ring;
 *	stall_ms pass: the carrier goes off until buffers appear.
 */
#include <linux/etherdevice.h>
#include <xen/events.h>
#include <xennet/offload.h>
#include "queue.h"

static DEFINE_PER_CPU(struct xennet_crowd, b2f_crowd);

/* Looks at the ring of a guest that does not announce buffers, jiffies. */
#define B2F_BLIND_POLL	msecs_to_jiffies(30)

static struct stats *b2f_stats(struct queue *queue)
{
	return &queue->stats->b2f;
}

/* Does this guest say when it posts buffers? (feature-rx-notify) */
static bool b2f_guest_notifies(const struct queue *queue)
{
	return queue->vif->features & XENNET_F_RX_NOTIFY;
}

/* Buffers posted; 0 when the ring makes no sense. */
static u32 b2f_avail(struct queue *queue)
{
	u32 avail;

	if (ring_back_requests(&queue->b2f.ring, &avail) &&
	    fault_raise(queue->vif, queue->id, XENNET_RING_OVERFLOW))
		stat_inc(b2f_stats(queue), B2F_DROP + XENNET_RING_OVERFLOW);
	return avail;
}

static void b2f_drop(struct queue *queue, struct sk_buff *skb,
		     enum xennet_reason reason)
{
	stat_inc(b2f_stats(queue), B2F_DROP + reason);
	dev_kfree_skb_any(skb);
}

static void b2f_finish(struct queue *queue, struct b2f_job *job)
{
	struct b2f *b2f = &queue->b2f;
	bool ok = copy_batch_ok(&b2f->batch, job->first_copy, job->end_copy);

	b2f_respond(b2f->sring, b2f->ring.rsp_prod, &job->frame, job->id, ok);
	b2f->ring.rsp_prod += job->nr_slots;
	stat_add(b2f_stats(queue), B2F_slots, job->nr_slots);
	if (!ok) {
		vif_warn(queue->vif, queue->id, "frame to guest dropped: %s",
			 xennet_reason_text(XENNET_GRANT_COPY));
		b2f_drop(queue, job->skb, XENNET_GRANT_COPY);
		return;
	}
	stat_inc(b2f_stats(queue), B2F_packets);
	stat_add(b2f_stats(queue), B2F_bytes, job->frame.len);
	if (job->frame.hash.algorithm != XENNET_HASH_NONE)
		stat_inc(b2f_stats(queue), B2F_hashed);
	dev_consume_skb_any(job->skb);
}

/* Copy all frames of the batch and tell the guest. */
static void b2f_flush(struct queue *queue)
{
	struct stats *stats = b2f_stats(queue);
	struct b2f *b2f = &queue->b2f;
	unsigned int i;

	if (!b2f->nr_jobs)
		return;
	if (b2f->batch.nr) {
		copy_batch_run(&b2f->batch);
		stat_add(stats, B2F_copies, b2f->batch.nr);
		stat_inc(stats, B2F_copy_batches);
	}
	for (i = 0; i < b2f->nr_jobs; i++)
		b2f_finish(queue, &b2f->job[i]);
	b2f->nr_jobs = 0;
	b2f->batch.nr = 0;
	if (ring_back_publish(&b2f->ring)) {
		notify_remote_via_irq(b2f->irq);
		stat_inc(stats, B2F_notify_sent);
	} else {
		stat_inc(stats, B2F_notify_suppressed);
	}
}

static void b2f_describe(const struct queue *queue, const struct sk_buff *skb,
			 struct b2f_frame *frame)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	*frame = (struct b2f_frame) {
		.len = skb->len,
		.headroom = READ_ONCE(queue->vif->headroom),
		.csum_blank = skb->ip_summed == CHECKSUM_PARTIAL,
		.data_validated = skb->ip_summed == CHECKSUM_PARTIAL ||
				  skb->ip_summed == CHECKSUM_UNNECESSARY,
	};
	steer_hash(queue->vif, skb, &frame->hash);
	if (!skb_is_gso(skb))
		return;
	frame->gso_type = type & SKB_GSO_TCPV6 ? XENNET_GSO_TCPV6 :
						 XENNET_GSO_TCPV4;
	frame->gso_size = skb_shinfo(skb)->gso_size;
}

/**
 * struct b2f_cut - a frame being cut into copies
 * @queue: queue
 * @plan: the frame's slots
 * @cursor: place in the frame
 * @gref: the guest's buffers, one a ring slot of the frame
 * @at: where they are, if they are mapped
 * @statics: copies done
 */
struct b2f_cut {
	struct queue *queue;
	struct b2f_plan plan;
	struct b2f_cursor cursor;
	u32 gref[B2F_SLOTS_MAX];
	void *at[B2F_SLOTS_MAX];
	u32 statics;
};

/* Copies one span, of which one end is in a buffer: now or with the batch. */
static void b2f_cut_one(struct b2f_cut *cut, struct page *page, u32 off,
			u32 len)
{
	u32 slot = b2f_ring_index(&cut->plan, cut->cursor.slot);
	struct copy_span span = {
		.gref = cut->gref[slot],
		.domid = cut->queue->domid,
		.goff = cut->cursor.off,
		.page = page,
		.off = off,
		.len = len,
	};

	if (xen_page_foreign(page))
		stat_inc(b2f_stats(cut->queue), B2F_foreign);
	if (cut->at[slot]) {
		memcpy(cut->at[slot] + span.goff, page_address(page) + off,
		       len);
		cut->statics++;
		return;
	}
	copy_batch_to_guest(&cut->queue->b2f.batch, &span);
}

/* Copies @len bytes from @off in @page and the pages behind it. */
static void b2f_cut_run(struct b2f_cut *cut, struct page *page, u32 off,
			u32 len)
{
	while (len) {
		u32 bytes = b2f_step(&cut->cursor, off, len);

		/* Pages that follow one another: their struct page need not. */
		b2f_cut_one(cut, pfn_to_page(page_to_pfn(page) +
					     (off >> PAGE_SHIFT)),
			    offset_in_page(off), bytes);
		cut->cursor.off += bytes;
		off += bytes;
		len -= bytes;
	}
}

/* The head and the fragments of @skb, without its list. */
static void b2f_cut_skb(struct b2f_cut *cut, const struct sk_buff *skb)
{
	unsigned int i;

	b2f_cut_run(cut, virt_to_page(skb->data), offset_in_page(skb->data),
		    skb_headlen(skb));
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		b2f_cut_run(cut, skb_frag_page(frag), skb_frag_off(frag),
			    skb_frag_size(frag));
	}
}

/* Consume the frame's buffers and add its copies to the batch. */
static void b2f_add(struct queue *queue, struct sk_buff *skb,
		    const struct b2f_frame *frame, const struct b2f_plan *plan)
{
	struct b2f *b2f = &queue->b2f;
	struct b2f_job *job = &b2f->job[b2f->nr_jobs++];
	struct b2f_cut cut = {
		.queue = queue,
		.plan = *plan,
		.cursor.off = frame->headroom,
	};
	const struct sk_buff *part;
	unsigned int i;

	job->skb = skb;
	job->frame = *frame;
	job->nr_slots = plan->nr_slots;
	job->first_copy = b2f->batch.nr;
	for (i = 0; i < plan->nr_slots; i++) {
		struct b2f_request req;

		b2f_read_request(b2f->sring, b2f->ring.req_cons++, &req);
		job->id[i] = req.id;
		cut.gref[i] = req.gref;
		cut.at[i] = statics_find(&queue->statics, req.gref,
					 GREF_READ_WRITE);
	}

	b2f_cut_skb(&cut, skb);
	skb_walk_frags(skb, part)
		b2f_cut_skb(&cut, part);
	job->end_copy = b2f->batch.nr;
	b2f->fresh += max_t(u32, skb_shinfo(skb)->gso_segs, 1);
	if (cut.statics)
		stat_add(b2f_stats(queue), B2F_static_copies, cut.statics);
}

/*
 * The guest has fewer than @need buffers: stop until it posts them. Returns
 * false when it just did.
 */
static bool b2f_stop(struct queue *queue, unsigned int need)
{
	struct b2f *b2f = &queue->b2f;

	b2f->stopped = jiffies;
	netif_tx_stop_queue(queue_txq(queue));
	/* Pairs with b2f_poll(), which reads @need and wakes. */
	smp_store_release(&b2f->need, need);
	/* An event that was asked for is never spurious. */
	line_earn(b2f->line);
	if (ring_back_arm(&b2f->ring, need)) {
		WRITE_ONCE(b2f->need, 0);
		netif_tx_start_queue(queue_txq(queue));
		return false;
	}
	stat_inc(b2f_stats(queue), B2F_stops);
	mod_timer(&b2f->timer, jiffies +
		  (b2f_guest_notifies(queue) ?
		   msecs_to_jiffies(netback_drain_ms) : B2F_BLIND_POLL));
	return true;
}

/* The guest has buffers again. */
static void b2f_resume(struct queue *queue)
{
	struct b2f *b2f = &queue->b2f;

	WRITE_ONCE(b2f->need, 0);
	WRITE_ONCE(b2f->draining, false);
	if (b2f->stalled) {
		b2f->stalled = false;
		link_stall(queue->vif, false);
		if (vif_may_log(queue->vif))
			netdev_info(queue->vif->dev,
				    "guest takes frames again\n");
	}
	netif_tx_wake_queue(queue_txq(queue));
}

/* What the frame cannot be carried for, or XENNET_OK. */
static enum xennet_reason b2f_judge(const struct queue *queue,
				    const struct sk_buff *skb)
{
	if (READ_ONCE(queue->vif->broken) || queue->b2f.closed)
		return XENNET_NOT_CONNECTED;
	if (skb->len < ETH_HLEN)
		return XENNET_RUNT;
	if (skb->len > XENNET_PACKET_MAX)
		return XENNET_OVERSIZE;
	return XENNET_OK;
}

/* Runs of bytes the frame's memory is in. */
static unsigned int b2f_runs(const struct sk_buff *skb)
{
	unsigned int runs = 1 + skb_shinfo(skb)->nr_frags;
	const struct sk_buff *part;

	skb_walk_frags(skb, part) {
		/* A list within a list is nothing that receiving makes. */
		if (skb_has_frag_list(part))
			return UINT_MAX;
		runs += 1 + skb_shinfo(part)->nr_frags;
	}
	return runs;
}

/* Sees to it that the batch has room for the frame, whatever it is like. */
static enum xennet_reason b2f_make_room(struct queue *queue,
					struct sk_buff *skb)
{
	unsigned int runs = b2f_runs(skb);

	if (runs > B2F_RUNS_MAX) {
		if (skb_linearize(skb))
			return XENNET_NO_MEMORY;
		runs = 1;
	}
	if (copy_batch_room(&queue->b2f.batch) < B2F_COPIES(runs))
		b2f_flush(queue);
	return XENNET_OK;
}

/*
 * May the batch wait for more frames, though the stack has none at hand? Only for
 * the sake of the hypercall they would share. The guest's event, which they
 * would share as well, is the guest's to ask for.
 */
static bool b2f_waits(struct queue *queue)
{
	const struct xennet_coalesce *c = &queue->vif->tx_coalesce;
	struct b2f *b2f = &queue->b2f;
	u32 count = b2f->fresh;

	b2f->fresh = 0;
	if (!b2f->batch.nr)
		return false;
	if (count && READ_ONCE(c->adaptive))
		xennet_pace_note(&b2f->pace, this_cpu_ptr(&b2f_crowd), count,
				 ktime_get_ns());
	if (b2f->nr_jobs >= xennet_coalesce_ahead(c, &b2f->pace, true,
						  XENNET_RING_SIZE))
		return false;
	if (!hrtimer_is_queued(&b2f->batch_timer))
		hrtimer_start(&b2f->batch_timer,
			      ns_to_ktime(xennet_coalesce_nsecs(c, &b2f->pace)),
			      HRTIMER_MODE_REL_SOFT);
	return true;
}

/* Is the batch to go now? */
static bool b2f_due(struct queue *queue)
{
	struct b2f *b2f = &queue->b2f;

	return b2f->nr_jobs == B2F_JOBS_MAX ||
	       copy_batch_room(&b2f->batch) < B2F_COPIES_USUAL ||
	       netif_xmit_stopped(queue_txq(queue)) ||
	       (!netdev_xmit_more() && !b2f_waits(queue));
}

/**
 * b2f_xmit() - send a frame to the guest
 * @queue: queue
 * @skb: frame
 *
 * Frames are collected while the stack has more for this queue, or more are
 * expected soon, and copied with one hypercall.
 *
 * Context: the transmit queue's lock held, soft interrupts off.
 *
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY with the queue stopped.
 */
netdev_tx_t b2f_xmit(struct queue *queue, struct sk_buff *skb)
{
	enum xennet_reason reason = b2f_judge(queue, skb);
	struct b2f *b2f = &queue->b2f;
	struct b2f_frame frame;
	struct b2f_plan plan;
	u32 avail;

	if (reason != XENNET_OK)
		goto drop;
	if (!filter_wants(queue->vif, skb->data)) {
		stat_inc(b2f_stats(queue), B2F_filtered);
		dev_consume_skb_any(skb);
		goto out;
	}
	if ((xennet_is_dhcp(skb) ||
	     !xennet_takes_tag(skb, queue->vif->features)) &&
	    !xennet_fill_csum(skb)) {
		reason = XENNET_BAD_CHECKSUM;
		goto drop;
	}
	reason = b2f_make_room(queue, skb);
	if (reason != XENNET_OK)
		goto drop;
	b2f_describe(queue, skb, &frame);
	b2f_plan(&frame, &plan);
	if (plan.nr_slots > B2F_SLOTS_MAX) {
		reason = XENNET_TOO_MANY_SLOTS;
		goto drop;
	}
	avail = b2f_avail(queue);
	if (avail < plan.nr_slots && !READ_ONCE(b2f->draining)) {
		b2f_flush(queue);
		if (b2f_stop(queue, plan.nr_slots))
			return NETDEV_TX_BUSY;
		avail = b2f_avail(queue);
	}
	if (avail < plan.nr_slots) {
		reason = XENNET_NO_BUFFERS;
		goto drop;
	}
	if (b2f->draining)
		b2f_resume(queue);
	skb_tx_timestamp(skb);
	b2f_add(queue, skb, &frame, &plan);
	if (avail == plan.nr_slots)
		b2f_stop(queue, 1);
	goto out;

drop:
	b2f_drop(queue, skb, reason);
out:
	if (b2f_due(queue))
		b2f_flush(queue);
	return NETDEV_TX_OK;
}

/**
 * b2f_batch_fired() - the batch has waited for long enough
 * @timer: struct b2f.batch_timer
 *
 * Return: HRTIMER_NORESTART.
 */
enum hrtimer_restart b2f_batch_fired(struct hrtimer *timer)
{
	struct queue *queue = container_of(timer, struct queue,
					   b2f.batch_timer);
	struct netdev_queue *txq = queue_txq(queue);

	__netif_tx_lock(txq, smp_processor_id());
	b2f_flush(queue);
	__netif_tx_unlock(txq);
	return HRTIMER_NORESTART;
}

/**
 * b2f_poll() - has the guest posted what the stopped queue waits for?
 * @queue: queue
 *
 * Context: soft interrupt; the transmit queue's lock not held.
 *
 * Return: true when the queue was woken.
 */
bool b2f_poll(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);
	bool woken = false;
	unsigned int need;

	if (!READ_ONCE(queue->b2f.need))
		return false;
	__netif_tx_lock(txq, smp_processor_id());
	/* Pairs with b2f_stop(). */
	need = smp_load_acquire(&queue->b2f.need);
	if (need && !READ_ONCE(queue->vif->broken) &&
	    (b2f_avail(queue) >= need ||
	     ring_back_arm(&queue->b2f.ring, need))) {
		/* One that came too early may have used up b2f_stop()'s. */
		line_earn(queue->b2f.line);
		b2f_resume(queue);
		woken = true;
	}
	__netif_tx_unlock(txq);
	return woken;
}

/**
 * b2f_count_event() - the guest has notified of this ring alone
 * @queue: queue with two event channels
 *
 * Context: soft interrupt; the transmit queue's lock not held.
 */
void b2f_count_event(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);

	__netif_tx_lock(txq, smp_processor_id());
	stat_inc(b2f_stats(queue), B2F_events);
	__netif_tx_unlock(txq);
}

/**
 * b2f_close() - send what is at hand and no more, and wake nobody
 * @queue: queue, still in the interface's sight
 *
 * Whatever the guest posts from now on, the carrier that the interface turns
 * off next stays off.
 *
 * Context: may sleep; RTNL held.
 */
void b2f_close(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);

	__netif_tx_lock_bh(txq);
	queue->b2f.closed = true;
	b2f_flush(queue);
	WRITE_ONCE(queue->b2f.need, 0);
	__netif_tx_unlock_bh(txq);
}

/* The guest's time is up: let frames pass, to be dropped one by one. */
static void b2f_expire(struct queue *queue)
{
	struct b2f *b2f = &queue->b2f;
	unsigned long stall = msecs_to_jiffies(netback_stall_ms);

	if (!b2f->draining) {
		vif_warn(queue->vif, queue->id, "frames to guest dropped: %s",
			 xennet_reason_text(XENNET_NO_BUFFERS));
		WRITE_ONCE(b2f->draining, true);
		netif_tx_wake_queue(queue_txq(queue));
	}
	if (!netback_stall_ms || b2f->stalled || !b2f_guest_notifies(queue))
		return;
	if (time_before(jiffies, b2f->stopped + stall)) {
		mod_timer(&b2f->timer, b2f->stopped + stall);
		return;
	}
	b2f->stalled = true;
	stat_inc(b2f_stats(queue), B2F_stalls);
	vif_warn(queue->vif, queue->id, "guest takes no frames, carrier off");
	link_stall(queue->vif, true);
}

/**
 * b2f_timer_fired() - the stopped queue has waited for a while
 * @t: struct b2f.timer
 */
void b2f_timer_fired(struct timer_list *t)
{
	struct queue *queue = timer_container_of(queue, t, b2f.timer);
	struct netdev_queue *txq = queue_txq(queue);
	unsigned long drain = msecs_to_jiffies(netback_drain_ms);

	if (b2f_poll(queue))
		return;
	__netif_tx_lock(txq, smp_processor_id());
	if (queue->b2f.need && !READ_ONCE(queue->vif->broken)) {
		if (time_after_eq(jiffies, queue->b2f.stopped + drain))
			b2f_expire(queue);
		if (!b2f_guest_notifies(queue))
			mod_timer(&queue->b2f.timer, jiffies + B2F_BLIND_POLL);
	}
	__netif_tx_unlock(txq);
}
