// SPDX-License-Identifier: GPL-2.0
/* Guest to backend: transmit, and take answered slots back. */
#include <xen/events.h>
#include <xen/page.h>
#include "netfront.h"
#include "trace.h"

/*
 * Names one slot, and grants its page unless that is granted for good. There is
 * an id for every slot of the ring, so a frame the ring has room for gets its
 * ids.
 */
static void post_piece(struct queue *queue, struct sk_buff *skb,
		       unsigned int nr)
{
	struct tx *tx = &queue->tx;
	struct f2b_piece *piece = &tx->pkt.shape.piece[nr];
	struct tx_slot slot = { .skb = skb, .memory = tx->pkt.memory };

	piece->id = ids_take(&tx->ids);
	if (slot.memory == TX_STATIC) {
		slot.nr = tx->pkt.nr[nr];
		piece->gref = tx->statics.gref[slot.nr];
	} else {
		slot.page = tx->pkt.page[piece->run] + piece->page;
		piece->gref = tx->gref[piece->id];
		gnttab_page_grant_foreign_access_ref_one(piece->gref,
							 queue->front->xbdev->otherend_id,
							 slot.page,
							 GNTMAP_readonly);
	}
	tx->slot[piece->id] = slot;
	trace_front_slot_posted(queue->front->dev, queue->id, piece);
}

/* Writes the scratch packet to the ring. */
static void post(struct queue *queue, struct sk_buff *skb)
{
	struct tx *tx = &queue->tx;
	struct f2b_shape *shape = &tx->pkt.shape;
	unsigned int i;

	for (i = 0; i < shape->nr_pieces; i++)
		post_piece(queue, i ? skb_get(skb) : skb, i);
	tx->slot[shape->piece[i - 1].id].bytes = skb->len;
	for (i = 0; i < shape->nr_extras; i++)
		ids_take_extra(&tx->ids);
	f2b_build(tx->sring, tx->ring.req_prod, &tx->pkt.frame, shape);
	tx->ring.req_prod += shape->nr_slots;
	stat_add(&queue->xmit_stats, f2b_slots, shape->nr_slots);
}

static void publish(struct queue *queue)
{
	struct tx *tx = &queue->tx;

	if (!tx->open || tx->ring.req_pub == tx->ring.req_prod)
		return;
	if (ring_front_publish(&tx->ring)) {
		notify_remote_via_irq(queue_f2b_line(queue)->irq);
		stat_inc(&queue->xmit_stats, f2b_notify_sent);
	} else {
		stat_inc(&queue->xmit_stats, f2b_notify_suppressed);
	}
}

/* Slots that may be posted: of the ring's free ones, those the user allows. */
static u32 room(const struct queue *queue)
{
	u32 used = XENNET_RING_SIZE - ring_front_free(&queue->tx.ring);
	u32 limit = queue->front->tx_pending;

	return used < limit ? limit - used : 0;
}

/* Stops the transmit queue unless the longest packet still fits. */
static void maybe_stop(struct queue *queue)
{
	if (room(queue) >= F2B_SLOTS_NEED)
		return;
	netif_tx_stop_queue(queue_txq(queue));
	stat_inc(&queue->xmit_stats, f2b_stops);
}

static void start_timer(struct queue *queue)
{
	u32 usecs = READ_ONCE(queue->front->tx_coalesce.usecs);

	if (!timer_pending(&queue->tx.timer))
		mod_timer(&queue->tx.timer, jiffies + usecs_to_jiffies(usecs));
}

/*
 * A packet is lone when no event would tell that it is answered: few slots are
 * outstanding, see tx_arm(). It leaves its socket here, with the time stamp that may
 * want, so that nobody waits for that; the next poll takes its slots back, or the timer.
 * Its memory may be its user's, who does wait then. Without the lock, because sockets
 * take their own: expect() puts right what NAPI changes meanwhile.
 */
static bool leave_socket(const struct queue *queue, struct sk_buff *skb)
{
	const struct tx *tx = &queue->tx;

	if (skb_zcopy(skb) ||
	    ring_front_announced(&tx->ring, tx->ring.req_prod +
					    tx->pkt.shape.nr_slots))
		return false;
	skb_tx_timestamp(skb);
	skb_orphan(skb);
	nf_reset_ct(skb);
	return true;
}

/* Has the answers to what was posted announced, or by the timer looked for. */
static void expect(struct queue *queue, bool lone)
{
	struct tx *tx = &queue->tx;

	if (lone && !netif_xmit_stopped(queue_txq(queue))) {
		stat_inc(&queue->xmit_stats, f2b_lone);
		start_timer(queue);
		return;
	}
	tx->owed = tx->ring.req_prod;
	if (!ring_front_announced(&tx->ring, tx->owed))
		ring_front_arm(&tx->ring, tx->owed - tx->ring.rsp_cons);
}

/**
 * tx_xmit() - transmit a packet
 * @queue: the queue
 * @skb: the packet; consumed
 *
 * A packet is shown to the backend at the end of the stack's batch, also when
 * the last of the batch is dropped. The transmit queue is stopped while the
 * longest packet would not fit, so there is always room; a caller that does
 * not look is turned away.
 *
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY with @skb untouched.
 */
netdev_tx_t tx_xmit(struct queue *queue, struct sk_buff *skb)
{
	enum xennet_reason reason = frame_prepare(queue, skb);
	struct tx *tx = &queue->tx;
	bool last = !netdev_xmit_more();
	bool lone = !reason && leave_socket(queue, skb);
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (!reason && !tx->open)
		reason = XENNET_NOT_CONNECTED;
	if (!reason && room(queue) < tx->pkt.shape.nr_slots) {
		spin_unlock_irqrestore(&tx->lock, flags);
		frame_release(queue);
		return NETDEV_TX_BUSY;
	}
	if (!reason) {
		skb_tx_timestamp(skb);
		post(queue, skb);
		maybe_stop(queue);
		last = __netdev_tx_sent_queue(queue_txq(queue), skb->len, !last);
		expect(queue, lone);
	}
	if (last)
		publish(queue);
	spin_unlock_irqrestore(&tx->lock, flags);

	if (reason) {
		frame_release(queue);
		stat_inc(&queue->xmit_stats, drop[reason]);
		dev_kfree_skb_any(skb);
	}
	return NETDEV_TX_OK;
}

/* As post(), of a message: an id and an extra, and nothing to grant. */
static void post_word(struct tx *tx, const struct groups_change *change)
{
	u16 id = ids_take(&tx->ids);

	ids_take_extra(&tx->ids);
	tx->slot[id] = (struct tx_slot) {};
	f2b_build_mcast(tx->sring, tx->ring.req_prod, id, change->add,
			change->addr);
	tx->ring.req_prod += F2B_MCAST_SLOTS;
	tx->word = TX_WORD_SENT;
}

/**
 * tx_tell() - have the backend change its list of multicast addresses
 * @queue: the queue
 * @change: what to change
 *
 * front->filter.work is run when the backend has answered: see tx_heard().
 *
 * Return: false when it cannot be told now: it still owes the last answer,
 * there is no room, or no connection.
 */
bool tx_tell(struct queue *queue, const struct groups_change *change)
{
	struct netdev_queue *txq = queue_txq(queue);
	struct tx *tx = &queue->tx;
	unsigned long flags;
	bool told;

	__netif_tx_lock_bh(txq);
	spin_lock_irqsave(&tx->lock, flags);
	told = tx->open && tx->word != TX_WORD_SENT &&
	       room(queue) >= F2B_MCAST_SLOTS;
	if (told) {
		post_word(tx, change);
		stat_add(&queue->xmit_stats, f2b_slots, F2B_MCAST_SLOTS);
		maybe_stop(queue);
		expect(queue, false);
		publish(queue);
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	__netif_tx_unlock_bh(txq);
	return told;
}

/**
 * tx_heard() - what became of the last message
 * @queue: the queue
 *
 * Return: TX_WORD_TAKEN or TX_WORD_REFUSED, once a message; otherwise
 * TX_WORD_SENT or TX_WORD_NONE.
 */
enum tx_word tx_heard(struct queue *queue)
{
	struct tx *tx = &queue->tx;
	unsigned long flags;
	enum tx_word word;

	spin_lock_irqsave(&tx->lock, flags);
	word = tx->word;
	if (word != TX_WORD_SENT)
		tx->word = TX_WORD_NONE;
	spin_unlock_irqrestore(&tx->lock, flags);
	return word;
}

/* Gives a slot's memory back; references of sent packets are left to finish(). */
static void finish_slot(struct tx *tx, u16 id, bool sent)
{
	struct tx_slot *slot = &tx->slot[id];
	struct tx_done *done = &tx->done;

	if (slot->memory == TX_BOUNCED)
		__free_page(slot->page);
	else if (slot->memory == TX_STATIC)
		tx->statics.back[tx->statics.nr_back++] = slot->nr;
	if (slot->bytes) {
		done->packets++;
		done->bytes += slot->bytes;
	}
	if (sent) {
		done->skb[done->nr++] = slot->skb;
		return;
	}
	if (slot->bytes) {
		done->failed++;
		done->failed_bytes += slot->bytes;
	}
	dev_kfree_skb_any(slot->skb);
}

static void finish_word(struct tx *tx, bool taken)
{
	tx->word = taken ? TX_WORD_TAKEN : TX_WORD_REFUSED;
	tx->done.word = tx->word;
}

/* The order of the checks leaves an id whose page is still in use posted. */
static enum xennet_reason take_answer(struct queue *queue,
				      const struct f2b_response *rsp)
{
	bool okay = rsp->status == XENNET_RSP_OKAY;
	struct tx *tx = &queue->tx;

	if (rsp->status == XENNET_RSP_NULL)
		return ids_put_extra(&tx->ids);
	if (!ids_is_posted(&tx->ids, rsp->id))
		return XENNET_BAD_ID;
	if (!tx->slot[rsp->id].skb) {
		finish_word(tx, okay);
		return ids_put(&tx->ids, rsp->id);
	}
	if (tx->slot[rsp->id].memory != TX_STATIC &&
	    !gnttab_end_foreign_access_ref(tx->gref[rsp->id]))
		return XENNET_GRANT_IN_USE;
	finish_slot(tx, rsp->id, okay);
	return ids_put(&tx->ids, rsp->id);
}

/* Takes all responses that wait; returns a fatal reason or XENNET_OK. */
static enum xennet_reason take_answers(struct queue *queue)
{
	struct tx *tx = &queue->tx;
	enum xennet_reason reason = XENNET_OK;
	u32 n, start = tx->ring.rsp_cons;

	if (ring_front_responses(&tx->ring, &n))
		return XENNET_RING_OVERFLOW;
	while (n-- && !reason) {
		struct f2b_response rsp;

		f2b_read_response(tx->sring, tx->ring.rsp_cons, &rsp);
		reason = take_answer(queue, &rsp);
		trace_front_slot_answered(queue->front->dev, queue->id, &rsp);
		if (!reason)
			tx->ring.rsp_cons++;
	}
	stat_add(&queue->napi_stats, f2b_answered, tx->ring.rsp_cons - start);
	if (tx->ring.rsp_cons != start)
		queue_f2b_line(queue)->worked = true;
	return reason;
}

static void maybe_wake(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);

	if (!netif_tx_queue_stopped(txq) || !queue->tx.open ||
	    room(queue) < F2B_SLOTS_NEED ||
	    !netif_running(queue->front->dev))
		return;
	netif_tx_wake_queue(txq);
	stat_inc(&queue->napi_stats, f2b_wakes);
}

/* The work may sleep, and says what is next. */
static void report_word(struct queue *queue, enum tx_word word)
{
	struct napi_stats *stats = &queue->napi_stats;

	if (word == TX_WORD_NONE)
		return;
	if (word == TX_WORD_TAKEN) {
		stat_inc(stats, f2b_mcast_changes);
	} else {
		stat_inc(stats, f2b_drop[XENNET_CONTROL]);
		drop_report(queue, XENNET_CONTROL);
	}
	mod_delayed_work(system_wq, &queue->front->filter.work, 0);
}

static void finish(struct queue *queue, int budget)
{
	struct napi_stats *stats = &queue->napi_stats;
	struct tx_done *done = &queue->tx.done;

	stat_add(stats, f2b_packets, done->packets - done->failed);
	stat_add(stats, f2b_bytes, done->bytes - done->failed_bytes);
	if (done->failed) {
		stat_add(stats, f2b_drop[XENNET_PEER_ERROR], done->failed);
		drop_report(queue, XENNET_PEER_ERROR);
	}
	report_word(queue, done->word);
	netdev_tx_completed_queue(queue_txq(queue), done->packets, done->bytes);
	while (done->nr)
		napi_consume_skb(done->skb[--done->nr], budget);
	done->packets = 0;
	done->bytes = 0;
	done->failed = 0;
	done->failed_bytes = 0;
	done->word = TX_WORD_NONE;
}

/**
 * tx_reclaim() - take answered slots back
 * @queue: the queue
 * @budget: NAPI's
 *
 * All that wait are taken: there are at most XENNET_RING_SIZE.
 */
void tx_reclaim(struct queue *queue, int budget)
{
	struct tx *tx = &queue->tx;
	enum xennet_reason reason;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	reason = take_answers(queue);
	maybe_wake(queue);
	spin_unlock_irqrestore(&tx->lock, flags);

	finish(queue, budget);
	if (reason)
		fault_raise(queue, reason);
}

/* Does somebody wait for answers? */
static bool is_owed(const struct tx *tx)
{
	u32 ahead = tx->owed - tx->ring.rsp_cons;

	return ahead && ahead <= tx->ring.req_prod - tx->ring.rsp_cons;
}

/**
 * tx_arm() - ask to hear of further responses
 * @queue: the queue
 *
 * While somebody waits for answers, one event for a quarter of the slots
 * outstanding, or for as many as the user says. Why this cannot stall: the
 * backend owes an answer to every slot, so either so many get answered and the
 * event comes; or it holds most slots for long, the packets being stuck further
 * down, and answers a few others: those the timer finds. A stopped transmit
 * queue, BQL and a socket waiting for its memory therefore wait tx-usecs at most
 * longer than the backend; with fewer than 8 slots outstanding not at all.
 *
 * While nobody waits, fewer than TX_LONE slots are answered without an event. Their
 * packets are free of their sockets; a packet posted behind them that is not
 * has the threshold among its slots or before: see expect().
 *
 * Return: true when there is more to reclaim already.
 */
bool tx_arm(struct queue *queue)
{
	const struct xennet_coalesce *c = &queue->front->tx_coalesce;
	struct tx *tx = &queue->tx;
	u32 ahead, outstanding;
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&tx->lock, flags);
	outstanding = tx->ring.req_prod - tx->ring.rsp_cons;
	ahead = is_owed(tx) ? outstanding / 4 : TX_LONE;
	ahead = max(min(ahead, READ_ONCE(c->frames)), 1u);
	more = ring_front_arm(&tx->ring, ahead);
	if (outstanding && ahead > 1)
		start_timer(queue);
	spin_unlock_irqrestore(&tx->lock, flags);
	return more;
}

static void timer_fired(struct timer_list *timer)
{
	struct queue *queue = timer_container_of(queue, timer, tx.timer);

	napi_schedule(&queue->napi);
}

/**
 * tx_create() - set up what outlives a connection
 * @queue: the queue
 */
void tx_create(struct queue *queue)
{
	spin_lock_init(&queue->tx.lock);
	timer_setup(&queue->tx.timer, timer_fired, 0);
	ids_init(&queue->tx.ids);
}

/**
 * tx_connect() - set up the ring and its grants
 * @queue: disconnected queue
 *
 * Return: 0 or an error.
 */
int tx_connect(struct queue *queue)
{
	struct tx *tx = &queue->tx;
	void *page = ring_page_create(queue->front, &tx->ring_ref);
	int err;

	if (IS_ERR(page))
		return PTR_ERR(page);
	err = grefs_alloc(tx->gref, XENNET_RING_SIZE);
	if (err) {
		ring_page_destroy(page, tx->ring_ref);
		return err;
	}
	tx->sring = page;
	ring_front_init(&tx->ring, &tx->sring->hdr);
	ids_init(&tx->ids);
	tx->word = TX_WORD_NONE;
	tx->owed = 0;
	return 0;
}

/* Gives up one slot; what is granted lives on while the backend maps it. */
static void drop_slot(struct queue *queue, u16 id)
{
	struct tx_slot *slot = &queue->tx.slot[id];
	grant_ref_t gref = queue->tx.gref[id];

	if (slot->bytes)
		stat_inc(&queue->napi_stats, f2b_drop[XENNET_NOT_CONNECTED]);
	if (slot->memory == TX_SKB) {
		linger_free(gref, slot->skb);
		return;
	}
	if (slot->memory == TX_STATIC)
		gnttab_free_grant_reference(gref);
	else
		gnttab_end_foreign_access(gref, slot->page);
	dev_kfree_skb_any(slot->skb);
}

/**
 * tx_disconnect() - counterpart of tx_connect()
 * @queue: stopped queue
 *
 * Packets not answered are lost.
 */
void tx_disconnect(struct queue *queue)
{
	struct tx *tx = &queue->tx;
	u16 id;

	for (id = 0; id < XENNET_RING_SIZE; id++) {
		if (ids_is_posted(&tx->ids, id) && tx->slot[id].skb)
			drop_slot(queue, id);
		else
			gnttab_free_grant_reference(tx->gref[id]);
	}
	ids_init(&tx->ids);
	statics_free(tx);
	ring_page_destroy(tx->sring, tx->ring_ref);
	tx->sring = NULL;
	tx->ring = (struct ring_front) {};
}
