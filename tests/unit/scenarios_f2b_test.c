// SPDX-License-Identifier: GPL-2.0
/*
 * What FreeBSD's netback asserts of itself in 53 tests, asked of this one in
 * the same order: here the 14 of packets from a guest and their responses;
 * the others are in scenarios_skb_test.c and scenarios_b2f_test.c.
 */
#include "scene.h"

#define NEAR_WRAP	(U32_MAX - 1)

static int setup_near_end(void **state)
{
	return setup_at(state, XENNET_RING_SIZE - 2);
}

static int setup_near_wrap(void **state)
{
	return setup_at(state, NEAR_WRAP);
}

static void write_answer(struct scene *s, u16 id, s16 status)
{
	struct f2b_response rsp = { .id = id, .status = status };

	f2b_write_response(s->g.sring, s->back.rsp_prod++, &rsp);
}

/* Answers the packet in ring order, as f2b_parse.h asks for. */
static void respond(struct scene *s, s16 status)
{
	u32 i;

	if (!s->pkt.used)
		return;
	write_answer(s, s->pkt.id[0], status);
	for (i = 0; i < s->pkt.nr_extras; i++)
		write_answer(s, 0, XENNET_RSP_NULL);
	for (i = 1; i < s->pkt.nr_ids; i++)
		write_answer(s, s->pkt.id[i], status);
	ring_back_publish(&s->back);
}

static void assert_answer(struct scene *s, u32 idx, int id, s16 status)
{
	struct f2b_response rsp;

	f2b_read_response(s->g.sring, idx, &rsp);
	assert_int_equal(rsp.status, status);
	if (id >= 0)
		assert_int_equal(rsp.id, id);
}

/* --- Ring to packet ---------------------------------------------------- */

static void an_empty_ring_has_no_packet(void **state)
{
	struct scene *s = *state;

	assert_int_equal(take(s), XENNET_CUT_OFF);
	assert_int_equal(s->pkt.used, 0);
	assert_int_equal(s->pkt.nr_ids, 0);
}

static void one_request_is_one_packet(void **state)
{
	struct scene *s = *state;

	put_at(&s->g, 0, 64, 60);
	assert_int_equal(take(s), XENNET_OK);
	assert_int_equal(s->pkt.used, 1);
	assert_int_equal(s->pkt.len, 60);
	assert_int_equal(s->pkt.slot[0].size, 60);
	assert_int_equal(s->pkt.slot[0].offset, 64);
}

static void two_requests_are_one_packet(void **state)
{
	struct scene *s = *state;

	put_packet(&s->g, 2, 1500, 1000);
	assert_int_equal(take(s), XENNET_OK);
	assert_int_equal(s->pkt.used, 2);
	assert_int_equal(s->pkt.len, 1500);
	assert_int_equal(s->pkt.slot[0].size, 500);
	assert_int_equal(s->pkt.id[1], 1);
}

static void three_requests_are_one_packet(void **state)
{
	struct scene *s = *state;

	put_packet(&s->g, 3, 1500, 700);
	assert_int_equal(take(s), XENNET_OK);
	assert_int_equal(s->pkt.used, 3);
	assert_int_equal(s->pkt.slot[0].size, 100);
	assert_int_equal(s->pkt.slot[2].size, 700);
	assert_int_equal(s->pkt.id[2], 2);
}

static void an_extra_is_read_and_is_no_data(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_EXTRA_INFO | F2B_MORE_DATA, 1200);
	put_gso(&s->g, XENNET_GSO_TCPV4, 250);
	put(&s->g, 0, 500);
	assert_int_equal(take(s), XENNET_OK);
	assert_int_equal(s->pkt.used, 3);
	assert_int_equal(s->pkt.nr_ids, 2);
	assert_int_equal(s->pkt.slot[0].size, 700);
	assert_int_equal(s->pkt.gso_type, XENNET_GSO_TCPV4);
	assert_int_equal(s->pkt.gso_size, 250);
}

static void a_packet_that_promises_more_than_there_is_is_no_packet(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_MORE_DATA, 1500);
	assert_int_equal(take(s), XENNET_CUT_OFF);
	assert_int_equal(s->pkt.used, 0);
}

static void a_packet_may_go_over_the_end_of_the_ring(void **state)
{
	struct scene *s = *state;

	put_packet(&s->g, 3, 1500, 700);
	assert_int_equal(take(s), XENNET_OK);
	assert_int_equal(s->pkt.used, 3);
	assert_int_equal(s->pkt.id[0], XENNET_RING_SIZE - 2);
	assert_int_equal(s->pkt.id[1], XENNET_RING_SIZE - 1);
	assert_int_equal(s->pkt.id[2], 0);
	assert_int_equal(s->pkt.slot[2].gref, 1000);
}

/* --- Packet to responses of the f2b ring ------------------------------- */

static void no_packet_no_response(void **state)
{
	struct scene *s = *state;
	struct f2b_sring *before = new_page(sizeof(*before));

	take(s);
	memcpy(before, s->g.sring, sizeof(*before));
	respond(s, XENNET_RSP_OKAY);
	assert_memory_equal(before, s->g.sring, sizeof(*before));
	free(before);
}

static void one_request_one_response(void **state)
{
	struct scene *s = *state;

	put(&s->g, 0, 60);
	take(s);
	respond(s, XENNET_RSP_OKAY);
	assert_answer(s, 0, 0, XENNET_RSP_OKAY);
	assert_int_equal(s->g.sring->hdr.rsp_prod, s->g.sring->hdr.req_prod);
	assert_int_equal(ring_back_held(&s->back), 0);
}

static void an_extra_is_answered_with_null(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_EXTRA_INFO, 60);
	put_gso(&s->g, XENNET_GSO_TCPV4, 250);
	take(s);
	respond(s, XENNET_RSP_OKAY);
	assert_answer(s, 0, 0, XENNET_RSP_OKAY);
	assert_answer(s, 1, -1, XENNET_RSP_NULL);
	assert_int_equal(s->g.sring->hdr.rsp_prod, 2);
}

static void a_long_packet_is_answered_in_order(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_EXTRA_INFO | F2B_MORE_DATA, 4 * 1000);
	put_gso(&s->g, XENNET_GSO_TCPV4, 250);
	put_packet(&s->g, 3, 1000, 1000);
	take(s);
	respond(s, XENNET_RSP_OKAY);
	assert_answer(s, 0, 0, XENNET_RSP_OKAY);
	assert_answer(s, 1, -1, XENNET_RSP_NULL);
	assert_answer(s, 2, 2, XENNET_RSP_OKAY);
	assert_answer(s, 3, 3, XENNET_RSP_OKAY);
	assert_answer(s, 4, 4, XENNET_RSP_OKAY);
	assert_int_equal(s->g.sring->hdr.rsp_prod, s->g.sring->hdr.req_prod);
}

/* There it is one bad packet; the public header leaves no way to go on. */
static void an_extra_of_unknown_type_ends_the_interface(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_EXTRA_INFO, 60);
	put_extra(&s->g, XENNET_EXTRA_TYPES, 0);
	assert_int_equal(take(s), XENNET_BAD_EXTRA);
	assert_true(xennet_reason_fatal(s->pkt.reason));
	respond(s, XENNET_RSP_ERROR);
	assert_int_equal(s->g.sring->hdr.rsp_prod, 0);
}

static void a_packet_that_is_dropped_is_answered_with_an_error(void **state)
{
	struct scene *s = *state;

	put(&s->g, F2B_EXTRA_INFO, XENNET_PACKET_MIN - 1);
	put_gso(&s->g, XENNET_GSO_TCPV4, 250);
	assert_int_equal(take(s), XENNET_RUNT);
	respond(s, XENNET_RSP_ERROR);
	assert_answer(s, 0, 0, XENNET_RSP_ERROR);
	assert_answer(s, 1, -1, XENNET_RSP_NULL);
}

static void responses_go_over_the_end_of_the_ring(void **state)
{
	struct scene *s = *state;

	put_packet(&s->g, 3, 1500, 700);
	take(s);
	respond(s, XENNET_RSP_OKAY);
	assert_answer(s, NEAR_WRAP, NEAR_WRAP % 256, XENNET_RSP_OKAY);
	assert_answer(s, NEAR_WRAP + 1, 255, XENNET_RSP_OKAY);
	assert_answer(s, 0, 0, XENNET_RSP_OKAY);
	assert_int_equal(s->g.sring->hdr.rsp_prod, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_empty_ring_has_no_packet),
		T(one_request_is_one_packet),
		T(two_requests_are_one_packet),
		T(three_requests_are_one_packet),
		T(an_extra_is_read_and_is_no_data),
		T(a_packet_that_promises_more_than_there_is_is_no_packet),
		AT(setup_near_end, a_packet_may_go_over_the_end_of_the_ring),
		T(no_packet_no_response),
		T(one_request_one_response),
		T(an_extra_is_answered_with_null),
		T(a_long_packet_is_answered_in_order),
		T(an_extra_of_unknown_type_ends_the_interface),
		T(a_packet_that_is_dropped_is_answered_with_an_error),
		AT(setup_near_wrap, responses_go_over_the_end_of_the_ring),
	};

	static_assert(ARRAY_SIZE(tests) == 14, "all of them");
	return cmocka_run_group_tests_name("scenarios_f2b", tests, NULL, NULL);
}
