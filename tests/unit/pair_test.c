// SPDX-License-Identifier: GPL-2.0
/* Both ends in one program: what one builds, the other parses. */
#include "netback/b2f_plan.h"
#include "netback/f2b_parse.h"
#include "netback/ledger.h"
#include "netfront/b2f_parse.h"
#include "netfront/f2b_build.h"
#include "netfront/groups.h"
#include "netfront/ids.h"
#include "unit.h"

#define FATAL_SLOTS	20u
#define NEAR_WRAP	(U32_MAX - 100)
#define PAGE		XENNET_PAGE_SIZE

/* A frame in as many runs as an skb can have, of any length and place. */
static struct f2b_frame random_frame(void)
{
	u32 longest = rnd_one_in(3) ? 65535 : rnd_range(20, 6000);
	struct f2b_frame frame = { 0 };
	u32 i, runs = rnd_range(1, rnd_one_in(8) ? F2B_RUNS_MAX : 18);

	for (i = 0; i < runs; i++) {
		u32 room = XENNET_PACKET_MAX - frame.len;
		u32 len = i && rnd_one_in(10) ? 0 : rnd_below(longest) + 1;

		frame.run[i].off = rnd_below(2 * PAGE);
		frame.run[i].len = min(len, room);
		frame.len += frame.run[i].len;
	}
	frame.nr_runs = runs;
	frame.csum_blank = rnd_one_in(2);
	frame.data_validated = rnd_one_in(2);
	if (rnd_one_in(2)) {
		frame.gso_type = rnd_range(XENNET_GSO_TCPV4, XENNET_GSO_TCPV6);
		frame.gso_size = rnd_range(8, 65535);
	}
	return frame;
}

/* The same frame copied to fresh pages, as the frontend mends a bad shape. */
static void mend(struct f2b_frame *frame)
{
	u32 left = frame->len;

	memset(frame->run, 0, sizeof(frame->run));
	for (frame->nr_runs = 0; left; frame->nr_runs++) {
		frame->run[frame->nr_runs].len = min(left, PAGE);
		left -= min(left, PAGE);
	}
}

static void assert_same_packet(const struct f2b_frame *frame,
			       const struct f2b_shape *shape,
			       const struct f2b_pkt *pkt)
{
	u32 i;

	assert_int_equal(pkt->reason, XENNET_OK);
	assert_int_equal(pkt->len, frame->len);
	assert_int_equal(pkt->used, shape->nr_slots);
	assert_int_equal(pkt->nr_extras, shape->nr_extras);
	assert_int_equal(pkt->csum_blank, frame->csum_blank);
	assert_int_equal(pkt->data_validated, frame->data_validated);
	assert_int_equal(pkt->gso_type, frame->gso_type);
	assert_int_equal(pkt->gso_size, frame->gso_size);
	assert_int_equal(pkt->nr_ids, shape->nr_pieces);
	for (i = 0; i < pkt->nr_ids; i++) {
		assert_int_equal(pkt->id[i], shape->piece[i].id);
		assert_int_equal(pkt->slot[i].gref, shape->piece[i].gref);
		assert_int_equal(pkt->slot[i].offset, shape->piece[i].offset);
		assert_int_equal(pkt->slot[i].size, shape->piece[i].len);
	}
}

static void every_frame_the_front_builds_the_back_parses(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	u32 round, i, built = 0, mended = 0, cons = NEAR_WRAP;

	(void)state;
	for (round = 0; round < 100000; round++) {
		struct f2b_frame frame = random_frame();
		struct f2b_shape shape;
		enum xennet_reason reason;
		struct f2b_pkt pkt;

		reason = f2b_shape(&frame, XENNET_SLOTS_MAX, &shape);
		if (reason == XENNET_TOO_MANY_SLOTS ||
		    reason == XENNET_SHORT_HEADER) {
			mend(&frame);
			mended++;
			reason = f2b_shape(&frame, XENNET_SLOTS_MAX, &shape);
		}
		if (frame.len < XENNET_PACKET_MIN) {
			assert_int_equal(reason, XENNET_RUNT);
			continue;
		}
		assert_int_equal(reason, XENNET_OK);
		for (i = 0; i < shape.nr_pieces; i++) {
			shape.piece[i].id = rnd();
			shape.piece[i].gref = rnd();
		}
		f2b_build(ring, cons, &frame, &shape);
		f2b_parse(ring, cons, rnd_range(shape.nr_slots, 256),
			  FATAL_SLOTS, &pkt);
		assert_same_packet(&frame, &shape, &pkt);
		cons += shape.nr_slots;
		built++;
	}
	assert_true(built > 90000);
	assert_true(mended > 1000);
	free(ring);
}

static void every_frame_the_back_answers_the_front_parses(void **state)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	u32 round, i, cons = NEAR_WRAP;

	(void)state;
	for (round = 0; round < 100000; round++) {
		struct b2f_frame frame = {
			.len = rnd_range(XENNET_PACKET_MIN, rnd_one_in(2) ?
					 XENNET_PACKET_MAX : 3000),
			.csum_blank = rnd_one_in(2),
			.data_validated = rnd_one_in(2),
		};
		u16 id[B2F_SLOTS_MAX];
		struct b2f_plan plan;
		struct b2f_pkt pkt;

		if (rnd_one_in(2)) {
			frame.gso_type = rnd_range(XENNET_GSO_TCPV4,
						   XENNET_GSO_TCPV6);
			frame.gso_size = rnd_range(8, 65535);
		}
		if (rnd_one_in(2))
			frame.hash = (struct xennet_hash) {
				.algorithm = XENNET_HASH_TOEPLITZ,
				.type = rnd_below(XENNET_HASH_TYPES),
				.value = rnd(),
			};
		b2f_plan(&frame, &plan);
		for (i = 0; i < plan.nr_slots; i++)
			id[i] = (cons + i) % XENNET_RING_SIZE;
		b2f_respond(ring, cons, &frame, id, true);
		b2f_parse(ring, cons, rnd_range(plan.nr_slots, 256), &pkt);

		assert_int_equal(pkt.reason, XENNET_OK);
		assert_int_equal(pkt.used, plan.nr_slots);
		assert_int_equal(pkt.len, frame.len);
		assert_int_equal(pkt.csum_blank, frame.csum_blank);
		assert_int_equal(pkt.data_validated, frame.data_validated);
		assert_int_equal(pkt.gso_type, frame.gso_type);
		assert_int_equal(pkt.gso_size, frame.gso_size);
		assert_int_equal(pkt.hash.algorithm, frame.hash.algorithm);
		if (frame.hash.algorithm) {
			assert_int_equal(pkt.hash.type, frame.hash.type);
			assert_int_equal(pkt.hash.value, frame.hash.value);
		}
		assert_int_equal(pkt.nr_pieces, plan.nr_slots - plan.nr_extras);
		for (i = 0; i < pkt.nr_pieces; i++) {
			assert_int_equal(pkt.piece[i].slot,
					 b2f_ring_index(&plan, i));
			assert_int_equal(pkt.piece[i].offset, 0);
			assert_int_equal(pkt.piece[i].len,
					 min(frame.len - i * PAGE, PAGE));
		}
		cons += plan.nr_slots;
	}
	free(ring);
}

/* Each slot of a failed frame is an error of its own, and a page given back. */
static void a_frame_that_failed_gives_the_front_all_its_pages_back(void **state)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	u32 len, i;

	(void)state;
	for (len = XENNET_PACKET_MIN; len <= XENNET_PACKET_MAX; len += 501) {
		struct b2f_frame frame = {
			.len = len, .csum_blank = true,
			.gso_type = XENNET_GSO_TCPV4, .gso_size = 1448,
			.hash.algorithm = XENNET_HASH_TOEPLITZ,
		};
		u16 id[B2F_SLOTS_MAX];
		struct b2f_plan plan;
		struct b2f_pkt pkt;

		b2f_plan(&frame, &plan);
		for (i = 0; i < plan.nr_slots; i++)
			id[i] = (NEAR_WRAP + i) % XENNET_RING_SIZE;
		b2f_respond(ring, NEAR_WRAP, &frame, id, false);
		for (i = 0; i < plan.nr_slots; i++) {
			b2f_parse(ring, NEAR_WRAP + i, plan.nr_slots - i, &pkt);
			assert_int_equal(pkt.reason, XENNET_PEER_ERROR);
			assert_int_equal(pkt.used, 1);
		}
	}
	free(ring);
}

/*
 * The life of a slot, both books kept: the front's table of ids, the back's
 * ledger. The back answers whole packets in any order.
 */
struct life {
	struct f2b_sring *sring;
	struct ring_front front;
	struct ring_back back;
	struct ids ids;
	struct ledger ledger;
	struct f2b_pkt pkt[XENNET_RING_SIZE];
	u32 sent;
	u32 answered;
};

static void life_send(struct life *l)
{
	struct f2b_frame frame = random_frame();
	struct f2b_shape shape;
	u32 i;

	if (f2b_shape(&frame, XENNET_SLOTS_MAX, &shape) ||
	    shape.nr_slots > ring_front_free(&l->front))
		return;
	for (i = 0; i < shape.nr_pieces; i++) {
		shape.piece[i].id = ids_take(&l->ids);
		assert_int_not_equal(shape.piece[i].id, IDS_NONE);
	}
	for (i = 0; i < shape.nr_extras; i++)
		assert_true(ids_take_extra(&l->ids));
	f2b_build(l->sring, l->front.req_prod, &frame, &shape);
	l->front.req_prod += shape.nr_slots;
	ring_front_publish(&l->front);
	l->sent++;
}

static void life_consume(struct life *l)
{
	struct f2b_pkt pkt;
	int entry;
	u32 n;

	assert_int_equal(ring_back_requests(&l->back, &n), 0);
	if (!n)
		return;
	assert_int_equal(f2b_parse(l->sring, l->back.req_cons, n, FATAL_SLOTS,
				   &pkt), XENNET_OK);
	entry = ledger_take(&l->ledger, pkt.used);
	assert_true(entry >= 0);
	l->pkt[entry] = pkt;
	l->back.req_cons += pkt.used;
}

static void life_write(struct life *l, u16 id, s16 status)
{
	struct f2b_response rsp = { .id = id, .status = status };

	f2b_write_response(l->sring, l->back.rsp_prod++, &rsp);
}

static void life_release(struct life *l)
{
	u32 i, entry = rnd_below(XENNET_RING_SIZE);
	const struct f2b_pkt *pkt = &l->pkt[entry];

	if (!l->ledger.slots[entry])
		return;
	life_write(l, pkt->id[0], XENNET_RSP_OKAY);
	for (i = 0; i < pkt->nr_extras; i++)
		life_write(l, 0, XENNET_RSP_NULL);
	for (i = 1; i < pkt->nr_ids; i++)
		life_write(l, pkt->id[i], XENNET_RSP_OKAY);
	assert_int_equal(ledger_put(&l->ledger, entry), pkt->used);
	ring_back_publish(&l->back);
	l->answered++;
}

static void life_reclaim(struct life *l)
{
	struct f2b_response rsp;
	u32 n;

	assert_int_equal(ring_front_responses(&l->front, &n), 0);
	for (; n; n--) {
		f2b_read_response(l->sring, l->front.rsp_cons++, &rsp);
		if (rsp.status == XENNET_RSP_NULL)
			assert_int_equal(ids_put_extra(&l->ids), XENNET_OK);
		else
			assert_int_equal(ids_put(&l->ids, rsp.id), XENNET_OK);
	}
}

/* free + posted + held is the ring, whoever counts. */
static void life_check(const struct life *l)
{
	u32 unread = l->back.rsp_prod - l->front.rsp_cons;
	u32 out = l->front.req_prod - l->front.rsp_cons;
	u32 n;

	assert_int_equal(ring_back_requests(&l->back, &n), 0);
	assert_int_equal(l->ledger.held, ring_back_held(&l->back));
	assert_int_equal(ring_front_free(&l->front) + n + l->ledger.held +
			 unread, XENNET_RING_SIZE);
	assert_true(ledger_is_valid(&l->ledger));
	assert_true(ids_is_valid(&l->ids, out));
}

static void every_slot_is_answered_once_in_whatever_order(void **state)
{
	struct life *l = new_page(sizeof(*l));
	u32 round;

	(void)state;
	l->sring = new_page(sizeof(*l->sring));
	ring_front_init(&l->front, &l->sring->hdr);
	l->sring->hdr.req_prod = NEAR_WRAP;
	l->sring->hdr.rsp_prod = NEAR_WRAP;
	l->front.req_prod = NEAR_WRAP;
	l->front.rsp_cons = NEAR_WRAP;
	assert_int_equal(ring_back_attach(&l->back, &l->sring->hdr), 0);
	ids_init(&l->ids);
	ledger_init(&l->ledger);

	for (round = 0; round < 100000; round++) {
		switch (rnd_below(8)) {
		case 0:
			life_send(l);
			break;
		case 1:
			life_consume(l);
			break;
		case 2:
			life_reclaim(l);
			break;
		default:
			life_release(l);
		}
		life_check(l);
	}
	while (l->answered < l->sent) {
		life_consume(l);
		life_release(l);
	}
	life_reclaim(l);
	life_check(l);
	assert_int_equal(l->ledger.held, 0);
	assert_int_equal(ids_outstanding(&l->ids), 0);
	assert_true(l->sent > 5000);
	free(l->sring);
	free(l);
}

/* The frontend's lists, and the one of a backend that hears by the ring. */
struct club {
	struct f2b_sring *ring;
	struct mcast back;
	struct groups front;
	u32 prod;
};

/* Some of 80 groups: at times more than a list holds. */
static void club_want(struct club *c)
{
	struct mcast wanted = { 0 };
	u32 i, n = rnd_below(rnd_one_in(4) ? 100 : 8);
	bool all = rnd_one_in(10);

	for (i = 0; i < n; i++) {
		const u8 addr[6] = { 0x33, 0x33, 0, 0, 0, rnd_below(80) };

		all |= !mcast_add(&wanted, addr);
	}
	groups_want(&c->front, &wanted, all);
}

static bool club_ask(struct club *c)
{
	struct groups_change change;

	if (!groups_next(&c->front, &change))
		return false;
	f2b_build_mcast(c->ring, c->prod, rnd_below(256), change.add,
			change.addr);
	groups_asked(&c->front, &change);
	return true;
}

/* The backend does as it is told, but for now and then, or no longer knows. */
static void club_answer(struct club *c)
{
	struct f2b_pkt pkt;
	bool done;

	f2b_parse(c->ring, c->prod, F2B_MCAST_SLOTS, FATAL_SLOTS, &pkt);
	assert_int_equal(pkt.reason, XENNET_CONTROL);
	assert_int_equal(pkt.used, F2B_MCAST_SLOTS);
	assert_int_equal(pkt.nr_ids, 1);
	assert_int_equal(pkt.nr_extras, 1);
	assert_memory_equal(pkt.mcast_addr, c->front.change.addr, 6);
	c->prod += pkt.used;
	if (pkt.mcast_type == XENNET_EXTRA_MCAST_DEL)
		done = mcast_del(&c->back, pkt.mcast_addr);
	else
		done = !rnd_one_in(20) && mcast_add(&c->back, pkt.mcast_addr);
	groups_answered(&c->front, done);
}

/* Whenever the backend may filter it knows of all that are wanted. */
static void club_check(const struct club *c)
{
	const struct mcast *wanted = &c->front.wanted;
	u32 i;

	if (!groups_are_listed(&c->front))
		return;
	assert_false(c->front.all);
	for (i = 0; i < wanted->nr; i++)
		assert_true(mcast_has(&c->back, wanted->addr[i]));
}

static void no_group_that_is_wanted_is_ever_filtered(void **state)
{
	struct club c = { .ring = new_page(sizeof(*c.ring)), .prod = NEAR_WRAP };
	u32 round, filtered = 0;

	(void)state;
	for (round = 0; round < 100000; round++) {
		if (rnd_one_in(20))
			club_want(&c);
		if (rnd_one_in(5000)) {
			c.back.nr = 0;
			groups_reset(&c.front);
		}
		club_check(&c);
		if (c.front.busy)
			club_answer(&c);
		else
			club_ask(&c);
		club_check(&c);
		filtered += groups_are_listed(&c.front);
	}
	assert_true(filtered > 20000);
	c.front.refused = false;
	while (c.front.busy || club_ask(&c))
		club_answer(&c);
	assert_true(c.front.all || c.front.refused ||
		    c.back.nr == c.front.wanted.nr);
	free(c.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_the_front_builds_the_back_parses),
		cmocka_unit_test(every_frame_the_back_answers_the_front_parses),
		cmocka_unit_test(a_frame_that_failed_gives_the_front_all_its_pages_back),
		cmocka_unit_test(every_slot_is_answered_once_in_whatever_order),
		cmocka_unit_test(no_group_that_is_wanted_is_ever_filtered),
	};

	return cmocka_run_group_tests_name("pair", tests, NULL, NULL);
}
