/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's hands on a f2b ring: any slot, well formed or not. What the
 * frontend really writes is in pair_test.c.
 */
#ifndef UNIT_GUEST_H
#define UNIT_GUEST_H

#include "netback/f2b_parse.h"
#include "unit.h"

#define FATAL_SLOTS	20u

struct guest {
	struct f2b_sring *sring;
	u32 prod;
};

static inline struct guest guest_new(u32 prod)
{
	return (struct guest) {
		.sring = new_page(sizeof(struct f2b_sring)),
		.prod = prod,
	};
}

static inline void guest_free(struct guest *g)
{
	free(g->sring);
}

/* A data slot; its id tells its place in the ring, its grant the id. */
static inline void put_at(struct guest *g, u16 flags, u16 offset, u16 size)
{
	struct f2b_request req = {
		.gref = 1000 + g->prod % XENNET_RING_SIZE,
		.offset = offset,
		.flags = flags,
		.id = g->prod % XENNET_RING_SIZE,
		.size = size,
	};

	f2b_write_request(g->sring, g->prod++, &req);
}

static inline void put(struct guest *g, u16 flags, u16 size)
{
	put_at(g, flags, 0, size);
}

static inline void put_extra(struct guest *g, u8 type, u8 flags)
{
	struct xennet_extra extra = { .type = type, .flags = flags };

	f2b_write_extra(g->sring, g->prod++, &extra);
}

static inline void put_gso(struct guest *g, u8 type, u16 size)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO,
		.gso.type = type,
		.gso.size = size,
	};

	f2b_write_extra(g->sring, g->prod++, &extra);
}

/* @n data slots that add up to a frame of @len bytes, all but the first @each. */
static inline void put_packet(struct guest *g, u32 n, u16 len, u16 each)
{
	u32 i;

	for (i = 0; i < n; i++)
		put(g, i + 1 < n ? F2B_MORE_DATA : 0, i ? each : len);
}

/* Parses all that was put, with a result that held something else before. */
static inline struct f2b_pkt parse_from(const struct guest *g, u32 start)
{
	struct f2b_pkt pkt;

	memset(&pkt, 0xee, sizeof(pkt));
	f2b_parse(g->sring, start, g->prod - start, FATAL_SLOTS, &pkt);
	return pkt;
}

#endif /* UNIT_GUEST_H */
