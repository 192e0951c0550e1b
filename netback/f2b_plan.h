/* SPDX-License-Identifier: GPL-2.0 */
/* A checked packet to grant operations and the shape of its skb. Pure. */
#ifndef NETBACK_F2B_PLAN_H
#define NETBACK_F2B_PLAN_H

#include "f2b_parse.h"

/* Fragments an skb of a kernel with 4 KiB pages holds (MAX_SKB_FRAGS). */
#define F2B_FRAGS_MAX	17
/* Copies: each slot once, cut again at every page end and once for the head. */
#define F2B_COPIES_MAX	(XENNET_SLOTS_MAX + F2B_FRAGS_MAX + 1)
/* Destination of a copy that goes to the linear part. */
#define F2B_TO_HEAD	0xff

/**
 * struct f2b_limits - how packets are laid out
 * @head_max: bytes the linear part can take
 * @head_min: bytes of headers the linear part gets at least, if there are
 *	that many in the frame; at most @head_max
 */
struct f2b_limits {
	u16 head_max;
	u16 head_min;
};

/**
 * struct f2b_copy - one grant copy into dom0's memory
 * @slot: data slot, index into struct f2b_pkt.slot
 * @frag: fragment it goes to, or F2B_TO_HEAD
 * @src_off: first byte in the guest's page
 * @dst_off: first byte in the fragment's page, or in the linear part
 * @len: bytes; neither end crosses a page (the linear part is one piece)
 */
struct f2b_copy {
	u8 slot;
	u8 frag;
	u16 src_off;
	u16 dst_off;
	u16 len;
};

/**
 * struct f2b_plan - what to do for one packet
 * @head_len: bytes of the linear part
 * @nr_copies: entries of @copy
 * @nr_frags: entries of @frag_len: pages that hold the frame with the head
 * @copy: grant copies, in frame order
 * @frag_len: bytes of each fragment, from its page's start, in frame order
 */
struct f2b_plan {
	u16 head_len;
	u8 nr_copies;
	u8 nr_frags;
	struct f2b_copy copy[F2B_COPIES_MAX];
	u16 frag_len[F2B_FRAGS_MAX];
};

/**
 * f2b_plan() - lay out a packet
 * @pkt: packet with reason XENNET_OK
 * @lim: limits
 * @plan: result, wholly overwritten
 *
 * A frame of at most @lim->head_max bytes goes whole into the linear part.
 * Of a longer one the linear part gets the first slot if that fits, and in
 * any case at least @lim->head_min bytes, from as many slots as it takes
 * (XSA-423: headers split over slots end up in one piece). The rest of
 * each slot follows in fragments, a slot kept in one piece where the page has
 * room or a fresh one can be had, and packed without gaps where fragments
 * would otherwise run out. Slots of no bytes take no part.
 *
 * Always succeeds: 65535 bytes fit F2B_FRAGS_MAX pages.
 */
void f2b_plan(const struct f2b_pkt *pkt, const struct f2b_limits *lim,
	      struct f2b_plan *plan);

#endif /* NETBACK_F2B_PLAN_H */
