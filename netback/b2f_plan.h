/* SPDX-License-Identifier: GPL-2.0 */
/* A frame for the guest to slots of the b2f ring. Pure. */
#ifndef NETBACK_B2F_PLAN_H
#define NETBACK_B2F_PLAN_H

#include <xennet/hash.h>
#include <xennet/ring.h>

/* Extras a frame may have, and ring slots of the longest with all of them. */
#define B2F_EXTRAS_MAX	2u
#define B2F_SLOTS_MAX	(XENNET_SLOTS_MAX + B2F_EXTRAS_MAX)

/*
 * Most copies of a frame whose memory is in so many runs of bytes. A copy ends
 * with its run, with a page of it, or with a slot. A run of n bytes has at most
 * n / XENNET_PAGE_SIZE + 1 page ends in it, so all have 15 and one each.
 */
#define B2F_COPIES(runs)	(2 * (runs) + 2 * XENNET_SLOTS_MAX)

/* Most bytes a guest may have left free before a frame: an XDP program's room. */
#define B2F_HEADROOM_MAX	256u

/**
 * struct b2f_frame - a frame about to be sent to a guest
 * @len: bytes, 1 to XENNET_PACKET_MAX
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment, 0 without GSO
 * @csum_blank: protocol checksum left to the guest
 * @data_validated: protocol checksum known to be right (or blank)
 * @headroom: bytes left free before it in its first slot, B2F_HEADROOM_MAX at
 *	most
 * @hash: sent along, if there is one
 */
struct b2f_frame {
	u32 len;
	u16 headroom;
	u8 gso_type;
	u16 gso_size;
	bool csum_blank;
	bool data_validated;
	struct xennet_hash hash;
};

/**
 * struct b2f_plan - slots of one frame
 * @nr_slots: ring slots in all: the reservation
 * @nr_extras: how many of them, right behind the first, hold extras
 * @len: bytes of the frame
 *
 * Data slots are filled from offset 0, the first from the frame's headroom on,
 * each to its end.
 */
struct b2f_plan {
	u8 nr_slots;
	u8 nr_extras;
	u32 len;
};

/**
 * struct b2f_cursor - place in a frame being cut into copies
 * @slot: data slot, 0 for the first; extras do not count
 * @off: bytes that slot already has
 */
struct b2f_cursor {
	u8 slot;
	u16 off;
};

/**
 * b2f_plan() - how many slots a frame takes
 * @frame: the frame
 * @plan: result
 */
void b2f_plan(const struct b2f_frame *frame, struct b2f_plan *plan);

/**
 * b2f_step() - cut the next copy from a run of source bytes
 * @cur: place the copy goes to, for a frame's first slot 0 behind the headroom; a
 *	full slot is left for the next one before the copy is placed
 * @src_off: first source byte, counted from any page boundary
 * @left: source bytes left in this run, at least 1
 *
 * The caller copies to @cur->slot at @cur->off, then adds the bytes to
 * @cur->off.
 *
 * Return: bytes to copy, at least 1: up to the end of the run, of the source
 * page or of the slot, whichever comes first.
 */
u32 b2f_step(struct b2f_cursor *cur, u32 src_off, u32 left);

/**
 * b2f_ring_index() - ring slot, from the frame's first, of a data slot
 * @plan: the frame's plan
 * @slot: data slot
 *
 * Return: 0 for the first data slot, @slot plus the extras for others.
 */
static inline u32 b2f_ring_index(const struct b2f_plan *plan, u32 slot)
{
	return slot ? slot + plan->nr_extras : 0;
}

/**
 * b2f_respond() - write the responses of one frame
 * @sring: shared ring
 * @prod: counter of the frame's first response
 * @frame: the frame
 * @id: ids of the requests consumed for it, one a ring slot of its plan
 * @ok: false: the copy failed, every slot is answered XENNET_RSP_ERROR
 *	(extra slots as well, by their id)
 *
 * Writes as many slots as b2f_plan() says: status is the bytes in that slot,
 * the first data slot carries the frame's flags and, with extras,
 * B2F_EXTRA_INFO; the extras follow it, all but the last with
 * XENNET_EXTRA_MORE; all data slots but the last carry B2F_MORE_DATA.
 */
void b2f_respond(struct b2f_sring *sring, u32 prod,
		 const struct b2f_frame *frame, const u16 *id, bool ok);

#endif /* NETBACK_B2F_PLAN_H */
