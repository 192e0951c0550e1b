// SPDX-License-Identifier: GPL-2.0
#include <xennet/slots.h>
#include "b2f_plan.h"

/* The frame's extras, in the order they are sent; returns how many. */
static u32 list_extras(const struct b2f_frame *frame,
		       struct xennet_extra extra[B2F_EXTRAS_MAX])
{
	u32 nr = 0;

	if (frame->gso_type != XENNET_GSO_NONE)
		extra[nr++] = (struct xennet_extra) {
			.type = XENNET_EXTRA_GSO,
			.gso.size = frame->gso_size,
			.gso.type = frame->gso_type,
		};
	if (frame->hash.algorithm != XENNET_HASH_NONE)
		xennet_hash_to_extra(&frame->hash, &extra[nr++]);
	return nr;
}

void b2f_plan(const struct b2f_frame *frame, struct b2f_plan *plan)
{
	struct xennet_extra extra[B2F_EXTRAS_MAX];

	plan->len = frame->len;
	plan->nr_extras = list_extras(frame, extra);
	plan->nr_slots = xennet_slots(frame->headroom, frame->len) + plan->nr_extras;
}

u32 b2f_step(struct b2f_cursor *cur, u32 src_off, u32 left)
{
	u32 room;

	if (cur->off == XENNET_PAGE_SIZE) {
		cur->slot++;
		cur->off = 0;
	}
	room = XENNET_PAGE_SIZE - cur->off;
	left = xennet_page_run(src_off, left);
	return min(room, left);
}

static u16 first_flags(const struct b2f_frame *frame,
		       const struct b2f_plan *plan)
{
	u16 flags = 0;

	if (frame->csum_blank)
		flags |= B2F_CSUM_BLANK;
	if (frame->data_validated)
		flags |= B2F_DATA_VALIDATED;
	if (plan->nr_extras)
		flags |= B2F_EXTRA_INFO;
	return flags;
}

static void respond_error(struct b2f_sring *sring, u32 prod, const u16 *id,
			  u32 nr_slots)
{
	u32 i;

	for (i = 0; i < nr_slots; i++) {
		struct b2f_response rsp = {
			.id = id[i],
			.status = XENNET_RSP_ERROR,
		};

		b2f_write_response(sring, prod + i, &rsp);
	}
}

static void respond_extras(struct b2f_sring *sring, u32 idx,
			   const struct b2f_frame *frame)
{
	struct xennet_extra extra[B2F_EXTRAS_MAX];
	u32 i, nr = list_extras(frame, extra);

	for (i = 0; i < nr; i++) {
		extra[i].flags = i + 1 < nr ? XENNET_EXTRA_MORE : 0;
		b2f_write_extra(sring, idx + i, &extra[i]);
	}
}

void b2f_respond(struct b2f_sring *sring, u32 prod,
		 const struct b2f_frame *frame, const u16 *id, bool ok)
{
	u32 i, left = frame->len;
	struct b2f_plan plan;

	b2f_plan(frame, &plan);
	if (!ok) {
		respond_error(sring, prod, id, plan.nr_slots);
		return;
	}
	for (i = 0; left; i++) {
		u32 idx = b2f_ring_index(&plan, i);
		u32 off = i ? 0 : frame->headroom;
		u32 len = min(left, XENNET_PAGE_SIZE - off);
		struct b2f_response rsp = {
			.id = id[idx],
			.offset = off,
			.flags = i ? 0 : first_flags(frame, &plan),
			.status = len,
		};

		left -= len;
		if (left)
			rsp.flags |= B2F_MORE_DATA;
		b2f_write_response(sring, prod + idx, &rsp);
	}
	respond_extras(sring, prod + 1, frame);
}
