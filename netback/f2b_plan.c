// SPDX-License-Identifier: GPL-2.0
#include "f2b_plan.h"

static_assert(F2B_FRAGS_MAX * XENNET_PAGE_SIZE > XENNET_PACKET_MAX,
	      "packed pages hold any frame");

/* Bytes of one data slot that have no place yet. */
struct piece {
	u8 slot;
	u32 off;
	u32 len;
};

static u32 head_bytes(const struct f2b_pkt *pkt, const struct f2b_limits *lim)
{
	u32 first = pkt->slot[0].size;

	if (pkt->len <= lim->head_max)
		return pkt->len;
	return first > lim->head_min && first <= lim->head_max ?
		first : lim->head_min;
}

/* Copies the first @len bytes of a piece, and cuts them off it. */
static void copy_piece(struct f2b_plan *plan, struct piece *p,
		       u8 frag, u32 dst_off, u32 len)
{
	plan->copy[plan->nr_copies++] = (struct f2b_copy) {
		.slot = p->slot,
		.frag = frag,
		.src_off = p->off,
		.dst_off = dst_off,
		.len = len,
	};
	p->off += len;
	p->len -= len;
}

static bool add_frag(struct f2b_plan *plan, s16 slot, u32 off, u32 len)
{
	if (plan->nr_frags == F2B_FRAGS_MAX)
		return false;
	plan->frag[plan->nr_frags++] = (struct f2b_frag) {
		.slot = slot,
		.off = off,
		.len = len,
	};
	return true;
}

static bool map_piece(struct f2b_plan *plan, const struct piece *p)
{
	if (!add_frag(plan, p->slot, p->off, p->len))
		return false;
	plan->nr_maps++;
	return true;
}

/* Bytes free in the last fragment, if that is a page of dom0's own. */
static u32 tail_room(const struct f2b_plan *plan)
{
	const struct f2b_frag *tail;

	if (!plan->nr_frags)
		return 0;
	tail = &plan->frag[plan->nr_frags - 1];
	return tail->slot < 0 ? XENNET_PAGE_SIZE - tail->len : 0;
}

/* Copies a piece behind what the last page has; only @pack may cut it. */
static bool place_piece(struct f2b_plan *plan, struct piece *p, bool pack)
{
	while (p->len) {
		u32 room = tail_room(plan);
		struct f2b_frag *tail;
		u32 len;

		if (!room || (room < p->len && !pack)) {
			if (!add_frag(plan, -1, 0, 0))
				return false;
			room = XENNET_PAGE_SIZE;
		}
		tail = &plan->frag[plan->nr_frags - 1];
		len = min(room, p->len);
		copy_piece(plan, p, plan->nr_frags - 1, tail->len, len);
		tail->len += len;
	}
	return true;
}

static bool is_mapped(const struct f2b_limits *lim, const struct piece *p)
{
	return lim->map_min && p->len >= lim->map_min &&
	       !(lim->at_hand & 1u << p->slot);
}

/* Return: false when the fragments ran out. */
static bool lay_out(const struct f2b_pkt *pkt, const struct f2b_limits *lim,
		    bool pack, struct f2b_plan *plan)
{
	u32 head = plan->head_len;
	u8 i;

	plan->nr_copies = 0;
	plan->nr_frags = 0;
	plan->nr_maps = 0;
	for (i = 0; i < pkt->nr_ids; i++) {
		struct piece p = {
			.slot = i,
			.off = pkt->slot[i].offset,
			.len = pkt->slot[i].size,
		};
		u32 len = min(p.len, head);
		bool placed;

		if (len)
			copy_piece(plan, &p, F2B_TO_HEAD,
				   plan->head_len - head, len);
		head -= len;
		if (is_mapped(lim, &p))
			placed = map_piece(plan, &p);
		else
			placed = place_piece(plan, &p, pack);
		if (!placed)
			return false;
	}
	return true;
}

void f2b_plan(const struct f2b_pkt *pkt, const struct f2b_limits *lim,
	      struct f2b_plan *plan)
{
	const struct f2b_limits copied = {};

	plan->head_len = head_bytes(pkt, lim);
	if (lay_out(pkt, lim, false, plan) || lay_out(pkt, lim, true, plan))
		return;
	/* Copied and packed, any frame fits. */
	lay_out(pkt, &copied, true, plan);
}
