// SPDX-License-Identifier: GPL-2.0
/* Backend to guest: receive. */
#include <linux/etherdevice.h>
#include <xen/events.h>
#include <xen/page.h>
#include <xennet/offload.h>
#include "b2f_parse.h"
#include "netfront.h"
#include "trace.h"

static DEFINE_PER_CPU(struct xennet_crowd, rx_crowd);

/* A spare page with what is in a buffer's, which stays. */
static struct page *copy_page_of(struct queue *queue, u32 nr,
				 const struct b2f_piece *piece)
{
	struct rx *rx = &queue->rx;
	struct page *page = rx->spare[--rx->nr_spare];

	memcpy(page_address(page) + piece->offset,
	       page_address(rx->page[nr]) + piece->offset, piece->len);
	return page;
}

static u32 piece_nr(const struct queue *queue, const struct b2f_piece *piece)
{
	return buffer_nr(&queue->rx, queue->rx.ring.rsp_cons + piece->slot);
}

/* Copies from a page that stays granted: read once, checked afterwards. */
static void copy_piece(struct queue *queue, struct sk_buff *skb,
		       const struct b2f_piece *piece)
{
	struct page *page = queue->rx.page[piece_nr(queue, piece)];

	skb_put_data(skb, page_address(page) + piece->offset, piece->len);
	stat_inc(&queue->napi_stats, b2f_copied);
}

static enum xennet_reason attach_pieces(struct queue *queue,
					struct sk_buff *skb,
					const struct b2f_pkt *pkt,
					unsigned int first)
{
	unsigned int i;

	skb_mark_for_recycle(skb);
	for (i = first; i < pkt->nr_pieces; i++) {
		const struct b2f_piece *piece = &pkt->piece[i];
		u32 nr = piece_nr(queue, piece);
		struct page *page = READ_ONCE(queue->rx.fixed) ?
			copy_page_of(queue, nr, piece) :
			buffers_swap(queue, nr);

		if (!page)
			return XENNET_GRANT_IN_USE;
		skb_add_rx_frag(skb, i - first, page, piece->offset,
				piece->len, PAGE_SIZE);
	}
	return XENNET_OK;
}

/* Moves the headers, and only these, to the linear part. */
static void pull_headers(struct sk_buff *skb)
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	u32 len = min_t(u32, skb_frag_size(frag), RX_COPYBREAK);

	__pskb_pull_tail(skb, eth_get_headlen(skb->dev, skb_frag_address(frag),
					      len));
}

/*
 * Fills an skb. The first piece is copied if it is to lie in the linear part, and
 * its page stays where it is; all other pages go to the stack, or copies of
 * them. Spare pages are there before the first one goes: a packet has all it
 * needs or is dropped, and the ring stays full either way.
 */
static enum xennet_reason fill(struct queue *queue, struct sk_buff *skb,
			       const struct b2f_pkt *pkt, bool linear)
{
	unsigned int first = linear;
	unsigned int pages = pkt->nr_pieces - first;
	enum xennet_reason reason;

	if (pages > MAX_SKB_FRAGS)
		return XENNET_TOO_MANY_SLOTS;
	if (!buffers_spare(queue, pages))
		return XENNET_NO_MEMORY;
	if (first)
		copy_piece(queue, skb, &pkt->piece[0]);
	if (!pages)
		return XENNET_OK;
	reason = attach_pieces(queue, skb, pkt, first);
	if (!reason && !first)
		pull_headers(skb);
	return reason;
}

static enum xennet_reason describe(struct queue *queue, struct sk_buff *skb,
				   const struct b2f_pkt *pkt)
{
	struct net_device *dev = queue->front->dev;
	struct napi_stats *stats = &queue->napi_stats;
	struct xennet_offload offload = {
		.gso_type = pkt->gso_type,
		.gso_size = pkt->gso_size,
		.csum_blank = pkt->csum_blank,
		.data_validated = pkt->data_validated &&
				  dev->features & NETIF_F_RXCSUM,
	};
	enum xennet_reason reason;
	u64 fixed = 0;

	if (!pskb_may_pull(skb, ETH_HLEN))
		return XENNET_SHORT_HEADER;
	skb->protocol = eth_type_trans(skb, dev);
	skb_reset_network_header(skb);
	reason = xennet_set_offload(skb, &offload, &fixed);
	stat_add(stats, b2f_csum_fixed, fixed);
	if (reason)
		return reason;
	if (!(dev->features & NETIF_F_RXCSUM) && !xennet_fill_csum(skb))
		return XENNET_BAD_CHECKSUM;
	skb_record_rx_queue(skb, queue->id);
	if (dev->features & NETIF_F_RXHASH && xennet_set_hash(skb, &pkt->hash))
		stat_inc(stats, b2f_hashed);
	return XENNET_OK;
}

static void deliver(struct queue *queue, struct sk_buff *skb,
		    const struct b2f_pkt *pkt)
{
	stat_inc(&queue->napi_stats, b2f_packets);
	stat_add(&queue->napi_stats, b2f_bytes, pkt->len);
	napi_gro_receive(&queue->napi, skb);
}

static enum xennet_reason receive_skb(struct queue *queue,
				      const struct b2f_pkt *pkt)
{
	u32 most = READ_ONCE(queue->rx.fixed) ? RX_LINEAR : RX_COPYBREAK;
	u32 len = pkt->piece[0].len;
	bool linear = len <= most;
	enum xennet_reason reason;
	struct sk_buff *skb;

	/* Decided once, as @fixed may change meanwhile. */
	skb = napi_alloc_skb(&queue->napi, linear ? max_t(u32, len, RX_COPYBREAK) :
						    RX_COPYBREAK);
	if (!skb)
		return XENNET_NO_MEMORY;
	reason = fill(queue, skb, pkt, linear);
	if (!reason)
		reason = describe(queue, skb, pkt);
	if (reason)
		dev_kfree_skb_any(skb);
	else if (xdp_show_skb(queue, &skb))
		deliver(queue, skb, pkt);
	return reason;
}

/* For a program: the frame in a page of its own, the backend's stay granted. */
static struct page *copy_frame(const struct queue *queue,
			       const struct b2f_pkt *pkt)
{
	struct page *page = dev_alloc_page();
	u32 i, off = XDP_PACKET_HEADROOM;

	for (i = 0; page && i < pkt->nr_pieces; i++) {
		const struct b2f_piece *piece = &pkt->piece[i];
		struct page *from = queue->rx.page[piece_nr(queue, piece)];

		memcpy(page_address(page) + off,
		       page_address(from) + piece->offset, piece->len);
		off += piece->len;
	}
	return page;
}

static enum xennet_reason receive_page(struct queue *queue,
				       struct b2f_pkt *pkt)
{
	struct xennet_xdp_frame frame = {
		.page = copy_frame(queue, pkt),
		.len = pkt->len,
		.csum_blank = pkt->csum_blank,
	};
	enum xennet_reason reason;

	if (!frame.page)
		return XENNET_NO_MEMORY;
	reason = xdp_show(queue, &frame);
	if (reason || !frame.skb)
		return reason;
	pkt->csum_blank = false;
	reason = describe(queue, frame.skb, pkt);
	if (reason)
		dev_kfree_skb_any(frame.skb);
	else if (frame.fate == XENNET_XDP_tx)
		xennet_xdp_send(frame.skb);
	else
		deliver(queue, frame.skb, pkt);
	return reason;
}

static enum xennet_reason receive(struct queue *queue, struct b2f_pkt *pkt)
{
	return xdp_takes(queue, pkt) ? receive_page(queue, pkt) :
				       receive_skb(queue, pkt);
}

static void publish(struct queue *queue)
{
	if (ring_front_publish(&queue->rx.ring)) {
		notify_remote_via_irq(queue_b2f_line(queue)->irq);
		stat_inc(&queue->napi_stats, b2f_notify_sent);
	} else {
		stat_inc(&queue->napi_stats, b2f_notify_suppressed);
	}
}

/*
 * Takes one packet; returns the slots it had, 0 when the queue broke. While the
 * interface is down packets are taken as well, and go nowhere: they would be old
 * when it is up again, and those behind them would wait in the backend's domain.
 */
static u32 take_packet(struct queue *queue, u32 avail)
{
	struct rx *rx = &queue->rx;
	enum xennet_reason reason;
	struct b2f_pkt pkt;

	reason = b2f_parse(rx->sring, rx->ring.rsp_cons, avail, &pkt);
	if (!reason && netif_running(queue->front->dev))
		reason = receive(queue, &pkt);
	trace_front_packet(queue->front->dev, queue->id, &pkt, reason);
	if (xennet_reason_fatal(reason)) {
		fault_raise(queue, reason);
		return 0;
	}
	if (reason) {
		stat_inc(&queue->napi_stats, b2f_drop[reason]);
		drop_report(queue, reason);
	}
	rx->ring.rsp_cons += pkt.used;
	buffers_post(queue);
	stat_add(&queue->napi_stats, b2f_slots, pkt.used);
	return pkt.used;
}

/**
 * rx_poll() - receive packets
 * @queue: the queue
 * @budget: packets at most
 *
 * Return: packets taken, dropped ones included.
 */
int rx_poll(struct queue *queue, int budget)
{
	struct rx *rx = &queue->rx;
	u32 avail, used;
	int work = 0;

	if (!budget)
		return 0;
	if (ring_front_responses(&rx->ring, &avail)) {
		fault_raise(queue, XENNET_RING_OVERFLOW);
		return 0;
	}
	while (avail && work < budget) {
		used = take_packet(queue, avail);
		if (!used)
			break;
		avail -= used;
		work++;
	}
	if (work)
		queue_b2f_line(queue)->worked = true;
	if (buffers_post(queue))
		publish(queue);
	if (rx->redirected)
		xdp_do_flush();
	rx->redirected = false;
	return work;
}

/**
 * rx_arm() - ask to hear of further responses
 * @queue: the queue
 * @work: packets received just now
 *
 * Of the next one; or, where the user has asked for fewer events and packets
 * come in, of several at once: xennet/coalesce.h.
 *
 * Return: true when they are there already.
 */
bool rx_arm(struct queue *queue, unsigned int work)
{
	const struct xennet_coalesce *c = &queue->front->rx_coalesce;
	struct rx *rx = &queue->rx;
	bool waits = hrtimer_is_queued(&rx->timer);
	u32 ahead;

	if (work && READ_ONCE(c->adaptive))
		xennet_pace_note(&rx->pace, this_cpu_ptr(&rx_crowd), work,
				 ktime_get_ns());
	ahead = xennet_coalesce_ahead(c, &rx->pace, work || waits,
				      queue->front->rx_pending);
	if (ahead > 1 && !waits)
		hrtimer_start(&rx->timer,
			      ns_to_ktime(xennet_coalesce_nsecs(c, &rx->pace)),
			      HRTIMER_MODE_REL_SOFT);
	return ring_front_arm(&rx->ring, ahead);
}

static enum hrtimer_restart timer_fired(struct hrtimer *timer)
{
	struct queue *queue = container_of(timer, struct queue, rx.timer);

	napi_schedule(&queue->napi);
	return HRTIMER_NORESTART;
}

static void refill_due(struct timer_list *timer)
{
	struct queue *queue = timer_container_of(queue, timer, rx.refill);

	napi_schedule(&queue->napi);
}

/**
 * rx_create() - set up what outlives a connection
 * @queue: the queue
 */
void rx_create(struct queue *queue)
{
	hrtimer_setup(&queue->rx.timer, timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	timer_setup(&queue->rx.refill, refill_due, 0);
}

/**
 * rx_connect() - set up the ring and post all its slots
 * @queue: disconnected queue
 *
 * Return: 0 or an error.
 */
int rx_connect(struct queue *queue)
{
	struct rx *rx = &queue->rx;
	void *page = ring_page_create(queue->front, &rx->ring_ref);
	int err;

	if (IS_ERR(page))
		return PTR_ERR(page);
	rx->sring = page;
	ring_front_init(&rx->ring, &rx->sring->hdr);
	err = xennet_xdp_register(&rx->xdp_rxq, queue->front->dev, queue->id,
				  &queue->napi);
	if (err)
		goto undo_ring;
	err = buffers_create(queue);
	if (err)
		goto undo_xdp;
	return 0;

undo_xdp:
	xdp_rxq_info_unreg(&rx->xdp_rxq);
undo_ring:
	ring_page_destroy(page, rx->ring_ref);
	return err;
}

/**
 * rx_disconnect() - counterpart of rx_connect()
 * @queue: stopped queue
 */
void rx_disconnect(struct queue *queue)
{
	struct rx *rx = &queue->rx;

	buffers_destroy(queue);
	rx->fixed = false;
	rx->nr_statics = 0;
	xdp_rxq_info_unreg(&rx->xdp_rxq);
	ring_page_destroy(rx->sring, rx->ring_ref);
	rx->sring = NULL;
	rx->ring = (struct ring_front) {};
}
