// SPDX-License-Identifier: GPL-2.0
/*
 * Layouts of a packet. Every plan is carried out on pages of a pretended
 * guest and the frame put together again, byte for byte.
 */
#include "netback/f2b_plan.h"
#include "unit.h"

#define PAGE	XENNET_PAGE_SIZE

static const struct f2b_limits usual = {
	.head_max = 256,
	.head_min = 128,
};

/* What is in the pages a packet's slots name. */
static u8 guest_page[XENNET_SLOTS_MAX][PAGE];

static int fill_guest_pages(void **state)
{
	(void)state;
	rnd_fill(guest_page, sizeof(guest_page));
	return 0;
}

static struct f2b_pkt *pkt_new(void)
{
	return new_page(sizeof(struct f2b_pkt));
}

static void add_slot(struct f2b_pkt *pkt, u16 offset, u16 size)
{
	pkt->slot[pkt->nr_ids++] = (struct f2b_slot) {
		.offset = offset,
		.size = size,
	};
	pkt->len += size;
}

/* Slots of the given sizes from offset 0; ends with a negative one. */
static struct f2b_pkt *pkt_of(const int *size)
{
	struct f2b_pkt *pkt = pkt_new();

	for (; *size >= 0; size++)
		add_slot(pkt, 0, *size);
	return pkt;
}

#define PKT(...)	pkt_of((const int[]) { __VA_ARGS__, -1 })

/* What a plan makes of a packet. */
struct result {
	u8 head[XENNET_PACKET_MAX + 1];
	u8 page[F2B_FRAGS_MAX][PAGE];
	u8 frame[XENNET_PACKET_MAX + 1];
	u32 len;
};

static void do_copy(const struct f2b_pkt *pkt, const struct f2b_plan *plan,
		    const struct f2b_copy *c, struct result *r)
{
	const struct f2b_slot *slot;

	assert_in_range(c->slot, 0, pkt->nr_ids - 1);
	slot = &pkt->slot[c->slot];
	assert_in_range(c->len, 1, slot->size);
	assert_in_range(c->src_off, slot->offset,
			slot->offset + slot->size - c->len);
	assert_true(c->src_off + c->len <= PAGE);
	if (c->frag == F2B_TO_HEAD) {
		assert_true(c->dst_off + c->len <= plan->head_len);
		memcpy(r->head + c->dst_off, guest_page[c->slot] + c->src_off,
		       c->len);
		return;
	}
	assert_in_range(c->frag, 0, plan->nr_frags - 1);
	assert_true(c->dst_off + c->len <= PAGE);
	memcpy(r->page[c->frag] + c->dst_off, guest_page[c->slot] + c->src_off,
	       c->len);
}

static void do_frag(u32 len, u32 nr, struct result *r)
{
	assert_in_range(len, 1, PAGE);
	assert_true(r->len + len <= XENNET_PACKET_MAX);
	memcpy(r->frame + r->len, r->page[nr], len);
	r->len += len;
}

static void assert_same_frame(const struct f2b_pkt *pkt, const struct result *r)
{
	u32 i, at = 0;

	assert_int_equal(r->len, pkt->len);
	for (i = 0; i < pkt->nr_ids; i++) {
		const struct f2b_slot *slot = &pkt->slot[i];

		assert_memory_equal(r->frame + at, guest_page[i] + slot->offset,
				    slot->size);
		at += slot->size;
	}
}

/* Bytes the copies carry; each one follows the last or starts a fragment. */
static u32 copied_in_order(const struct f2b_plan *plan)
{
	u32 i, sum = 0;

	for (i = 0; i < plan->nr_copies; i++) {
		const struct f2b_copy *c = &plan->copy[i];
		const struct f2b_copy *last = c - 1;

		if (i && c->frag == last->frag)
			assert_int_equal(c->dst_off, last->dst_off + last->len);
		else
			assert_int_equal(c->dst_off, 0);
		if (i)
			assert_true(c->slot >= last->slot);
		sum += c->len;
	}
	return sum;
}

static void assert_head(const struct f2b_pkt *pkt, const struct f2b_limits *lim,
			const struct f2b_plan *plan)
{
	if (pkt->len <= lim->head_max) {
		assert_int_equal(plan->head_len, pkt->len);
		assert_int_equal(plan->nr_frags, 0);
		return;
	}
	assert_true(plan->head_len <= lim->head_max);
	assert_true(plan->head_len >= lim->head_min);
	if (pkt->slot[0].size <= lim->head_max)
		assert_true(plan->head_len >= pkt->slot[0].size);
}

/* Nothing of an earlier frame may pass for this one's. */
static void forget(struct result *r, const struct f2b_plan *plan)
{
	u32 i;

	memset(r->head, 0, plan->head_len);
	for (i = 0; i < plan->nr_frags; i++)
		memset(r->page[i], 0, PAGE);
}

/* Makes the plan, checks all that must hold for any, and carries it out. */
static struct f2b_plan plan(const struct f2b_pkt *pkt,
			    const struct f2b_limits *lim)
{
	static struct result result;
	struct result *r = &result;
	struct f2b_plan p;
	u32 i;

	memset(&p, 0xee, sizeof(p));
	f2b_plan(pkt, lim, &p);
	assert_head(pkt, lim, &p);
	assert_true(p.nr_copies <= F2B_COPIES_MAX);
	assert_true(p.nr_frags <= F2B_FRAGS_MAX);

	forget(r, &p);
	for (i = 0; i < p.nr_copies; i++)
		do_copy(pkt, &p, &p.copy[i], r);
	memcpy(r->frame, r->head, p.head_len);
	r->len = p.head_len;
	for (i = 0; i < p.nr_frags; i++)
		do_frag(p.frag_len[i], i, r);
	assert_int_equal(copied_in_order(&p), pkt->len);
	assert_same_frame(pkt, r);
	return p;
}

static void a_short_frame_goes_whole_into_the_head(void **state)
{
	struct f2b_pkt *pkt = PKT(60);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, 60);
	assert_int_equal(p.nr_copies, 1);
	assert_int_equal(p.nr_frags, 0);
	free(pkt);
}

/* XSA-432: many slots, few bytes. */
static void a_short_frame_of_many_slots_does_too(void **state)
{
	struct f2b_pkt *pkt = PKT(14, 1, 1, 1, 1, 1, 1, 1, 1,
				  1, 1, 1, 1, 1, 1, 1, 1, 1);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, 31);
	assert_int_equal(p.nr_copies, 18);
	assert_int_equal(p.nr_frags, 0);
	free(pkt);
}

static void a_first_slot_that_fits_is_the_head(void **state)
{
	struct f2b_pkt *pkt = PKT(200, 4000);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, 200);
	assert_int_equal(p.nr_copies, 2);
	assert_int_equal(p.nr_frags, 1);
	free(pkt);
}

static void of_a_long_first_slot_the_head_gets_the_headers(void **state)
{
	struct f2b_pkt *pkt = PKT(4000);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, usual.head_min);
	assert_int_equal(p.nr_frags, 1);
	assert_int_equal(p.frag_len[0], 4000 - usual.head_min);
	assert_int_equal(p.copy[1].src_off, usual.head_min);
	free(pkt);
}

/* XSA-423: a network card must find the headers in one piece. */
static void headers_split_over_slots_end_up_in_one_piece(void **state)
{
	struct f2b_pkt *pkt = PKT(14, 20, 20, 10, 4000);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, usual.head_min);
	assert_int_equal(p.nr_copies, 6);
	assert_int_equal(p.copy[5].slot, 4);
	assert_int_equal(p.copy[5].src_off, 64);
	free(pkt);
}

/* XSA-448: nothing behind the head but slots without a byte. */
static void slots_of_no_bytes_take_no_part(void **state)
{
	struct f2b_pkt *pkt = PKT(300, 0, 0, 200, 0);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.head_len, 128);
	assert_int_equal(p.nr_copies, 3);
	assert_int_equal(p.nr_frags, 1);
	free(pkt);

	pkt = PKT(256, 0, 0);
	p = plan(pkt, &usual);
	assert_int_equal(p.nr_frags, 0);
	free(pkt);
}

static void short_rests_share_a_page(void **state)
{
	struct f2b_pkt *pkt = PKT(200, 1000, 1023, 900);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.nr_frags, 1);
	assert_int_equal(p.frag_len[0], 2923);
	free(pkt);
}

static void a_slot_stays_in_one_piece_while_pages_last(void **state)
{
	struct f2b_pkt *pkt = PKT(200, 1000, 1000, 1000, 1000, 1000);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.nr_frags, 2);
	assert_int_equal(p.frag_len[0], 4000);
	assert_int_equal(p.nr_copies, 6);
	free(pkt);
}

static void a_page_is_filled_to_its_last_byte(void **state)
{
	struct f2b_pkt *pkt = PKT(200, 1000, 1000, 1000, 1000, 96);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(p.nr_frags, 1);
	assert_int_equal(p.frag_len[0], PAGE);
	free(pkt);
}

static void the_longest_frame_of_full_pages_fits(void **state)
{
	struct f2b_pkt *pkt = PKT(66, 4096, 4096, 4096, 4096, 4096, 4096, 4096,
				  4096, 4096, 4096, 4096, 4096, 4096, 4096,
				  4096, 4029);
	struct f2b_plan p = plan(pkt, &usual);

	(void)state;
	assert_int_equal(pkt->len, XENNET_PACKET_MAX);
	assert_int_equal(p.head_len, usual.head_min);
	assert_int_equal(p.nr_frags, 16);
	free(pkt);
}

/* Eighteen rests, each too long to share a page with another. */
static void pages_are_packed_where_fragments_would_run_out(void **state)
{
	struct f2b_pkt *pkt = pkt_new();
	struct f2b_plan p;
	u32 i;

	(void)state;
	for (i = 0; i < XENNET_SLOTS_MAX; i++)
		add_slot(pkt, 0, 2500);
	p = plan(pkt, &usual);
	assert_int_equal(p.nr_frags, 11);
	free(pkt);
}

/* A guest that cuts a frame to cost as much as it can. */
static void adversarial_splits_always_fit(void **state)
{
	static const u16 sizes[] = {
		0, 1, 2, 13, 127, 128, 129, 255, 256, 257, 1023, 1024, 1025,
		2047, 2048, 2049, 3639, 3640, 4095, 4096,
	};
	u32 round, i;

	(void)state;
	for (round = 0; round < 30000; round++) {
		struct f2b_pkt *pkt = pkt_new();
		u32 a = rnd_below(ARRAY_SIZE(sizes));
		u32 b = rnd_below(ARRAY_SIZE(sizes));

		add_slot(pkt, 0, max(sizes[a], 14));
		for (i = 1; i < XENNET_SLOTS_MAX; i++) {
			u16 size = sizes[rnd_one_in(3) ? a : b];

			if (pkt->len + size <= XENNET_PACKET_MAX)
				add_slot(pkt, PAGE - size, size);
		}
		plan(pkt, &usual);
		free(pkt);
	}
}

static void random_packets_and_limits_cover_every_byte_once(void **state)
{
	u32 round, i, n;

	(void)state;
	for (round = 0; round < 30000; round++) {
		u32 longest = rnd_one_in(2) ? PAGE : rnd_range(1, PAGE);
		struct f2b_pkt *pkt = pkt_new();
		struct f2b_limits lim;

		lim.head_max = rnd_range(14, rnd_one_in(4) ? 4096 : 300);
		lim.head_min = rnd_below(lim.head_max + 1);
		n = rnd_range(1, XENNET_SLOTS_MAX);
		for (i = 0; i < n; i++) {
			u32 size = i && rnd_one_in(8) ? 0 : rnd_range(1, longest);

			if (pkt->len + size <= XENNET_PACKET_MAX)
				add_slot(pkt, rnd_below(PAGE - size + 1), size);
		}
		plan(pkt, &lim);
		free(pkt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_frame_goes_whole_into_the_head),
		cmocka_unit_test(a_short_frame_of_many_slots_does_too),
		cmocka_unit_test(a_first_slot_that_fits_is_the_head),
		cmocka_unit_test(of_a_long_first_slot_the_head_gets_the_headers),
		cmocka_unit_test(headers_split_over_slots_end_up_in_one_piece),
		cmocka_unit_test(slots_of_no_bytes_take_no_part),
		cmocka_unit_test(short_rests_share_a_page),
		cmocka_unit_test(a_slot_stays_in_one_piece_while_pages_last),
		cmocka_unit_test(a_page_is_filled_to_its_last_byte),
		cmocka_unit_test(the_longest_frame_of_full_pages_fits),
		cmocka_unit_test(pages_are_packed_where_fragments_would_run_out),
		cmocka_unit_test(adversarial_splits_always_fit),
		cmocka_unit_test(random_packets_and_limits_cover_every_byte_once),
	};

	return cmocka_run_group_tests_name("f2b_plan", tests, fill_guest_pages,
					   NULL);
}
