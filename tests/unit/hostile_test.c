// SPDX-License-Identifier: GPL-2.0
/*
 * A peer that writes anything, at any time. The parsers of both ends are
 * built into this program with a READ_ONCE() that lets the peer rewrite each
 * word right after it was read.
 */
#include <pthread.h>

#include "unit.h"

static void (*after_read)(u32 *word);

static inline u32 spy(u32 *word)
{
	u32 val = __atomic_load_n(word, __ATOMIC_RELAXED);

	if (after_read)
		after_read(word);
	return val;
}

#undef READ_ONCE
#define READ_ONCE(x)	spy((u32 *)&(x))

#define f2b_parse	spied_f2b_parse
#define b2f_parse	spied_b2f_parse

#include "netback/f2b_parse.c"
#include "netback/f2b_plan.h"
#include "netfront/b2f_parse.c"

#define FATAL_SLOTS	20u
#define NEAR_WRAP	(U32_MAX - 5)

static const struct f2b_limits limits = {
	.head_max = 256,
	.head_min = 128,
};

/* Each word read is spoilt; each may be read once. */
static u32 words_read;

static void spoil(u32 *word)
{
	*word = rnd();
	words_read++;
}

/* What is true of any packet, whatever the guest wrote. */
static void check_f2b(const struct f2b_pkt *pkt, u32 avail)
{
	struct f2b_plan plan;
	u32 i, sum = 0;

	assert_in_range(pkt->reason, 0, XENNET_REASONS - 1);
	assert_true(pkt->used <= avail);
	if (xennet_reason_fatal(pkt->reason)) {
		assert_int_equal(pkt->used, 0);
		return;
	}
	assert_int_equal(pkt->used, pkt->nr_ids + pkt->nr_extras);
	assert_in_range(pkt->nr_ids, 1, FATAL_SLOTS - 1);
	if (pkt->reason)
		return;
	assert_in_range(pkt->nr_ids, 1, XENNET_SLOTS_MAX);
	assert_in_range(pkt->len, XENNET_PACKET_MIN, XENNET_PACKET_MAX);
	for (i = 0; i < pkt->nr_ids; i++) {
		assert_true(pkt->slot[i].offset + pkt->slot[i].size <=
			    XENNET_PAGE_SIZE);
		sum += pkt->slot[i].size;
	}
	assert_int_equal(sum, pkt->len);
	assert_int_equal(!pkt->gso_size, !pkt->gso_type);

	f2b_plan(pkt, &limits, &plan);
	for (sum = 0, i = 0; i < plan.nr_copies; i++) {
		assert_true(plan.copy[i].src_off + plan.copy[i].len <=
			    XENNET_PAGE_SIZE);
		sum += plan.copy[i].frag == F2B_TO_HEAD ? plan.copy[i].len : 0;
	}
	assert_int_equal(sum, plan.head_len);
	for (i = 0; i < plan.nr_frags; i++) {
		assert_true(plan.frag_len[i] <= XENNET_PAGE_SIZE);
		sum += plan.frag_len[i];
	}
	assert_int_equal(sum, pkt->len);
}

static void check_b2f(const struct b2f_pkt *pkt, u32 avail)
{
	u32 i, sum = 0;

	assert_in_range(pkt->reason, 0, XENNET_REASONS - 1);
	assert_true(pkt->used <= avail);
	if (xennet_reason_fatal(pkt->reason)) {
		assert_int_equal(pkt->used, 0);
		return;
	}
	assert_true(pkt->used);
	if (pkt->reason)
		return;
	assert_in_range(pkt->nr_pieces, 1, XENNET_SLOTS_MAX);
	assert_in_range(pkt->len, XENNET_PACKET_MIN, XENNET_PACKET_MAX);
	for (i = 0; i < pkt->nr_pieces; i++) {
		assert_in_range(pkt->piece[i].slot, 0, pkt->used - 1);
		assert_true(pkt->piece[i].len);
		assert_true(pkt->piece[i].offset + pkt->piece[i].len <=
			    XENNET_PAGE_SIZE);
		sum += pkt->piece[i].len;
	}
	assert_int_equal(sum, pkt->len);
	assert_int_equal(!pkt->gso_size, !pkt->gso_type);
}

/* Packets of a guest that keeps the rules most of the time. */
static void write_f2b(struct f2b_sring *ring, u32 idx, u32 end)
{
	while (idx != end) {
		u16 flags = rnd() & (rnd_one_in(3) ? 0xf : 0x3);
		struct f2b_request req = {
			.gref = rnd(),
			.offset = rnd_below(100),
			.flags = flags | (rnd_one_in(2) ? F2B_MORE_DATA : 0),
			.id = rnd(),
			.size = rnd_one_in(2) ? rnd_below(4000) : rnd(),
		};
		struct xennet_extra extra = {
			.type = rnd_one_in(40) ? rnd() : XENNET_EXTRA_GSO,
			.flags = rnd_one_in(4) ? rnd() : 0,
			.gso.size = rnd_one_in(40) ? 0 : 1448,
			.gso.type = rnd_one_in(40) ? rnd() : rnd_range(1, 2),
		};

		if (rnd_one_in(4))
			f2b_write_extra(ring, idx++, &extra);
		else
			f2b_write_request(ring, idx++, &req);
	}
}

static void write_b2f(struct b2f_sring *ring, u32 idx, u32 end)
{
	for (; idx != end; idx++) {
		struct b2f_response rsp = {
			.id = rnd_one_in(60) ? rnd() : idx % XENNET_RING_SIZE,
			.offset = rnd_below(100),
			.flags = rnd() & (rnd_one_in(6) ? 0xf : 0x7),
			.status = rnd_one_in(10) ? (s16)rnd() :
						   (s16)rnd_below(4000),
		};
		struct xennet_extra extra = {
			.type = rnd_one_in(9) ? rnd() : XENNET_EXTRA_GSO,
			.gso.size = 1448,
			.gso.type = rnd_range(0, 3),
		};

		if (rnd_one_in(10))
			b2f_write_extra(ring, idx, &extra);
		else
			b2f_write_response(ring, idx, &rsp);
	}
}

/* Reads a packet twice: from a page at rest, from one spoilt behind it. */
static void a_f2b_slot_rewritten_behind_the_parser_changes_nothing(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct f2b_pkt rest, busy;
	u32 round, reached[XENNET_REASONS] = { 0 };

	(void)state;
	for (round = 0; round < 50000; round++) {
		u32 avail = rnd_range(1, 40);

		memset(&rest, 0, sizeof(rest));
		memset(&busy, 0, sizeof(busy));
		write_f2b(ring, NEAR_WRAP, NEAR_WRAP + avail);
		f2b_parse(ring, NEAR_WRAP, avail, FATAL_SLOTS, &rest);
		words_read = 0;
		after_read = spoil;
		f2b_parse(ring, NEAR_WRAP, avail, FATAL_SLOTS, &busy);
		after_read = NULL;
		assert_memory_equal(&rest, &busy, sizeof(rest));
		assert_true(words_read <= avail * F2B_SLOT_WORDS);
		check_f2b(&busy, avail);
		reached[busy.reason]++;
	}
	assert_true(reached[XENNET_OK] > 500);
	assert_true(reached[XENNET_CROSSES_PAGE] > 500);
	free(ring);
}

static void a_b2f_slot_rewritten_behind_the_parser_changes_nothing(void **state)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	struct b2f_pkt rest, busy;
	u32 round, reached[XENNET_REASONS] = { 0 };

	(void)state;
	for (round = 0; round < 50000; round++) {
		u32 avail = rnd_range(1, 40);

		memset(&rest, 0, sizeof(rest));
		memset(&busy, 0, sizeof(busy));
		write_b2f(ring, NEAR_WRAP, NEAR_WRAP + avail);
		b2f_parse(ring, NEAR_WRAP, avail, &rest);
		words_read = 0;
		after_read = spoil;
		b2f_parse(ring, NEAR_WRAP, avail, &busy);
		after_read = NULL;
		assert_memory_equal(&rest, &busy, sizeof(rest));
		assert_true(words_read <= avail * B2F_SLOT_WORDS);
		check_b2f(&busy, avail);
		reached[busy.reason]++;
	}
	assert_true(reached[XENNET_OK] > 500);
	assert_true(reached[XENNET_CUT_OFF] > 500);
	free(ring);
}

/* Whatever stands in the rest of the page, the packet is the same. */
static void slots_not_offered_are_not_looked_at(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct f2b_pkt one, two;
	u32 round, i;

	(void)state;
	for (round = 0; round < 5000; round++) {
		u32 avail = rnd_range(1, 30);

		memset(&one, 0, sizeof(one));
		memset(&two, 0, sizeof(two));
		write_f2b(ring, NEAR_WRAP, NEAR_WRAP + avail);
		f2b_parse(ring, NEAR_WRAP, avail, FATAL_SLOTS, &one);
		for (i = avail; i < XENNET_RING_SIZE; i++)
			rnd_fill(ring_slot(ring, NEAR_WRAP + i),
				 sizeof(ring->slot[0]));
		f2b_parse(ring, NEAR_WRAP, avail, FATAL_SLOTS, &two);
		assert_memory_equal(&one, &two, sizeof(one));
	}
	free(ring);
}

/* A page of random bytes, with flags that lead somewhere. */
static void random_pages_make_only_sound_f2b_packets(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	u32 round, reached[XENNET_REASONS] = { 0 };
	struct f2b_pkt pkt;

	(void)state;
	rnd_fill(ring, sizeof(*ring));
	for (round = 0; round < 100000; round++) {
		u32 i, cons = rnd(), avail = rnd_range(1, XENNET_RING_SIZE);

		for (i = 0; i < 30; i++)
			rnd_fill(ring_slot(ring, cons + i),
				 sizeof(ring->slot[0]));
		if (rnd_one_in(2))
			write_f2b(ring, cons, cons + 30);
		f2b_parse(ring, cons, avail, FATAL_SLOTS, &pkt);
		check_f2b(&pkt, avail);
		reached[pkt.reason]++;
	}
	assert_true(reached[XENNET_OK] > 1000);
	assert_true(reached[XENNET_BAD_EXTRA] > 1000);
	free(ring);
}

static void random_pages_make_only_sound_b2f_packets(void **state)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	u32 round, reached[XENNET_REASONS] = { 0 };
	struct b2f_pkt pkt;

	(void)state;
	rnd_fill(ring, sizeof(*ring));
	for (round = 0; round < 100000; round++) {
		u32 i, cons = rnd(), avail = rnd_range(1, XENNET_RING_SIZE);

		for (i = 0; i < 30; i++)
			rnd_fill(ring_slot(ring, cons + i),
				 sizeof(ring->slot[0]));
		if (rnd_one_in(2))
			write_b2f(ring, cons, cons + 30);
		b2f_parse(ring, cons, avail, &pkt);
		check_b2f(&pkt, avail);
		reached[pkt.reason]++;
	}
	assert_true(reached[XENNET_OK] > 1000);
	assert_true(reached[XENNET_BAD_ID] > 1000);
	free(ring);
}

/* Another CPU writes to the page all the while; the sanitizers watch too. */
struct scribbler {
	u32 *words;
	u32 count;
	bool stop;
};

static void *scribble(void *arg)
{
	struct scribbler *s = arg;
	u64 x = 88172645463325252ull;

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		__atomic_store_n(&s->words[x % s->count],
				 x >> 32 & 0x0fff0fff, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void a_page_written_all_the_while_makes_only_sound_packets(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct scribbler s = {
		.words = ring->slot[0],
		.count = XENNET_RING_SIZE * F2B_SLOT_WORDS,
	};
	struct f2b_pkt pkt;
	pthread_t thread;
	u32 round;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, scribble, &s), 0);
	for (round = 0; round < 200000; round++) {
		f2b_parse(ring, round, XENNET_RING_SIZE, FATAL_SLOTS, &pkt);
		check_f2b(&pkt, XENNET_RING_SIZE);
	}
	__atomic_store_n(&s.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	free(ring);
}

/* XSA-39: an index far ahead must not become a long loop. */
static void any_index_is_refused_or_within_the_ring(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct ring_back back;
	u32 round, n;

	(void)state;
	for (round = 0; round < 100000; round++) {
		u32 start = rnd(), held = rnd_below(XENNET_RING_SIZE + 1);
		u32 ahead = rnd_one_in(2) ? rnd() : rnd_below(600);
		int err;

		ring->hdr.rsp_prod = start;
		ring->hdr.req_prod = start + held;
		assert_int_equal(ring_back_attach(&back, &ring->hdr), 0);
		back.req_cons += held;
		ring->hdr.req_prod = back.req_cons + ahead;
		ring->hdr.rsp_prod = rnd();
		err = ring_back_requests(&back, &n);
		if (ahead <= XENNET_RING_SIZE - held)
			assert_true(!err && n == ahead);
		else
			assert_true(err == -EPROTO && !n);
	}
	free(ring);
}

static void no_index_can_be_read_twice_and_differ(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct ring_back back = { .hdr = &ring->hdr };
	u32 round, n;

	(void)state;
	after_read = spoil;
	for (round = 0; round < 10000; round++) {
		back.req_cons = rnd();
		back.rsp_prod = back.req_cons;
		ring->hdr.req_prod = back.req_cons + 5;
		words_read = 0;
		assert_int_equal(ring_back_requests(&back, &n), 0);
		assert_int_equal(n, 5);
		assert_int_equal(words_read, 1);
	}
	after_read = NULL;
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_f2b_slot_rewritten_behind_the_parser_changes_nothing),
		cmocka_unit_test(a_b2f_slot_rewritten_behind_the_parser_changes_nothing),
		cmocka_unit_test(slots_not_offered_are_not_looked_at),
		cmocka_unit_test(random_pages_make_only_sound_f2b_packets),
		cmocka_unit_test(random_pages_make_only_sound_b2f_packets),
		cmocka_unit_test(a_page_written_all_the_while_makes_only_sound_packets),
		cmocka_unit_test(any_index_is_refused_or_within_the_ring),
		cmocka_unit_test(no_index_can_be_read_twice_and_differ),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
