// SPDX-License-Identifier: GPL-2.0
/* A frame of the guest to requests of the f2b ring. */
#include <xennet/slots.h>
#include "f2b_build.h"

/* Cuts one run; false when the shape has no room for all of it. */
static bool cut_run(const struct f2b_frame *frame, u8 run, u32 max_slots,
		    struct f2b_shape *shape)
{
	u32 off = frame->run[run].off;
	u32 left = frame->run[run].len;

	if (xennet_slots(off, left) > max_slots - shape->nr_pieces)
		return false;
	while (left) {
		u32 len = xennet_page_run(off, left);

		shape->piece[shape->nr_pieces++] = (struct f2b_piece) {
			.run = run,
			.page = off / XENNET_PAGE_SIZE,
			.offset = off % XENNET_PAGE_SIZE,
			.len = len,
		};
		off += len;
		left -= len;
	}
	return true;
}

/* Bytes of all runs; at most F2B_RUNS_MAX times U32_MAX. */
static u64 run_bytes(const struct f2b_frame *frame)
{
	u64 sum = 0;
	u8 i;

	for (i = 0; i < frame->nr_runs; i++)
		sum += frame->run[i].len;
	return sum;
}

enum xennet_reason f2b_shape(const struct f2b_frame *frame, u32 max_slots,
			     struct f2b_shape *shape)
{
	u8 i;

	if (frame->len < XENNET_PACKET_MIN)
		return XENNET_RUNT;
	if (frame->len > XENNET_PACKET_MAX)
		return XENNET_OVERSIZE;
	if (frame->nr_runs > F2B_RUNS_MAX || run_bytes(frame) != frame->len)
		return XENNET_SIZE_MISMATCH;

	max_slots = min(max_slots, XENNET_SLOTS_MAX);
	shape->nr_pieces = 0;
	for (i = 0; i < frame->nr_runs; i++)
		if (!cut_run(frame, i, max_slots, shape))
			return XENNET_TOO_MANY_SLOTS;
	if (shape->piece[0].len < XENNET_PACKET_MIN)
		return XENNET_SHORT_HEADER;

	shape->nr_extras = frame->gso_type != XENNET_GSO_NONE;
	shape->nr_slots = shape->nr_pieces + shape->nr_extras;
	return XENNET_OK;
}

static u16 first_flags(const struct f2b_frame *frame)
{
	u16 flags = 0;

	if (frame->csum_blank)
		flags |= F2B_CSUM_BLANK;
	if (frame->data_validated)
		flags |= F2B_DATA_VALIDATED;
	if (frame->gso_type != XENNET_GSO_NONE)
		flags |= F2B_EXTRA_INFO;
	return flags;
}

void f2b_build(struct f2b_sring *sring, u32 prod,
	       const struct f2b_frame *frame, const struct f2b_shape *shape)
{
	u8 i;

	for (i = 0; i < shape->nr_pieces; i++) {
		const struct f2b_piece *piece = &shape->piece[i];
		struct f2b_request req = {
			.gref = piece->gref,
			.offset = piece->offset,
			.id = piece->id,
			.size = i ? piece->len : frame->len,
			.flags = i ? 0 : first_flags(frame),
		};

		if (i + 1 < shape->nr_pieces)
			req.flags |= F2B_MORE_DATA;
		f2b_write_request(sring, prod++, &req);
		if (!i && shape->nr_extras) {
			struct xennet_extra extra = {
				.type = XENNET_EXTRA_GSO,
				.gso.size = frame->gso_size,
				.gso.type = frame->gso_type,
			};

			f2b_write_extra(sring, prod++, &extra);
		}
	}
}

void f2b_build_mcast(struct f2b_sring *sring, u32 prod, u16 id, bool add,
		     const u8 addr[6])
{
	struct f2b_request req = { .id = id, .flags = F2B_EXTRA_INFO };
	struct xennet_extra extra = {
		.type = add ? XENNET_EXTRA_MCAST_ADD : XENNET_EXTRA_MCAST_DEL,
	};

	memcpy(extra.mcast.addr, addr, sizeof(extra.mcast.addr));
	f2b_write_request(sring, prod, &req);
	f2b_write_extra(sring, prod + 1, &extra);
}
