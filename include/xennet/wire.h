/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What travels through the shared rings of a Xen network interface: two for
 * frames, and one for control messages.
 *
 * Source of every layout and number: the public header xen/io/netif.h. It
 * names the rings tx and rx as the guest sees them; here they are f2b (guest
 * to backend) and b2f (backend to guest), so that a word means the same on
 * both ends. The kernel's and Xen's own copies of the header are compared
 * with this one at compile time (wire_check.h, tests/unit).
 */
#ifndef XENNET_WIRE_H
#define XENNET_WIRE_H

#include <xennet/types.h>

/* Bytes of a granted page: what a slot can carry and a grant can name. */
#define XENNET_PAGE_SIZE	4096u
/* Slots of either ring: the largest power of two that fits in one page. */
#define XENNET_RING_SIZE	256u
/* Slots of the control ring: the same of longer ones. */
#define XENNET_CTRL_RING_SIZE	128u
/* Data slots every backend must accept for one packet. */
#define XENNET_SLOTS_MAX	18u
/* Bytes of the longest packet: GSO included, Ethernet header included. */
#define XENNET_PACKET_MAX	65535u
/* Bytes of the shortest: an Ethernet header. */
#define XENNET_PACKET_MIN	14u

/* Flags of a f2b request. Bits 0 and 1 swap their meaning on the b2f ring. */
enum f2b_flags {
	F2B_CSUM_BLANK		= 1u << 0,
	F2B_DATA_VALIDATED	= 1u << 1,
	F2B_MORE_DATA		= 1u << 2,
	F2B_EXTRA_INFO		= 1u << 3,
};

/* Flags of a b2f response. */
enum b2f_flags {
	B2F_DATA_VALIDATED	= 1u << 0,
	B2F_CSUM_BLANK		= 1u << 1,
	B2F_MORE_DATA		= 1u << 2,
	B2F_EXTRA_INFO		= 1u << 3,
};

/* Status of a response; on the b2f ring a value >= 0 is a length in bytes. */
enum xennet_status {
	XENNET_RSP_DROPPED	= -2,
	XENNET_RSP_ERROR	= -1,
	XENNET_RSP_OKAY		= 0,
	/* Stands for a slot that held an extra: carries no id. */
	XENNET_RSP_NULL		= 1,
};

enum xennet_extra_type {
	XENNET_EXTRA_NONE	= 0,
	XENNET_EXTRA_GSO	= 1,
	XENNET_EXTRA_MCAST_ADD	= 2,
	XENNET_EXTRA_MCAST_DEL	= 3,
	XENNET_EXTRA_HASH	= 4,
	XENNET_EXTRA_TYPES	= 5,	/* of Xen's header; Linux has more */
	XENNET_EXTRA_XDP	= 5,
};

/* Flags of an extra. */
enum xennet_extra_flags {
	XENNET_EXTRA_MORE	= 1u << 0,
};

enum xennet_gso_type {
	XENNET_GSO_NONE		= 0,
	XENNET_GSO_TCPV4	= 1,
	XENNET_GSO_TCPV6	= 2,
};

/* Hash algorithms. */
enum xennet_hash_algorithm {
	XENNET_HASH_NONE	= 0,
	XENNET_HASH_TOEPLITZ	= 1,
};

/* What is hashed: addresses, and the ports of TCP. A set of them has bits. */
enum xennet_hash_type {
	XENNET_HASH_IPV4	= 0,
	XENNET_HASH_IPV4_TCP	= 1,
	XENNET_HASH_IPV6	= 2,
	XENNET_HASH_IPV6_TCP	= 3,
	XENNET_HASH_TYPES	= 4,
};

/* Control messages. */
enum xennet_ctrl_type {
	XENNET_CTRL_GET_HASH_FLAGS	= 1,
	XENNET_CTRL_SET_HASH_FLAGS	= 2,
	XENNET_CTRL_SET_HASH_KEY	= 3,
	XENNET_CTRL_GET_HASH_MAP_SIZE	= 4,
	XENNET_CTRL_SET_HASH_MAP_SIZE	= 5,
	XENNET_CTRL_SET_HASH_MAP	= 6,
	XENNET_CTRL_SET_HASH_ALGORITHM	= 7,
	XENNET_CTRL_GET_GREFS_SIZE	= 8,
	XENNET_CTRL_ADD_GREFS		= 9,
	XENNET_CTRL_DEL_GREFS		= 10,
};

/* And what a backend says to one. */
enum xennet_ctrl_status {
	XENNET_CTRL_SUCCESS		= 0,
	XENNET_CTRL_NOT_SUPPORTED	= 1,
	XENNET_CTRL_INVALID_PARAMETER	= 2,
	XENNET_CTRL_BUFFER_OVERFLOW	= 3,
};

/**
 * struct ctrl_request - one control message
 * @id: the guest's name for it, echoed in the response
 * @type: enum xennet_ctrl_type
 * @data: arguments; of SET_HASH_KEY grant and bytes, of SET_HASH_MAP grant,
 *	entries, and which is the first, of ADD_GREFS and DEL_GREFS queue, grant
 *	and entries, of GET_GREFS_SIZE queue, of others one value
 */
struct ctrl_request {
	u16 id;
	u16 type;
	u32 data[3];
};

/**
 * struct ctrl_response - answer to a control message
 * @id: from the request
 * @type: from the request
 * @status: enum xennet_ctrl_status
 * @data: what a GET asked for; of DEL_GREFS how many were unmapped
 */
struct ctrl_response {
	u16 id;
	u16 type;
	u32 status;
	u32 data;
};

/* Flags of a static grant. */
enum xennet_gref_flags {
	XENNET_GREF_READONLY	= 1u << 0,
};

/**
 * struct xennet_gref - a static grant in a guest's list
 * @ref: grant of a page
 * @flags: enum xennet_gref_flags
 * @status: enum xennet_ctrl_status; written by DEL_GREFS only
 */
struct xennet_gref {
	u32 ref;
	u16 flags;
	u16 status;
};

/* Static grants that one message can name: its list is one page. */
#define XENNET_GREFS_MAX	(XENNET_PAGE_SIZE / sizeof(struct xennet_gref))

/**
 * struct f2b_request - one data slot a guest posts for transmission
 * @gref: grant of the page that holds the data
 * @offset: first byte within the page
 * @flags: enum f2b_flags
 * @id: the guest's name for the slot, echoed in the response
 * @size: bytes; in a packet's first slot, bytes of the whole packet
 */
struct f2b_request {
	u32 gref;
	u16 offset;
	u16 flags;
	u16 id;
	u16 size;
};

/**
 * struct f2b_response - answer to one f2b slot
 * @id: from the request
 * @status: enum xennet_status
 */
struct f2b_response {
	u16 id;
	s16 status;
};

/**
 * struct b2f_request - one page a guest posts to receive into
 * @id: the guest's name for the page, echoed in the response
 * @pad: unused
 * @gref: writable grant of the page
 */
struct b2f_request {
	u16 id;
	u16 pad;
	u32 gref;
};

/**
 * struct b2f_response - one received piece of a packet
 * @id: from the request
 * @offset: first byte of data within the page
 * @flags: enum b2f_flags
 * @status: bytes in the page, or a negative enum xennet_status
 */
struct b2f_response {
	u16 id;
	u16 offset;
	u16 flags;
	s16 status;
};

/**
 * struct xennet_extra - extra-info slot of either ring
 * @type: enum xennet_extra_type
 * @flags: XENNET_EXTRA_MORE when another extra follows
 * @gso: payload of XENNET_EXTRA_GSO: segment bytes, enum xennet_gso_type
 * @mcast: payload of XENNET_EXTRA_MCAST_ADD and _DEL: a MAC address
 * @hash: payload of XENNET_EXTRA_HASH: enum xennet_hash_type,
 *	enum xennet_hash_algorithm, the value from its lowest byte on
 */
struct xennet_extra {
	u8 type;
	u8 flags;
	union {
		struct {
			u16 size;
			u8 type;
			u8 pad;
			u16 features;
		} gso;
		struct {
			u8 addr[6];
		} mcast;
		struct {
			u8 type;
			u8 algorithm;
			u8 value[4];
		} hash;
	};
};

/**
 * struct xennet_sring_hdr - index words at the head of a shared ring
 * @req_prod: requests produced, written by the front
 * @req_event: front notifies when req_prod passes this, written by the back
 * @rsp_prod: responses produced, written by the back
 * @rsp_event: back notifies when rsp_prod passes this, written by the front
 * @pad: up to the first slot
 *
 * Free-running u32 counters; an index is a counter modulo the ring size.
 * Only ring.h may touch one.
 */
struct xennet_sring_hdr {
	u32 req_prod;
	u32 req_event;
	u32 rsp_prod;
	u32 rsp_event;
	u8 pad[48];
};

#define F2B_SLOT_WORDS	3
#define B2F_SLOT_WORDS	2
#define CTRL_SLOT_WORDS	4

/**
 * struct f2b_sring - the shared page of the guest-to-backend ring
 * @hdr: indices
 * @slot: requests, extras and responses, as 32-bit words
 */
struct f2b_sring {
	struct xennet_sring_hdr hdr;
	u32 slot[XENNET_RING_SIZE][F2B_SLOT_WORDS];
};

/**
 * struct b2f_sring - the shared page of the backend-to-guest ring
 * @hdr: indices
 * @slot: requests, extras and responses, as 32-bit words
 */
struct b2f_sring {
	struct xennet_sring_hdr hdr;
	u32 slot[XENNET_RING_SIZE][B2F_SLOT_WORDS];
};

/**
 * struct ctrl_sring - the shared page of the control ring
 * @hdr: indices
 * @slot: requests and responses, as 32-bit words
 */
struct ctrl_sring {
	struct xennet_sring_hdr hdr;
	u32 slot[XENNET_CTRL_RING_SIZE][CTRL_SLOT_WORDS];
};

static_assert(sizeof(struct ctrl_request) == 16, "control slot");
static_assert(sizeof(struct xennet_gref) == 8, "static grant");
static_assert(sizeof(struct ctrl_response) == 12, "control response");
static_assert(sizeof(struct ctrl_sring) <= XENNET_PAGE_SIZE, "control ring");
static_assert(sizeof(struct f2b_request) == 12, "f2b slot");
static_assert(sizeof(struct f2b_response) == 4, "f2b response");
static_assert(sizeof(struct b2f_request) == 8, "b2f slot");
static_assert(sizeof(struct b2f_response) == 8, "b2f response");
static_assert(sizeof(struct xennet_extra) == 8, "extra");
static_assert(sizeof(struct f2b_sring) <= XENNET_PAGE_SIZE, "f2b ring");
static_assert(sizeof(struct b2f_sring) <= XENNET_PAGE_SIZE, "b2f ring");

#endif /* XENNET_WIRE_H */
