// SPDX-License-Identifier: GPL-2.0
/*
 * Guest to backend: requests to skbs, and answers to requests whose skbs are
 * gone. All of it runs in the queue's NAPI, so nothing here takes a lock.
 *
 * A request passes through these hands, in this order:
 *	f2b_parse	copied out of the ring and judged
 *	f2b_accept	consumed, entered in the ledger, its skb and copies set up
 *	f2b_run		data fetched, skb handed to the stack with its hold
 *	f2b_release	the hold has ended
 *	f2b_conclude	answered, out of the ledger
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <xen/events.h>
#include <xennet/offload.h>
#include "host.h"
#include "queue.h"
#include "trace.h"
#include "xdp.h"

static DEFINE_PER_CPU(struct xennet_crowd, f2b_crowd);

/*
 * Half a page: a head never crosses one, and holds any frame of 1500 + 14. All of one
 * where the kernel's skbs may have more fragments, whose list takes its room from the head.
 */
#define HEAD_SIZE	(MAX_SKB_FRAGS > F2B_FRAGS_MAX ? 4096u : 2048u)
#define HEAD_ROOM	(NET_SKB_PAD + NET_IP_ALIGN)
#define HEAD_MAX	(SKB_WITH_OVERHEAD(HEAD_SIZE) - HEAD_ROOM)
/* Ethernet, VLAN, IPv6 with options, TCP with options: all in one piece. */
#define HEAD_MIN	256u

static_assert(MAX_SKB_FRAGS >= F2B_FRAGS_MAX, "a plan fits an skb");

static struct stats *f2b_stats(struct queue *queue)
{
	return &queue->stats->f2b;
}

/* Answer one packet's slots, in the order they were consumed. */
static void f2b_respond(struct f2b *f2b, const u16 *id, unsigned int nr_ids,
			unsigned int nr_extras, s16 status)
{
	struct f2b_response null = { .status = XENNET_RSP_NULL };
	struct f2b_response rsp = { .status = status };
	unsigned int i;

	for (i = 0; i < nr_ids; i++) {
		rsp.id = id[i];
		f2b_write_response(f2b->sring, f2b->ring.rsp_prod++, &rsp);
		for (; i == 0 && nr_extras; nr_extras--)
			f2b_write_response(f2b->sring, f2b->ring.rsp_prod++,
					   &null);
	}
}

/* A packet in the ledger is done with: its slots are the guest's again. */
static void f2b_conclude(struct queue *queue, unsigned int entry,
			 enum xennet_reason reason)
{
	struct stats *stats = f2b_stats(queue);
	struct f2b *f2b = &queue->f2b;
	const struct f2b_slots *s = &f2b->slots[entry];
	u32 slots;

	f2b_respond(f2b, s->id, s->nr_ids, s->nr_extras,
		    reason == XENNET_OK ? XENNET_RSP_OKAY : XENNET_RSP_ERROR);
	slots = ledger_put(&queue->holds.ledger, entry);
	stat_add(stats, F2B_answered, slots);
	trace_f2b_answered(queue->domid, queue->id, entry, slots, reason);
}

/* Conclude a packet that has not come to hold its slots. */
static void f2b_give_back(struct queue *queue, unsigned int entry,
			  enum xennet_reason reason)
{
	credit_end(&queue->f2b.credit, &queue->holds.hold[entry]->frame,
		   queue->f2b.now, true);
	f2b_conclude(queue, entry, reason);
}

/* A hold has ended: of a packet whose slots wait for that, or were answered. */
static void f2b_end(struct queue *queue, struct hold *hold)
{
	stat_inc(f2b_stats(queue), F2B_END + hold->end);
	credit_end(&queue->f2b.credit, &hold->frame, queue->f2b.now,
		   hold->end != HOLD_FREED);
	if (hold->entry == HOLD_PARKED) {
		hold_forget(hold);
		return;
	}
	trace_f2b_released(queue->domid, queue->id, hold->entry,
			   queue->holds.ledger.slots[hold->entry], hold->end);
	f2b_conclude(queue, hold->entry, XENNET_OK);
}

/* Conclude every packet whose hold has ended. */
static void f2b_release(struct queue *queue)
{
	struct llist_node *list;
	struct hold *hold, *next;

	if (llist_empty(&queue->holds.released))
		return;
	list = llist_reverse_order(llist_del_all(&queue->holds.released));
	llist_for_each_entry_safe(hold, next, list, node)
		f2b_end(queue, hold);
	credit_settle(&queue->f2b.credit, queue->f2b.now);
}

/* Answer a packet that goes on without its slots; holds_can_park() said yes. */
static void f2b_lend(struct queue *queue, struct hold *hold)
{
	u16 entry = hold->entry;

	stat_inc(f2b_stats(queue), F2B_parked);
	trace_f2b_parked(queue->domid, queue->id, entry,
			 queue->holds.ledger.slots[entry],
			 (queue->f2b.now - hold->frame.since) / NSEC_PER_MSEC);
	hold_park(hold);
	f2b_conclude(queue, entry, XENNET_OK);
}

/* Answer packets that get no further. */
static void f2b_park(struct queue *queue)
{
	u32 most = READ_ONCE(netback_park_ms) * NSEC_PER_MSEC / CREDIT_TICK;
	struct f2b *f2b = &queue->f2b;
	struct credit_frame *frame;

	WRITE_ONCE(f2b->ticked, false);
	f2b->credit.host = host_of(queue->vif->dev);
	credit_tick(&f2b->credit, f2b->now, READ_ONCE(f2b->late));
	while (holds_can_park(&queue->holds) &&
	       (frame = credit_park(&f2b->credit, f2b->now, most)))
		f2b_lend(queue, container_of(frame, struct hold, frame));
}

/* May one of the frames that wait go now? */
static bool f2b_has_credit(struct f2b *f2b)
{
	bool has = !READ_ONCE(netback_hold_credit) ||
		   credit_allows(&f2b->credit);

	WRITE_ONCE(f2b->full, !has);
	return has;
}

static void f2b_publish(struct queue *queue)
{
	struct stats *stats = f2b_stats(queue);
	struct ring_back *ring = &queue->f2b.ring;

	if (ring->rsp_prod == ring->rsp_pub)
		return;
	if (ring_back_publish(ring)) {
		notify_remote_via_irq(queue->f2b.irq);
		stat_inc(stats, F2B_notify_sent);
	} else {
		stat_inc(stats, F2B_notify_suppressed);
	}
}

static void f2b_count_drop(struct queue *queue, enum xennet_reason reason)
{
	stat_inc(f2b_stats(queue), F2B_DROP + reason);
	vif_warn(queue->vif, queue->id, "frame from guest dropped: %s",
		 xennet_reason_text(reason));
}

/* An skb with an empty linear part that crosses no page. */
static struct sk_buff *f2b_alloc_head(unsigned int len)
{
	void *buf = napi_alloc_frag_align(HEAD_SIZE, HEAD_SIZE);
	struct sk_buff *skb;

	/* A full frame with a VLAN tag needs no fragment. */
	BUILD_BUG_ON(HEAD_MAX < VLAN_ETH_FRAME_LEN);
	if (!buf)
		return NULL;
	skb = napi_build_skb(buf, HEAD_SIZE);
	if (!skb) {
		skb_free_frag(buf);
		return NULL;
	}
	skb_reserve(skb, HEAD_ROOM);
	__skb_put(skb, len);
	return skb;
}

static struct sk_buff *f2b_alloc(const struct f2b_plan *plan)
{
	struct sk_buff *skb = f2b_alloc_head(plan->head_len);
	unsigned int i;

	for (i = 0; skb && i < plan->nr_frags; i++) {
		struct page *page = dev_alloc_page();

		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		skb_propagate_pfmemalloc(page, skb);
		skb_add_rx_frag(skb, i, page, 0, plan->frag_len[i], PAGE_SIZE);
	}
	return skb;
}

/* Copies from a slot to @to, which is in one page: now or with the batch. */
static void f2b_add_copy(struct queue *queue, const struct f2b_copy *copy,
			 void *to)
{
	struct f2b *f2b = &queue->f2b;
	const void *at = f2b->at[copy->slot];
	struct copy_span span = {
		.gref = f2b->pkt.slot[copy->slot].gref,
		.domid = queue->domid,
		.goff = copy->src_off,
		.page = virt_to_page(to),
		.off = offset_in_page(to),
		.len = copy->len,
	};

	if (at)
		memcpy(to, at + copy->src_off, copy->len);
	else
		copy_batch_from_guest(&f2b->batch, &span);
}

/* Copies to @head, the linear part, and to the fragments of @skb. */
static void f2b_add_copies(struct queue *queue, void *head,
			   const struct sk_buff *skb)
{
	const struct f2b_plan *plan = &queue->f2b.plan;
	u32 before = queue->f2b.batch.nr, batched;
	unsigned int i;

	for (i = 0; i < plan->nr_copies; i++) {
		const struct f2b_copy *copy = &plan->copy[i];
		const skb_frag_t *frag = copy->frag == F2B_TO_HEAD ? NULL :
			&skb_shinfo(skb)->frags[copy->frag];
		void *to = frag ? page_address(skb_frag_page(frag)) : head;

		f2b_add_copy(queue, copy, to + copy->dst_off);
	}
	batched = queue->f2b.batch.nr - before;
	if (plan->nr_copies > batched)
		stat_add(f2b_stats(queue), F2B_static_copies,
			 plan->nr_copies - batched);
}

/* Finds the slots whose data needs no hypercall. */
static void f2b_find(struct queue *queue)
{
	struct f2b *f2b = &queue->f2b;
	unsigned int i;

	for (i = 0; i < f2b->pkt.nr_ids; i++)
		f2b->at[i] = statics_find(&queue->statics,
					  f2b->pkt.slot[i].gref, GREF_READ);
}

/* Plan a packet and set up the memory it is copied to. */
static void f2b_prepare(struct queue *queue, struct f2b_job *job)
{
	struct f2b *f2b = &queue->f2b;
	bool page = xdp_takes(queue, &f2b->pkt);
	const struct f2b_limits lim = {
		.head_max = page ? XENNET_XDP_LEN_MAX : HEAD_MAX,
		.head_min = HEAD_MIN,
	};

	f2b_find(queue);
	f2b_plan(&f2b->pkt, &lim, &f2b->plan);
	job->skb = NULL;
	job->page = NULL;
	job->first_copy = f2b->batch.nr;
	if (page)
		job->page = dev_alloc_page();
	else
		job->skb = f2b_alloc(&f2b->plan);
	if (job->page)
		f2b_add_copies(queue, page_address(job->page) +
				      XDP_PACKET_HEADROOM, NULL);
	else if (job->skb)
		f2b_add_copies(queue, job->skb->data, job->skb);
	job->end_copy = f2b->batch.nr;
}

/*
 * Consume a good packet and set up its skb. Returns false only when the
 * ledger says the guest was never given those slots.
 */
static bool f2b_accept(struct queue *queue)
{
	struct f2b *f2b = &queue->f2b;
	struct f2b_job *job = &f2b->job[f2b->nr_jobs];
	const struct f2b_pkt *pkt = &f2b->pkt;
	int entry = ledger_take(&queue->holds.ledger, pkt->used);
	struct f2b_slots *slots;

	if (entry < 0)
		return false;
	f2b->ring.req_cons += pkt->used;
	f2b->nr_jobs++;

	slots = &f2b->slots[entry];
	slots->nr_ids = pkt->nr_ids;
	slots->nr_extras = pkt->nr_extras;
	memcpy(slots->id, pkt->id, pkt->nr_ids * sizeof(pkt->id[0]));

	credit_begin(&f2b->credit, &queue->holds.hold[entry]->frame, pkt->len,
		     f2b->now);
	job->entry = entry;
	job->pkt_len = pkt->len;
	job->gso_type = pkt->gso_type;
	job->gso_size = pkt->gso_size;
	job->csum_blank = pkt->csum_blank;
	job->data_validated = pkt->data_validated;
	job->hash = pkt->hash;

	f2b_prepare(queue, job);
	trace_f2b_consumed(queue->domid, queue->id, entry, pkt->used, pkt->len);
	return true;
}

/* Does what a packet asks for that is a message and no frame. */
static bool f2b_obey(struct queue *queue)
{
	const struct f2b_pkt *pkt = &queue->f2b.pkt;

	return pkt->reason == XENNET_CONTROL &&
	       filter_change(queue->vif,
			     pkt->mcast_type == XENNET_EXTRA_MCAST_ADD,
			     pkt->mcast_addr);
}

/* A packet that is not carried: answered at once, never in the ledger. */
static void f2b_reject(struct queue *queue)
{
	const struct f2b_pkt *pkt = &queue->f2b.pkt;
	bool obeyed = f2b_obey(queue);

	queue->f2b.ring.req_cons += pkt->used;
	f2b_respond(&queue->f2b, pkt->id, pkt->nr_ids, pkt->nr_extras,
		    obeyed ? XENNET_RSP_OKAY : XENNET_RSP_ERROR);
	stat_add(f2b_stats(queue), F2B_slots, pkt->used);
	stat_add(f2b_stats(queue), F2B_answered, pkt->used);
	if (obeyed)
		stat_inc(f2b_stats(queue), F2B_mcast_changes);
	else
		f2b_count_drop(queue, pkt->reason);
}

/* May @len more bytes pass now? If not, the timer polls when they may. */
static bool f2b_rate_allows(struct queue *queue, u32 len)
{
	struct f2b *f2b = &queue->f2b;
	struct vif *vif = queue->vif;
	u32 wait;

	if (!READ_ONCE(vif->shaper.usec))
		return true;
	spin_lock(&vif->shaper_lock);
	wait = shaper_take(&vif->shaper, len, ktime_to_us(ktime_get()));
	if (wait) {
		WRITE_ONCE(f2b->throttled, true);
		hrtimer_start(&f2b->shaper_timer,
			      ns_to_ktime((u64)wait * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_SOFT);
	}
	spin_unlock(&vif->shaper_lock);
	if (wait)
		stat_inc(f2b_stats(queue), F2B_shaped);
	return !wait;
}

/**
 * f2b_unthrottle() - ask anew what the rate limit allows
 * @queue: queue, to be kicked afterwards
 *
 * Context: vif->shaper_lock held, which keeps new waits away.
 */
void f2b_unthrottle(struct queue *queue)
{
	if (hrtimer_try_to_cancel(&queue->f2b.shaper_timer) == 1)
		WRITE_ONCE(queue->f2b.throttled, false);
}

/* Take one packet out of the ring. Returns false when there is none to take. */
static bool f2b_take(struct queue *queue)
{
	enum xennet_reason reason = XENNET_RING_OVERFLOW;
	struct f2b *f2b = &queue->f2b;
	u32 avail;

	if (ring_back_requests(&f2b->ring, &avail))
		goto broken;
	if (!avail || !f2b_has_credit(f2b))
		return false;
	reason = f2b_parse(f2b->sring, f2b->ring.req_cons, avail,
			   netback_fatal_slots, &f2b->pkt);
	if (xennet_reason_fatal(reason))
		goto broken;
	if (reason != XENNET_OK) {
		f2b_reject(queue);
		return true;
	}
	if (!f2b_rate_allows(queue, f2b_wire_bytes(&f2b->pkt)))
		return false;
	reason = XENNET_RING_OVERFLOW;
	if (!f2b_accept(queue))
		goto broken;
	stat_add(f2b_stats(queue), F2B_slots, f2b->pkt.used);
	return true;

broken:
	if (fault_raise(queue->vif, queue->id, reason))
		stat_inc(f2b_stats(queue), F2B_DROP + reason);
	return false;
}

/* Did the frame's data arrive? */
static enum xennet_reason f2b_fetched(struct queue *queue,
				      const struct f2b_job *job)
{
	if (!job->skb && !job->page)
		return XENNET_NO_MEMORY;
	if (!copy_batch_ok(&queue->f2b.batch, job->first_copy, job->end_copy))
		return XENNET_GRANT_COPY;
	return XENNET_OK;
}

static enum xennet_reason f2b_describe(struct queue *queue,
				       const struct f2b_job *job)
{
	const struct xennet_offload offload = {
		.gso_type = job->gso_type,
		.gso_size = job->gso_size,
		.csum_blank = job->csum_blank,
		.data_validated = job->data_validated,
	};
	struct sk_buff *skb = job->skb;
	enum xennet_reason reason;
	u64 fixed = 0;

	skb->protocol = eth_type_trans(skb, queue->vif->dev);
	skb_reset_network_header(skb);
	skb_record_rx_queue(skb, queue->id);
	if (xennet_set_hash(skb, &job->hash))
		stat_inc(f2b_stats(queue), F2B_hashed);
	reason = xennet_set_offload(skb, &offload, &fixed);
	if (fixed)
		stat_inc(f2b_stats(queue), F2B_csum_fixed);
	if (!reason && job->csum_blank && xennet_is_dhcp(skb) &&
	    !xennet_fill_csum(skb))
		return XENNET_BAD_CHECKSUM;
	return reason;
}

/* Let a frame hold its slots, if it is to. */
static void f2b_hold(struct queue *queue, const struct f2b_job *job)
{
	struct holds *holds = &queue->holds;
	struct stats *stats = f2b_stats(queue);
	struct hold *hold = holds->hold[job->entry];

	if (netback_hold_credit) {
		stat_inc(stats, F2B_holds);
		trace_f2b_held(queue->domid, queue->id, job->entry,
			       holds->ledger.slots[job->entry],
			       holds->ledger.held);
		hold_begin(hold, job->skb);
		hold->frame.lent = hold->frame.lent && holds_can_park(holds);
		if (hold->frame.lent)
			f2b_lend(queue, hold);
	} else {
		stat_inc(stats, F2B_answered_at_once);
		f2b_give_back(queue, job->entry, XENNET_OK);
	}
}

/* A frame that a program has taken: nothing here knows of it any more. */
static void f2b_let_go(struct queue *queue, const struct f2b_job *job)
{
	stat_inc(f2b_stats(queue), F2B_answered_at_once);
	f2b_give_back(queue, job->entry, XENNET_OK);
}

static void f2b_deliver(struct queue *queue, struct f2b_job *job,
			enum xennet_xdp_fate fate, bool seen)
{
	struct stats *stats = f2b_stats(queue);

	if (!seen && !xdp_show_skb(queue, &job->skb)) {
		f2b_let_go(queue, job);
		return;
	}
	f2b_hold(queue, job);
	if (fate == XENNET_XDP_tx) {
		xennet_xdp_send(job->skb);
		return;
	}
	stat_inc(stats, F2B_packets);
	stat_add(stats, F2B_bytes, job->pkt_len);
	netif_receive_skb(job->skb);
}

/* Send a frame whose data has arrived on its way. */
static enum xennet_reason f2b_dispatch(struct queue *queue,
				       struct f2b_job *job)
{
	enum xennet_xdp_fate fate = XENNET_XDP_pass;
	enum xennet_reason reason;
	bool seen = job->page;

	if (seen) {
		reason = xdp_show(queue, job, &fate);
		if (reason != XENNET_OK)
			return reason;
	}
	if (fate > XENNET_XDP_tx) {
		f2b_let_go(queue, job);
		return XENNET_OK;
	}
	reason = f2b_describe(queue, job);
	if (reason == XENNET_OK)
		f2b_deliver(queue, job, fate, seen);
	return reason;
}

/* A frame that is not carried: its memory, and its slots. */
static void f2b_drop(struct queue *queue, struct f2b_job *job,
		     enum xennet_reason reason)
{
	kfree_skb(job->skb);
	if (job->page)
		put_page(job->page);
	f2b_count_drop(queue, reason);
	f2b_give_back(queue, job->entry, reason);
}

/* Fetch the data of all packets of the batch and send them on their way. */
static void f2b_run(struct queue *queue)
{
	struct stats *stats = f2b_stats(queue);
	struct f2b *f2b = &queue->f2b;
	unsigned int i;

	if (f2b->batch.nr) {
		copy_batch_run(&f2b->batch);
		stat_add(stats, F2B_copies, f2b->batch.nr);
		stat_inc(stats, F2B_copy_batches);
	}
	for (i = 0; i < f2b->nr_jobs; i++) {
		struct f2b_job *job = &f2b->job[i];
		enum xennet_reason reason = f2b_fetched(queue, job);

		if (reason == XENNET_OK)
			reason = f2b_dispatch(queue, job);
		if (reason != XENNET_OK)
			f2b_drop(queue, job, reason);
	}
	if (f2b->redirected)
		xdp_do_flush();
	f2b->redirected = false;
	f2b->nr_jobs = 0;
	f2b->batch.nr = 0;
}

static bool f2b_batch_has_room(const struct f2b *f2b)
{
	return f2b->nr_jobs < F2B_JOBS_MAX &&
	       copy_batch_room(&f2b->batch) >= F2B_COPIES_MAX;
}

/* Are requests to be taken at all? */
static bool f2b_open(struct queue *queue)
{
	return netif_running(queue->vif->dev) &&
	       !READ_ONCE(queue->vif->broken) &&
	       !READ_ONCE(queue->f2b.throttled);
}

/*
 * The conservation rule, both ways: the ledger in itself, and against the
 * indices of the ring.
 */
static void f2b_check_ledger(struct queue *queue)
{
	const struct ledger *ledger = &queue->holds.ledger;

	if (ledger_is_valid(ledger) &&
	    ledger->held == ring_back_held(&queue->f2b.ring))
		return;
	stat_inc(f2b_stats(queue), F2B_ledger_invalid);
	vif_warn(queue->vif, queue->id, "ledger: %u held, ring: %u",
		 ledger->held, ring_back_held(&queue->f2b.ring));
}

/*
 * How many requests f2b_arm() is to wait for: one, or where the user has asked
 * for fewer events and requests come in, several: xennet/coalesce.h. Started
 * here, the timer is stopped by queue_stop(), which waits for the poll.
 */
static void f2b_pace(struct queue *queue, unsigned int taken)
{
	const struct xennet_coalesce *c = &queue->vif->coalesce;
	struct f2b *f2b = &queue->f2b;
	bool waits = hrtimer_is_queued(&f2b->coalesce_timer);
	u32 most = XENNET_RING_SIZE - ring_back_held(&f2b->ring);
	u32 ahead;

	if (taken && READ_ONCE(c->adaptive))
		xennet_pace_note(&f2b->pace, this_cpu_ptr(&f2b_crowd), taken,
				 ktime_get_ns());
	ahead = xennet_coalesce_ahead(c, &f2b->pace, taken || waits, most);
	WRITE_ONCE(f2b->ahead, ahead);
	if (ahead > 1 && !waits)
		hrtimer_start(&f2b->coalesce_timer,
			      ns_to_ktime(xennet_coalesce_nsecs(c, &f2b->pace)),
			      HRTIMER_MODE_REL_SOFT);
}

/* While something is under way its clock runs; queue_stop() ends that. */
static void f2b_watch(struct f2b *f2b)
{
	if (f2b->credit.underway && !hrtimer_is_queued(&f2b->credit_timer))
		hrtimer_start(&f2b->credit_timer, ns_to_ktime(CREDIT_TICK),
			      HRTIMER_MODE_REL_SOFT);
}

/**
 * f2b_poll() - answer what ended, take what was posted
 * @queue: queue
 * @budget: packets to take at most
 *
 * Context: the queue's NAPI.
 *
 * Return: packets taken; @budget when there may be more.
 */
int f2b_poll(struct queue *queue, int budget)
{
	struct f2b *f2b = &queue->f2b;
	int done = 0;

	f2b->now = ktime_get_ns();
	WRITE_ONCE(queue->holds.poller, smp_processor_id());
	f2b_release(queue);
	if (READ_ONCE(f2b->ticked))
		f2b_park(queue);
	WRITE_ONCE(f2b->full, false);
	while (done < budget && f2b_open(queue)) {
		bool more = true;
		int before = done;

		while (more && done < budget && f2b_batch_has_room(f2b)) {
			more = f2b_take(queue);
			done += more;
		}
		f2b_run(queue);
		f2b_release(queue);
		if (done == before)
			break;
	}
	if (done)
		line_earn(queue->f2b.line);
	/* What ends from here on has the NAPI scheduled again. */
	WRITE_ONCE(queue->holds.poller, -1);
	f2b_release(queue);
	if (f2b->full)
		stat_add(f2b_stats(queue), F2B_full, !f2b_has_credit(f2b));
	f2b_publish(queue);
	f2b_pace(queue, done);
	f2b_watch(f2b);
	if (netback_check_ledger)
		f2b_check_ledger(queue);
	return done;
}

/**
 * f2b_arm() - ask the guest to notify of as many requests as f2b_pace() says
 * @queue: queue
 *
 * Context: the queue's NAPI, before napi_complete_done().
 *
 * Return: true when requests wait already: poll again.
 */
bool f2b_arm(struct queue *queue)
{
	return f2b_open(queue) && !READ_ONCE(queue->f2b.full) &&
	       ring_back_arm(&queue->f2b.ring, READ_ONCE(queue->f2b.ahead));
}

/**
 * f2b_answer_all() - answer every packet still underway
 * @queue: queue whose NAPI is disabled, its event channels still bound
 *
 * For a guest that outlives this backend: its next one starts from the last
 * answer, and would otherwise carry those packets a second time. One whose
 * ring was full waits for the event, as it has nothing to send. The holds go
 * on, but nobody counts their ends any more: they count as ended here.
 *
 * Context: may sleep.
 */
void f2b_answer_all(struct queue *queue)
{
	const struct ledger *ledger = &queue->holds.ledger;
	struct stats *stats = f2b_stats(queue);
	unsigned int entry;

	queue->f2b.now = ktime_get_ns();
	f2b_release(queue);
	stat_add(stats, F2B_END + HOLD_LEFT, queue->holds.nr_parked);
	for (entry = 0; entry < XENNET_RING_SIZE; entry++) {
		if (!ledger->slots[entry])
			continue;
		stat_inc(stats, F2B_END + HOLD_LEFT);
		f2b_conclude(queue, entry, XENNET_OK);
	}
	f2b_publish(queue);
}

/**
 * f2b_coalesce_fired() - requests have waited for an event for long enough
 * @timer: struct f2b.coalesce_timer
 *
 * Return: HRTIMER_NORESTART.
 */
enum hrtimer_restart f2b_coalesce_fired(struct hrtimer *timer)
{
	struct queue *queue = container_of(timer, struct queue,
					   f2b.coalesce_timer);

	napi_schedule(&queue->napi);
	return HRTIMER_NORESTART;
}

/**
 * f2b_credit_fired() - time to see what gets no further
 * @timer: struct f2b.credit_timer
 *
 * Return: HRTIMER_NORESTART.
 */
enum hrtimer_restart f2b_credit_fired(struct hrtimer *timer)
{
	struct queue *queue = container_of(timer, struct queue,
					   f2b.credit_timer);

	WRITE_ONCE(queue->f2b.late,
		   ktime_to_ns(ktime_sub(hrtimer_cb_get_time(timer),
					 hrtimer_get_expires(timer))));
	WRITE_ONCE(queue->f2b.ticked, true);
	napi_schedule(&queue->napi);
	return HRTIMER_NORESTART;
}

/**
 * f2b_shaper_fired() - the rate limit has tokens again
 * @timer: struct f2b.shaper_timer
 *
 * Return: HRTIMER_NORESTART.
 */
enum hrtimer_restart f2b_shaper_fired(struct hrtimer *timer)
{
	struct queue *queue = container_of(timer, struct queue,
					   f2b.shaper_timer);

	WRITE_ONCE(queue->f2b.throttled, false);
	napi_schedule(&queue->napi);
	return HRTIMER_NORESTART;
}
