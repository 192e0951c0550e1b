// SPDX-License-Identifier: GPL-2.0
/* Responses of the b2f ring to one packet and a verdict. */
#include "b2f_parse.h"

/**
 * struct cursor - place in the ring while one packet is read
 * @sring: shared ring
 * @cons: counter of the packet's first response
 * @avail: responses that may be read
 * @pos: responses read
 */
struct cursor {
	struct b2f_sring *sring;
	u32 cons;
	u32 avail;
	u32 pos;
};

static enum xennet_reason read_gso(const struct xennet_extra *extra,
				   struct b2f_pkt *pkt)
{
	if (!extra->gso.size || (extra->gso.type != XENNET_GSO_TCPV4 &&
				 extra->gso.type != XENNET_GSO_TCPV6))
		return XENNET_BAD_GSO;
	pkt->gso_type = extra->gso.type;
	pkt->gso_size = extra->gso.size;
	return XENNET_OK;
}

static enum xennet_reason read_extra(const struct xennet_extra *extra,
				     struct b2f_pkt *pkt)
{
	switch (extra->type) {
	case XENNET_EXTRA_GSO:
		return read_gso(extra, pkt);
	case XENNET_EXTRA_HASH:
		xennet_hash_from_extra(extra, &pkt->hash);
		return XENNET_OK;
	/* Says that the frame's offset leaves room before it. */
	case XENNET_EXTRA_XDP:
		return XENNET_OK;
	default:
		return XENNET_BAD_EXTRA;
	}
}

static enum xennet_reason read_extras(struct cursor *cur, struct b2f_pkt *pkt)
{
	struct xennet_extra extra;
	enum xennet_reason reason;

	do {
		if (cur->pos == cur->avail)
			return XENNET_CUT_OFF;
		b2f_read_extra(cur->sring, cur->cons + cur->pos++, &extra);
		reason = read_extra(&extra, pkt);
		if (reason)
			return reason;
	} while (extra.flags & XENNET_EXTRA_MORE);
	return XENNET_OK;
}

/*
 * Takes one data slot into the packet; a drop found is noted in @pkt->reason
 * unless a stronger one is there. Returns a fatal reason or XENNET_OK.
 */
static enum xennet_reason take_slot(const struct b2f_response *rsp, u32 slot,
				    struct b2f_pkt *pkt)
{
	if (rsp->status < 0) {
		pkt->reason = XENNET_PEER_ERROR;
		return XENNET_OK;
	}
	if (rsp->offset + (u32)rsp->status > XENNET_PAGE_SIZE)
		return XENNET_CROSSES_PAGE;
	if (!rsp->status)
		return XENNET_OK;
	pkt->len += rsp->status;
	if (pkt->nr_pieces == XENNET_SLOTS_MAX) {
		if (!pkt->reason)
			pkt->reason = XENNET_TOO_MANY_SLOTS;
		return XENNET_OK;
	}
	pkt->piece[pkt->nr_pieces++] = (struct b2f_piece) {
		.slot = slot,
		.offset = rsp->offset,
		.len = rsp->status,
	};
	return XENNET_OK;
}

static enum xennet_reason read_slots(struct cursor *cur, struct b2f_pkt *pkt)
{
	struct b2f_response rsp;
	enum xennet_reason reason;

	do {
		u32 slot = cur->pos, idx = cur->cons + slot;

		if (slot == cur->avail)
			return XENNET_CUT_OFF;
		b2f_read_response(cur->sring, idx, &rsp);
		cur->pos++;
		if (rsp.id != idx % XENNET_RING_SIZE)
			return XENNET_BAD_ID;
		reason = take_slot(&rsp, slot, pkt);
		if (reason)
			return reason;
		if (slot)
			continue;
		pkt->csum_blank = rsp.flags & B2F_CSUM_BLANK;
		pkt->data_validated = rsp.flags & B2F_DATA_VALIDATED;
		if (rsp.flags & B2F_EXTRA_INFO)
			reason = read_extras(cur, pkt);
		if (reason)
			return reason;
	} while (rsp.flags & B2F_MORE_DATA);
	return XENNET_OK;
}

enum xennet_reason b2f_parse(struct b2f_sring *sring, u32 cons, u32 avail,
			     struct b2f_pkt *pkt)
{
	struct cursor cur = { .sring = sring, .cons = cons, .avail = avail };
	enum xennet_reason fatal;

	pkt->reason = XENNET_OK;
	pkt->len = 0;
	pkt->used = 0;
	pkt->nr_pieces = 0;
	pkt->gso_type = XENNET_GSO_NONE;
	pkt->gso_size = 0;
	pkt->csum_blank = false;
	pkt->data_validated = false;
	pkt->hash.algorithm = XENNET_HASH_NONE;

	fatal = read_slots(&cur, pkt);
	if (fatal) {
		pkt->reason = fatal;
		return fatal;
	}
	pkt->used = cur.pos;
	if (!pkt->reason && pkt->len < XENNET_PACKET_MIN)
		pkt->reason = XENNET_RUNT;
	if (!pkt->reason && pkt->len > XENNET_PACKET_MAX)
		pkt->reason = XENNET_OVERSIZE;
	return pkt->reason;
}
