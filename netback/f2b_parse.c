// SPDX-License-Identifier: GPL-2.0
#include "f2b_parse.h"

/* Place in the ring: nothing from @left on is looked at. */
struct walk {
	struct f2b_sring *sring;
	u32 next;
	u32 left;
	unsigned int fatal_slots;
};

static bool crosses_page(u32 offset, u32 size)
{
	return offset + size > XENNET_PAGE_SIZE;
}

/* Takes one slot of the packet from the ring; false at its end. */
static bool walk_on(struct walk *w, struct f2b_pkt *pkt, u32 *idx)
{
	if (!w->left)
		return false;
	w->left--;
	*idx = w->next++;
	pkt->used++;
	return true;
}

/* Slots beyond XENNET_SLOTS_MAX leave only their id, to be answered by. */
static enum xennet_reason take_data(struct walk *w, struct f2b_pkt *pkt,
				    struct f2b_request *req)
{
	u32 idx;

	if (!walk_on(w, pkt, &idx))
		return XENNET_CUT_OFF;
	if (pkt->nr_ids + 1u >= w->fatal_slots)
		return XENNET_SLOT_FLOOD;

	f2b_read_request(w->sring, idx, req);
	if (pkt->nr_ids < XENNET_SLOTS_MAX)
		pkt->slot[pkt->nr_ids] = (struct f2b_slot) {
			.gref = req->gref,
			.offset = req->offset,
			.size = req->size,
		};
	pkt->id[pkt->nr_ids++] = req->id;
	return XENNET_OK;
}

static enum xennet_reason take_gso(struct f2b_pkt *pkt,
				   const struct xennet_extra *extra)
{
	if (!extra->gso.size)
		return XENNET_BAD_GSO;
	if (extra->gso.type != XENNET_GSO_TCPV4 &&
	    extra->gso.type != XENNET_GSO_TCPV6)
		return XENNET_BAD_GSO;
	if (extra->gso.size < F2B_GSO_MIN)
		return XENNET_TINY_SEGMENTS;
	pkt->gso_size = extra->gso.size;
	pkt->gso_type = extra->gso.type;
	return XENNET_OK;
}

static enum xennet_reason take_extra(struct f2b_pkt *pkt,
				     const struct xennet_extra *extra)
{
	switch (extra->type) {
	case XENNET_EXTRA_GSO:
		return take_gso(pkt, extra);
	case XENNET_EXTRA_MCAST_ADD:
	case XENNET_EXTRA_MCAST_DEL:
		pkt->mcast_type = extra->type;
		memcpy(pkt->mcast_addr, extra->mcast.addr,
		       sizeof(pkt->mcast_addr));
		return XENNET_CONTROL;
	case XENNET_EXTRA_HASH:
		xennet_hash_from_extra(extra, &pkt->hash);
		return XENNET_OK;
	default:
		return XENNET_BAD_EXTRA;
	}
}

static enum xennet_reason take_extras(struct walk *w, struct f2b_pkt *pkt)
{
	enum xennet_reason reason, drop = XENNET_OK;
	struct xennet_extra extra;
	u32 idx;

	do {
		if (!walk_on(w, pkt, &idx))
			return XENNET_CUT_OFF;
		f2b_read_extra(w->sring, idx, &extra);
		pkt->nr_extras++;
		reason = take_extra(pkt, &extra);
		if (xennet_reason_fatal(reason))
			return reason;
		if (reason)
			drop = reason;
	} while (extra.flags & XENNET_EXTRA_MORE);
	return drop;
}

/* The slots behind the first; @rest is the sum of their sizes. */
static enum xennet_reason take_rest(struct walk *w, struct f2b_pkt *pkt,
				    u32 *rest)
{
	enum xennet_reason reason;
	struct f2b_request req;

	*rest = 0;
	do {
		reason = take_data(w, pkt, &req);
		if (reason)
			return reason;
		if (crosses_page(req.offset, req.size))
			return XENNET_CROSSES_PAGE;
		*rest += req.size;
	} while (req.flags & F2B_MORE_DATA);
	return XENNET_OK;
}

/* The first slot names the frame's length; what the rest leaves is its own. */
static enum xennet_reason share_out(struct f2b_pkt *pkt, u32 rest)
{
	bool fits = pkt->nr_ids == 1 || rest < pkt->len;

	if (fits) {
		pkt->slot[0].size = pkt->len - rest;
		if (crosses_page(pkt->slot[0].offset, pkt->slot[0].size))
			return XENNET_CROSSES_PAGE;
	}
	if (pkt->nr_ids > XENNET_SLOTS_MAX)
		return XENNET_TOO_MANY_SLOTS;
	if (rest > XENNET_PACKET_MAX)
		return XENNET_OVERSIZE;
	if (!fits)
		return XENNET_SIZE_MISMATCH;
	return pkt->len < XENNET_PACKET_MIN ? XENNET_RUNT : XENNET_OK;
}

static enum xennet_reason parse(struct walk *w, struct f2b_pkt *pkt)
{
	enum xennet_reason reason, drop = XENNET_OK;
	struct f2b_request first;
	u32 rest = 0;

	reason = take_data(w, pkt, &first);
	if (reason)
		return reason;
	pkt->len = first.size;
	pkt->csum_blank = first.flags & F2B_CSUM_BLANK;
	pkt->data_validated = first.flags & F2B_DATA_VALIDATED;

	if (first.flags & F2B_EXTRA_INFO)
		drop = take_extras(w, pkt);
	if (xennet_reason_fatal(drop))
		return drop;

	if (first.flags & F2B_MORE_DATA)
		reason = take_rest(w, pkt, &rest);
	if (reason)
		return reason;

	reason = share_out(pkt, rest);
	return xennet_reason_fatal(reason) || !drop ? reason : drop;
}

enum xennet_reason f2b_parse(struct f2b_sring *sring, u32 cons, u32 avail,
			     unsigned int fatal_slots, struct f2b_pkt *pkt)
{
	struct walk w = {
		.sring = sring,
		.next = cons,
		.left = avail,
		.fatal_slots = fatal_slots,
	};

	memset(pkt, 0, offsetof(struct f2b_pkt, slot));
	pkt->reason = parse(&w, pkt);
	if (xennet_reason_fatal(pkt->reason))
		pkt->used = 0;
	return pkt->reason;
}
