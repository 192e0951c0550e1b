// SPDX-License-Identifier: GPL-2.0
/* An skb to slots: as it lies in memory, or as a copy where that will not do. */
#include <linux/if_vlan.h>
#include <xennet/offload.h>
#include "netfront.h"

static u32 data_slots(const struct queue *queue)
{
	return queue->front->agreed & XENNET_F_SG ? XENNET_SLOTS_MAX : 1;
}

static void add_run(struct tx_packet *pkt, struct page *page, u32 off, u32 len)
{
	u8 nr = pkt->frame.nr_runs++;

	pkt->frame.run[nr] = (struct f2b_run) { .off = off, .len = len };
	pkt->page[nr] = page;
}

static void describe(const struct sk_buff *skb, struct tx_packet *pkt)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	struct f2b_frame *frame = &pkt->frame;

	frame->len = skb->len;
	frame->gso_type = XENNET_GSO_NONE;
	frame->gso_size = info->gso_size;
	if (info->gso_size)
		frame->gso_type = info->gso_type & SKB_GSO_TCPV6 ?
			XENNET_GSO_TCPV6 : XENNET_GSO_TCPV4;
	frame->csum_blank = skb->ip_summed == CHECKSUM_PARTIAL;
	frame->data_validated = frame->csum_blank ||
		skb->ip_summed == CHECKSUM_UNNECESSARY;
}

/* The frame as it lies in memory. */
static void describe_runs(const struct sk_buff *skb, struct tx_packet *pkt)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int i;

	pkt->frame.nr_runs = 0;
	add_run(pkt, virt_to_page(skb->data), offset_in_page(skb->data),
		skb_headlen(skb));
	for (i = 0; i < info->nr_frags; i++) {
		const skb_frag_t *frag = &info->frags[i];

		add_run(pkt, skb_frag_page(frag), skb_frag_off(frag),
			skb_frag_size(frag));
	}
}

/* A list's pieces are many and small: they are sent as the pages they fill. */
static enum xennet_reason shape_runs(const struct queue *queue,
				     const struct sk_buff *skb,
				     struct tx_packet *pkt)
{
	if (skb_has_frag_list(skb))
		return XENNET_TOO_MANY_SLOTS;
	describe_runs(skb, pkt);
	return f2b_shape(&pkt->frame, data_slots(queue), &pkt->shape);
}

/* Takes pages for @count slots, or none: those answered since come last. */
static bool take_statics(struct queue *queue, u32 count)
{
	struct tx_packet *pkt = &queue->tx.pkt;
	struct tx_statics *s = &queue->tx.statics;
	unsigned long flags;

	if (s->nr_ready < count) {
		spin_lock_irqsave(&queue->tx.lock, flags);
		memcpy(s->ready + s->nr_ready, s->back, s->nr_back);
		s->nr_ready += s->nr_back;
		s->nr_back = 0;
		spin_unlock_irqrestore(&queue->tx.lock, flags);
	}
	if (s->nr_ready < count) {
		statics_lack(queue);
		return false;
	}
	s->nr_ready -= count;
	memcpy(pkt->nr, s->ready + s->nr_ready, count);
	pkt->nr_taken = count;
	pkt->memory = TX_STATIC;
	return true;
}

static void return_statics(struct queue *queue)
{
	struct tx_packet *pkt = &queue->tx.pkt;
	struct tx_statics *s = &queue->tx.statics;

	memcpy(s->ready + s->nr_ready, pkt->nr, pkt->nr_taken);
	s->nr_ready += pkt->nr_taken;
}

/**
 * frame_release() - take back the copies of a packet that was not posted
 * @queue: the queue; its scratch packet is meant, prepared or not
 */
void frame_release(struct queue *queue)
{
	struct tx_packet *pkt = &queue->tx.pkt;

	while (pkt->memory == TX_BOUNCED && pkt->frame.nr_runs)
		__free_page(pkt->page[--pkt->frame.nr_runs]);
	if (pkt->memory == TX_STATIC)
		return_statics(queue);
	pkt->memory = TX_SKB;
}

/*
 * Copies the frame to pages the backend has mapped. Other frames were in them
 * before, and nothing else: all of it went the same way.
 */
static enum xennet_reason copy_to_statics(struct queue *queue,
					  const struct sk_buff *skb)
{
	struct tx_packet *pkt = &queue->tx.pkt;
	u32 i, off = 0;

	for (i = 0; i < pkt->nr_taken; i++) {
		struct page *page = queue->tx.statics.page[pkt->nr[i]];
		u32 len = min_t(u32, skb->len - off, XENNET_PAGE_SIZE);

		if (skb_copy_bits(skb, off, page_address(page), len))
			return XENNET_SIZE_MISMATCH;
		off += len;
	}
	return XENNET_OK;
}

/*
 * Copies the frame to fresh zeroed pages: the fewest slots, a whole header in
 * the first, and nothing beside the frame for the backend to see.
 */
static enum xennet_reason bounce(const struct sk_buff *skb,
				 struct tx_packet *pkt)
{
	u32 off, len;

	pkt->frame.nr_runs = 0;
	pkt->memory = TX_BOUNCED;
	for (off = 0; off < skb->len; off += len) {
		struct page *page = alloc_page(GFP_ATOMIC | __GFP_NOWARN |
					       __GFP_ZERO);

		if (!page)
			return XENNET_NO_MEMORY;
		len = min_t(u32, skb->len - off, XENNET_PAGE_SIZE);
		add_run(pkt, page, 0, len);
		if (skb_copy_bits(skb, off, page_address(page), len))
			return XENNET_SIZE_MISMATCH;
	}
	return XENNET_OK;
}

/*
 * A packet queued before a reconnect can carry an offload that this backend
 * does not take. A blank checksum is filled in, as it is for DHCP; a packet to be
 * segmented goes down with the connection it was made for.
 */
static enum xennet_reason conform(struct sk_buff *skb, u32 agreed)
{
	u32 need;

	if (skb_is_gso(skb)) {
		need = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
			XENNET_F_GSO_TCPV6 : XENNET_F_GSO_TCPV4;
		return agreed & need && xennet_takes_tag(skb, agreed) ?
			XENNET_OK : XENNET_NOT_CONNECTED;
	}
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return XENNET_OK;
	if (!(agreed & XENNET_F_NO_CSUM) && xennet_takes_tag(skb, agreed) &&
	    !xennet_is_dhcp(skb) &&
	    (agreed & XENNET_F_IPV6_CSUM ||
	     vlan_get_protocol(skb) != htons(ETH_P_IPV6)))
		return XENNET_OK;
	return skb_checksum_help(skb) ? XENNET_BAD_CHECKSUM : XENNET_OK;
}

/*
 * The frame as one run of pages that the backend has mapped. Returns false when
 * there are none to be had.
 */
static bool prepare_static(struct queue *queue, const struct sk_buff *skb,
			   enum xennet_reason *reason)
{
	struct tx_packet *pkt = &queue->tx.pkt;

	if (!queue->tx.statics.live)
		return false;
	pkt->frame.nr_runs = 0;
	add_run(pkt, NULL, 0, skb->len);
	*reason = f2b_shape(&pkt->frame, data_slots(queue), &pkt->shape);
	if (*reason)
		return true;
	if (!take_statics(queue, pkt->shape.nr_pieces))
		return false;
	*reason = copy_to_statics(queue, skb);
	if (!*reason)
		stat_inc(&queue->xmit_stats, f2b_static);
	return true;
}

/**
 * frame_prepare() - find out how a packet goes to the ring
 * @queue: the queue; its scratch packet is the result
 * @skb: the packet
 *
 * Called under the stack's transmit lock, which protects the result.
 *
 * Return: XENNET_OK, or why the packet is to be dropped; frame_release() is
 * due either way unless the packet is posted.
 */
enum xennet_reason frame_prepare(struct queue *queue, struct sk_buff *skb)
{
	struct tx_packet *pkt = &queue->tx.pkt;
	enum xennet_reason reason;

	pkt->memory = TX_SKB;
	reason = conform(skb, queue->front->agreed);
	if (reason)
		return reason;
	describe(skb, pkt);
	if (prepare_static(queue, skb, &reason))
		return reason;
	reason = shape_runs(queue, skb, pkt);
	if (!reason && !queue->front->bounce)
		return XENNET_OK;
	if (reason && reason != XENNET_TOO_MANY_SLOTS &&
	    reason != XENNET_SHORT_HEADER)
		return reason;

	reason = bounce(skb, pkt);
	if (reason)
		return reason;
	stat_inc(&queue->xmit_stats, f2b_bounced);
	return f2b_shape(&pkt->frame, data_slots(queue), &pkt->shape);
}
