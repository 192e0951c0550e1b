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

/* Bytes free in the last page. */
static u32 tail_room(const struct f2b_plan *plan)
{
	return plan->nr_frags ?
	       XENNET_PAGE_SIZE - plan->frag_len[plan->nr_frags - 1] : 0;
}

/* Copies a piece behind what the last page has; only @pack may cut it. */
static bool place_piece(struct f2b_plan *plan, struct piece *p, bool pack)
{
	while (p->len) {
		u32 room = tail_room(plan);
		u16 *tail;
		u32 len;

		if (!room || (room < p->len && !pack)) {
			if (plan->nr_frags == F2B_FRAGS_MAX)
				return false;
			plan->frag_len[plan->nr_frags++] = 0;
			room = XENNET_PAGE_SIZE;
		}
		tail = &plan->frag_len[plan->nr_frags - 1];
		len = min(room, p->len);
		copy_piece(plan, p, plan->nr_frags - 1, *tail, len);
		*tail += len;
	}
	return true;
}

/* Return: false when the fragments ran out. */
static bool lay_out(const struct f2b_pkt *pkt, bool pack,
		    struct f2b_plan *plan)
{
	u32 head = plan->head_len;
	u8 i;

	plan->nr_copies = 0;
	plan->nr_frags = 0;
	for (i = 0; i < pkt->nr_ids; i++) {
		struct piece p = {
			.slot = i,
			.off = pkt->slot[i].offset,
			.len = pkt->slot[i].size,
		};
		u32 len = min(p.len, head);

		if (len)
			copy_piece(plan, &p, F2B_TO_HEAD,
				   plan->head_len - head, len);
		head -= len;
		if (!place_piece(plan, &p, pack))
			return false;
	}
	return true;
}

void f2b_plan(const struct f2b_pkt *pkt, const struct f2b_limits *lim,
	      struct f2b_plan *plan)
{
	plan->head_len = head_bytes(pkt, lim);
	/* Packed, any frame fits. */
	if (!lay_out(pkt, false, plan))
		lay_out(pkt, true, plan);
}
