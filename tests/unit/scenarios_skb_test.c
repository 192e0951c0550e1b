// SPDX-License-Identifier: GPL-2.0
/*
 * Of the 53 tests of FreeBSD's netback the 18 of what becomes of a packet.
 * Where theirs build mbuf chains, ours make the layout an skb is built from.
 * Where theirs complete checksums, ours decide whether one is to be
 * completed; the rest, on real frames, is in the lab scenarios of the
 * pairings (TCP with checksums verified, offloads on and off).
 */
#include <xennet/features.h>

#include "netback/b2f_plan.h"
#include "netback/f2b_plan.h"
#include "netback/ledger.h"
#include "scene.h"

#define PAGE	XENNET_PAGE_SIZE

/* Everything is copied, as that netback does. */
static const struct f2b_limits copies = { .head_max = 256, .head_min = 128 };

static struct f2b_plan plan(const struct scene *s)
{
	struct f2b_plan p;

	f2b_plan(&s->pkt, &copies, &p);
	return p;
}

/* Bytes the parts of an skb hold: its linear part, or a fragment. */
static u32 room(const struct f2b_plan *p)
{
	u32 i, sum = p->head_len;

	for (i = 0; i < p->nr_frags; i++)
		sum += p->frag_len[i];
	return sum;
}

/* --- Packet to the shape of an skb -------------------------------------- */

static void without_a_packet_nothing_is_held(void **state)
{
	struct scene *s = *state;
	struct ledger l;

	ledger_init(&l);
	take(s);
	assert_int_equal(ledger_take(&l, s->pkt.used), -ENOSPC);
	assert_int_equal(l.held, 0);
}

static void a_short_frame_fits_the_linear_part(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put(&s->g, 0, 128);
	take(s);
	p = plan(s);
	assert_int_equal(p.head_len, 128);
	assert_int_equal(p.nr_frags, 0);
}

static void validated_data_is_passed_on_as_verified(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_DATA_VALIDATED, 128);
	take(s);
	assert_true(s->pkt.data_validated);
	assert_false(s->pkt.csum_blank);
}

static void a_frame_of_half_a_page_needs_one_fragment(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put(&s->g, 0, 2048);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_frags, 1);
	assert_int_equal(room(&p), 2048);
}

static void a_frame_of_a_page_needs_one_fragment(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put(&s->g, 0, PAGE);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_frags, 1);
	assert_int_equal(room(&p), PAGE);
}

static void a_frame_of_two_pages_needs_two_fragments(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_packet(&s->g, 2, 2 * PAGE, PAGE);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_frags, 2);
	assert_int_equal(room(&p), 2 * PAGE);
}

/* --- Packet to grant copies --------------------------------------------- */

static void a_frame_that_is_dropped_copies_nothing(void **state)
{
	struct scene *s = *state;

	put(&s->g, 0, 0);
	assert_int_equal(take(s), XENNET_RUNT);
	assert_int_equal(s->pkt.len, 0);
	assert_int_equal(s->pkt.used, 1);
}

static void a_short_frame_is_one_copy_from_where_it_lies(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_at(&s->g, 0, 100, 128);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_copies, 1);
	assert_int_equal(s->pkt.slot[p.copy[0].slot].gref, 1000);
	assert_int_equal(p.copy[0].src_off, 100);
	assert_int_equal(p.copy[0].len, 128);
	assert_int_equal(p.copy[0].frag, F2B_TO_HEAD);
	assert_int_equal(p.copy[0].dst_off, 0);
}

static void two_requests_are_copied_one_behind_the_other(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_packet(&s->g, 2, 200, 50);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_copies, 2);
	assert_int_equal(p.copy[0].len, 150);
	assert_int_equal(p.copy[0].dst_off, 0);
	assert_int_equal(p.copy[1].len, 50);
	assert_int_equal(p.copy[1].dst_off, 150);
	assert_int_equal(p.copy[1].src_off, 0);
}

static void one_request_over_head_and_fragment_is_two_copies(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_at(&s->g, 0, 10, 2100);
	take(s);
	p = plan(s);
	assert_int_equal(p.nr_copies, 2);
	assert_int_equal(p.copy[0].src_off, 10);
	assert_int_equal(p.copy[0].len, copies.head_min);
	assert_int_equal(p.copy[1].frag, 0);
	assert_int_equal(p.copy[1].src_off, 10 + copies.head_min);
	assert_int_equal(p.copy[1].dst_off, 0);
	assert_int_equal(p.copy[1].len, 2100 - copies.head_min);
}

/* --- After the copies ---------------------------------------------------- */

static u32 copied(const struct f2b_plan *p)
{
	u32 i, sum = 0;

	for (i = 0; i < p->nr_copies; i++)
		sum += p->copy[i].len;
	return sum;
}

static void a_short_frame_has_its_length_when_copied(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put(&s->g, 0, 60);
	take(s);
	p = plan(s);
	assert_int_equal(p.head_len, 60);
	assert_int_equal(copied(&p), 60);
}

static void a_frame_of_two_requests_has_its_length_when_copied(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_packet(&s->g, 2, 1900, 1000);
	take(s);
	p = plan(s);
	assert_int_equal(room(&p), 1900);
	assert_int_equal(copied(&p), 1900);
}

static void a_frame_of_two_pages_has_its_length_when_copied(void **state)
{
	struct scene *s = *state;
	struct f2b_plan p;

	put_packet(&s->g, 3, 2 * PAGE + 1000, PAGE);
	take(s);
	p = plan(s);
	assert_int_equal(room(&p), 2 * PAGE + 1000);
	assert_int_equal(copied(&p), 2 * PAGE + 1000);
}

/* --- Checksums: whether one is to be completed ------------------------------ */

static void arp_has_no_checksum_to_complete(void **state)
{
	struct scene *s = *state;

	put(&s->g, 0, 42);
	take(s);
	assert_false(s->pkt.csum_blank);
	assert_false(s->pkt.data_validated);
}

/* Where the checksum goes is in the linear part, however it was cut. */
static void blank_tcp_is_to_be_completed_and_in_reach(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_CSUM_BLANK | F2B_DATA_VALIDATED | F2B_MORE_DATA, 1514);
	put(&s->g, F2B_MORE_DATA, 20);
	put(&s->g, F2B_MORE_DATA, 20);
	put(&s->g, 0, 1460);
	assert_int_equal(take(s), XENNET_OK);
	assert_true(s->pkt.csum_blank);
	assert_true(plan(s).head_len >= 14 + 20 + 20);
}

static void blank_udp_stays_blank_for_a_guest_that_completes_it(void **state)
{
	struct scene *s = *state;
	struct b2f_sring *ring = new_page(sizeof(*ring));
	struct b2f_frame frame = { 0 };
	struct b2f_response rsp;

	put(&s->g, F2B_CSUM_BLANK | F2B_DATA_VALIDATED, 60);
	take(s);
	frame.len = s->pkt.len;
	frame.csum_blank = s->pkt.csum_blank;
	frame.data_validated = s->pkt.data_validated;
	b2f_respond(ring, 0, &frame, s->pkt.id, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.flags, B2F_CSUM_BLANK | B2F_DATA_VALIDATED);
	free(ring);
}

static void a_guest_that_wants_whole_checksums_is_sent_no_blank_ones(void **state)
{
	(void)state;
	assert_int_equal(xennet_agree(XENNET_F_NO_CSUM | XENNET_F_SG |
				      XENNET_F_IPV6_CSUM | XENNET_F_GSO_TCPV4) &
			 (XENNET_F_IPV6_CSUM | XENNET_F_GSO_TCPV4), 0);
}

static void a_checksum_made_by_the_guest_is_left_alone(void **state)
{
	struct scene *s = *state;
	struct b2f_sring *ring = new_page(sizeof(*ring));
	struct b2f_frame frame = { 0 };
	struct b2f_response rsp;

	put(&s->g, 0, 60);
	take(s);
	frame.len = s->pkt.len;
	frame.csum_blank = s->pkt.csum_blank;
	frame.data_validated = s->pkt.data_validated;
	b2f_respond(ring, 0, &frame, s->pkt.id, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.flags, 0);
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(without_a_packet_nothing_is_held),
		T(a_short_frame_fits_the_linear_part),
		T(validated_data_is_passed_on_as_verified),
		T(a_frame_of_half_a_page_needs_one_fragment),
		T(a_frame_of_a_page_needs_one_fragment),
		T(a_frame_of_two_pages_needs_two_fragments),
		T(a_frame_that_is_dropped_copies_nothing),
		T(a_short_frame_is_one_copy_from_where_it_lies),
		T(two_requests_are_copied_one_behind_the_other),
		T(one_request_over_head_and_fragment_is_two_copies),
		T(a_short_frame_has_its_length_when_copied),
		T(a_frame_of_two_requests_has_its_length_when_copied),
		T(a_frame_of_two_pages_has_its_length_when_copied),
		T(arp_has_no_checksum_to_complete),
		T(blank_tcp_is_to_be_completed_and_in_reach),
		T(blank_udp_stays_blank_for_a_guest_that_completes_it),
		T(a_guest_that_wants_whole_checksums_is_sent_no_blank_ones),
		T(a_checksum_made_by_the_guest_is_left_alone),
	};

	static_assert(ARRAY_SIZE(tests) == 18, "all of them");
	return cmocka_run_group_tests_name("scenarios_skb", tests, NULL, NULL);
}
