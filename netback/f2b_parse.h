/* SPDX-License-Identifier: GPL-2.0 */
/* Requests of the f2b ring to one packet and a verdict. Pure. */
#ifndef NETBACK_F2B_PARSE_H
#define NETBACK_F2B_PARSE_H

#include <xennet/hash.h>
#include <xennet/reason.h>
#include <xennet/ring.h>

/* Bounds of the fatal_slots parameter: more data slots stop the interface. */
#define F2B_FATAL_SLOTS_MIN	(XENNET_SLOTS_MAX + 1)
#define F2B_FATAL_SLOTS_MAX	64

/*
 * Payload bytes of a TCP segment, at least. Linux sends none with less: its
 * sysctl tcp_min_snd_mss is 48 or more, of which options take 40 at most.
 */
#define F2B_GSO_MIN		8

/* Headers that each segment repeats, without options. */
#define F2B_HEADERS_TCPV4	(14u + 20 + 20)
#define F2B_HEADERS_TCPV6	(14u + 40 + 20)

/**
 * struct f2b_slot - one data slot of a packet, checked
 * @gref: grant of the page
 * @offset: first byte within the page
 * @size: bytes; of the first slot too its own share only
 */
struct f2b_slot {
	u32 gref;
	u16 offset;
	u16 size;
};

/**
 * struct f2b_pkt - one packet as the guest described it
 * @reason: XENNET_OK, or why the packet, or the interface, ends here
 * @len: bytes of the frame
 * @used: ring slots the packet occupies, extras included
 * @nr_ids: data slots; entries of @id
 * @nr_extras: extra-info slots
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment, 0 without GSO
 * @csum_blank: protocol checksum left to the hardware
 * @data_validated: protocol checksum known to be right
 * @hash: what the guest says it is; of several, the last one
 * @mcast_type: XENNET_EXTRA_MCAST_ADD or _DEL when @reason is XENNET_CONTROL
 * @mcast_addr: its address; of several, the last one's
 * @slot: the data slots; only valid while @reason is XENNET_OK
 * @id: the guest's name of each data slot, for the responses
 */
struct f2b_pkt {
	enum xennet_reason reason;
	u32 len;
	u16 used;
	u8 nr_ids;
	u8 nr_extras;
	u8 gso_type;
	u16 gso_size;
	bool csum_blank;
	bool data_validated;
	struct xennet_hash hash;
	u8 mcast_type;
	u8 mcast_addr[6];
	struct f2b_slot slot[XENNET_SLOTS_MAX];
	u16 id[F2B_FATAL_SLOTS_MAX];
};

/**
 * f2b_parse() - take one packet out of the ring
 * @sring: shared ring; each slot is copied once
 * @cons: counter of the packet's first request
 * @avail: requests that wait from @cons on, at least 1
 * @fatal_slots: this many data slots or more stop the interface,
 *	F2B_FATAL_SLOTS_MIN to F2B_FATAL_SLOTS_MAX
 * @pkt: result, wholly overwritten
 *
 * Looks at @avail slots at most and moves no index. On XENNET_OK and on a
 * dropping reason @pkt->used slots are to be consumed and each answered:
 * @pkt->nr_ids of them by id, @pkt->nr_extras with XENNET_RSP_NULL, in ring
 * order (first id, the extras, the other ids). On a fatal reason nothing is.
 *
 * Verdicts, by xen/io/netif.h: fatal are a packet that is cut off by the end
 * of @avail (in its data slots or its extras), a slot that crosses its page,
 * an extra of unknown type, GSO of unknown type or size 0, and data slots
 * from @fatal_slots on. Dropped are RUNT (fewer than XENNET_PACKET_MIN
 * bytes), TOO_MANY_SLOTS (over XENNET_SLOTS_MAX), OVERSIZE (the slots after
 * the first add up to more than XENNET_PACKET_MAX, or to no less than the
 * first slot's size claims for the whole: then SIZE_MISMATCH if the total
 * is within bounds), and CONTROL (a multicast extra: the request is a
 * carrier for the message only), and TINY_SEGMENTS (GSO of less than
 * F2B_GSO_MIN bytes a segment, which are but work). A hash of unknown
 * algorithm or type is none.
 * The page check applies to the first slot's own share, its size less that
 * of the others. When several apply, a fatal reason wins over a drop.
 *
 * Return: @pkt->reason.
 */
enum xennet_reason f2b_parse(struct f2b_sring *sring, u32 cons, u32 avail,
			     unsigned int fatal_slots, struct f2b_pkt *pkt);

/**
 * f2b_wire_bytes() - how long a packet is on its way out of the machine
 * @pkt: packet with reason XENNET_OK
 *
 * What is cut into segments has headers of each. Options, which are in the
 * guest's memory yet, do not count.
 *
 * Return: bytes.
 */
static inline u32 f2b_wire_bytes(const struct f2b_pkt *pkt)
{
	u32 headers = pkt->gso_type == XENNET_GSO_TCPV6 ? F2B_HEADERS_TCPV6 :
							  F2B_HEADERS_TCPV4;

	if (!pkt->gso_size || pkt->len <= headers + pkt->gso_size)
		return pkt->len;
	return pkt->len + (pkt->len - headers - 1) / pkt->gso_size * headers;
}

#endif /* NETBACK_F2B_PARSE_H */
