/* SPDX-License-Identifier: GPL-2.0 */
/* A frame of the guest to requests of the f2b ring. Pure. */
#ifndef NETFRONT_F2B_BUILD_H
#define NETFRONT_F2B_BUILD_H

#include <xennet/reason.h>
#include <xennet/ring.h>

/* Runs of bytes a frame can come in: an skb's linear part, and fragments (CONFIG_MAX_SKB_FRAGS). */
#define F2B_RUNS_MAX	46
/* Ring slots a frame can take: data and a GSO extra. */
#define F2B_SLOTS_NEED	(XENNET_SLOTS_MAX + 1)
/* Ring slots of a message about a multicast address: no data, and an extra. */
#define F2B_MCAST_SLOTS	2u

/**
 * struct f2b_run - contiguous bytes of a frame
 * @off: first byte, counted from the start of the run's first page or of any
 *	page before it that is contiguous with it
 * @len: bytes; 0 is allowed and takes no slot
 */
struct f2b_run {
	u32 off;
	u32 len;
};

/**
 * struct f2b_frame - a frame about to be sent
 * @len: bytes
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment, 0 without GSO
 * @csum_blank: protocol checksum left to the backend
 * @data_validated: protocol checksum known to be right (or blank)
 * @nr_runs: entries of @run, at most F2B_RUNS_MAX
 * @run: the bytes, in frame order
 */
struct f2b_frame {
	u32 len;
	u16 gso_size;
	u8 gso_type;
	bool csum_blank;
	bool data_validated;
	u8 nr_runs;
	struct f2b_run run[F2B_RUNS_MAX];
};

/**
 * struct f2b_piece - one data slot of a frame
 * @run: the run it is cut from, index into struct f2b_frame.run
 * @page: page of the run: @off of the run counts from page 0
 * @offset: first byte within that page
 * @len: bytes, 1 to XENNET_PAGE_SIZE; never crosses the page
 * @id: name of the slot; the caller's to fill in before f2b_build()
 * @gref: grant of the page; the caller's to fill in before f2b_build()
 */
struct f2b_piece {
	u8 run;
	u16 page;
	u16 offset;
	u16 len;
	u16 id;
	u32 gref;
};

/**
 * struct f2b_shape - slots of one frame, known before the first is written
 * @nr_slots: ring slots in all, extras included
 * @nr_extras: how many of them, right behind the first, hold extras
 * @nr_pieces: data slots; entries of @piece
 * @piece: data slots, in frame order
 */
struct f2b_shape {
	u8 nr_slots;
	u8 nr_extras;
	u8 nr_pieces;
	struct f2b_piece piece[XENNET_SLOTS_MAX];
};

/**
 * f2b_shape() - cut a frame into slots
 * @frame: the frame
 * @max_slots: data slots the peer takes for one frame: 1 without
 *	scatter-gather, otherwise XENNET_SLOTS_MAX, which bounds it anyway
 * @shape: result; only valid with XENNET_OK
 *
 * Checked in this order. The last two are mended by copying the frame to
 * fresh pages, one run each, filled from offset 0.
 *
 * Return: XENNET_OK, or
 * XENNET_RUNT: fewer than XENNET_PACKET_MIN bytes,
 * XENNET_OVERSIZE: more than XENNET_PACKET_MAX bytes,
 * XENNET_SIZE_MISMATCH: the runs do not add up to the frame's length,
 * XENNET_TOO_MANY_SLOTS: more than @max_slots data slots,
 * XENNET_SHORT_HEADER: the first slot would hold fewer than
 * XENNET_PACKET_MIN bytes, which backends refuse.
 */
enum xennet_reason f2b_shape(const struct f2b_frame *frame, u32 max_slots,
			     struct f2b_shape *shape);

/**
 * f2b_build() - write the requests of one frame
 * @sring: shared ring
 * @prod: counter of the frame's first request
 * @frame: the frame
 * @shape: its shape, with ids and grants filled in
 *
 * Writes @shape->nr_slots slots and moves no index. The first data slot's
 * size is the length of the whole frame and its flags are the frame's; a GSO
 * extra follows it; all data slots but the last carry F2B_MORE_DATA.
 */
void f2b_build(struct f2b_sring *sring, u32 prod,
	       const struct f2b_frame *frame, const struct f2b_shape *shape);

/**
 * f2b_build_mcast() - write a message about the backend's multicast filter
 * @sring: shared ring
 * @prod: counter of the message's first request
 * @id: name of its first slot
 * @add: add the address to the backend's list, or take it out
 * @addr: MAC address
 *
 * A request without data carries the address in an extra (xen/io/netif.h).
 * Writes F2B_MCAST_SLOTS slots and moves no index.
 */
void f2b_build_mcast(struct f2b_sring *sring, u32 prod, u16 id, bool add,
		     const u8 addr[6]);

#endif /* NETFRONT_F2B_BUILD_H */
