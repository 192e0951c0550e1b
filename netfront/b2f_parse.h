/* SPDX-License-Identifier: GPL-2.0 */
/* Responses of the b2f ring to one packet and a verdict. Pure. */
#ifndef NETFRONT_B2F_PARSE_H
#define NETFRONT_B2F_PARSE_H

#include <xennet/hash.h>
#include <xennet/reason.h>
#include <xennet/ring.h>

/**
 * struct b2f_piece - one run of received bytes, checked
 * @slot: ring slot it lies in, counted from the packet's first
 * @offset: first byte within the page; not always 0
 * @len: bytes, 1 to XENNET_PAGE_SIZE; never crosses the page
 */
struct b2f_piece {
	u8 slot;
	u16 offset;
	u16 len;
};

/**
 * struct b2f_pkt - one packet as the backend described it
 * @reason: XENNET_OK, or why the packet, or the interface, ends here
 * @len: bytes of the frame; only valid while @reason is XENNET_OK
 * @used: ring slots consumed, extras included; 0 with a fatal reason
 * @nr_pieces: entries of @piece
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment, 0 without GSO
 * @csum_blank: protocol checksum left to the guest
 * @data_validated: protocol checksum known to be right
 * @hash: what the backend says it is
 * @piece: the bytes, in frame order, empty slots left out; only valid while
 *	@reason is XENNET_OK
 */
struct b2f_pkt {
	enum xennet_reason reason;
	u32 len;
	u16 used;
	u16 gso_size;
	u8 nr_pieces;
	u8 gso_type;
	bool csum_blank;
	bool data_validated;
	struct xennet_hash hash;
	struct b2f_piece piece[XENNET_SLOTS_MAX];
};

/**
 * b2f_parse() - take one packet out of the ring
 * @sring: shared ring; each slot is copied once
 * @cons: counter of the packet's first response
 * @avail: responses that wait from @cons on, at least 1
 * @pkt: result, wholly overwritten but for @piece
 *
 * Backends answer in the order of the requests and an extra has no id, so
 * the request behind a response is the one posted at the same counter.
 * The caller posts every request with id = counter modulo XENNET_RING_SIZE.
 *
 * Looks at @avail slots at most and moves no index. On XENNET_OK and on a
 * dropping reason the pages of @pkt->used slots from @cons on are the
 * caller's again; on a fatal reason none are.
 *
 * Verdicts. Fatal: the packet or its extras are cut off by the end of
 * @avail (XENNET_CUT_OFF), a response names another request (XENNET_BAD_ID),
 * bytes cross their page (XENNET_CROSSES_PAGE), an extra that nobody asked
 * for (XENNET_BAD_EXTRA: all but GSO and hash), GSO of unknown type or size 0
 * (XENNET_BAD_GSO). Dropped: a slot with a negative status
 * (XENNET_PEER_ERROR), else more than XENNET_SLOTS_MAX slots with data
 * (XENNET_TOO_MANY_SLOTS), else fewer than XENNET_PACKET_MIN bytes
 * (XENNET_RUNT), else more than XENNET_PACKET_MAX (XENNET_OVERSIZE). When
 * several apply, the fatal one met first wins over all drops. A slot with a
 * negative status keeps its flags' meaning; its offset has none. Of several
 * extras of a kind the last counts. A hash of unknown algorithm or type is
 * none.
 *
 * Return: @pkt->reason.
 */
enum xennet_reason b2f_parse(struct b2f_sring *sring, u32 cons, u32 avail,
			     struct b2f_pkt *pkt);

#endif /* NETFRONT_B2F_PARSE_H */
