// SPDX-License-Identifier: GPL-2.0
/*
 * Of the 53 tests of FreeBSD's netback the 21 of frames to a guest and of
 * numbers from xenstore.
 */
#include <xennet/text.h>

#include "netback/b2f_plan.h"
#include "unit.h"

#define PAGE	XENNET_PAGE_SIZE

/* --- Frame to the slots of the b2f ring ---------------------------------- */

static struct b2f_plan b2f(const struct b2f_frame *frame)
{
	struct b2f_plan p;

	b2f_plan(frame, &p);
	return p;
}

static void a_frame_of_no_bytes_takes_no_slots(void **state)
{
	struct b2f_frame frame = { .len = 0 };

	(void)state;
	assert_int_equal(b2f(&frame).nr_slots, 0);
}

static void a_short_frame_takes_one_slot(void **state)
{
	struct b2f_frame frame = { .len = 128 };
	struct b2f_plan p = b2f(&frame);

	(void)state;
	assert_int_equal(p.nr_slots, 1);
	assert_int_equal(p.nr_extras, 0);
	assert_int_equal(p.len, 128);
}

static void a_frame_of_half_a_page_takes_one_slot(void **state)
{
	struct b2f_frame frame = { .len = 2048 };

	(void)state;
	assert_int_equal(b2f(&frame).nr_slots, 1);
}

static void a_frame_of_two_short_pieces_takes_one_slot(void **state)
{
	struct b2f_frame frame = { .len = 60 + 100 };
	struct b2f_cursor cur = { 0 };

	(void)state;
	assert_int_equal(b2f(&frame).nr_slots, 1);
	cur.off += b2f_step(&cur, 500, 60);
	assert_int_equal(b2f_step(&cur, 900, 100), 100);
	assert_int_equal(cur.slot, 0);
	assert_int_equal(cur.off, 60);
}

static void a_long_frame_takes_as_many_slots_as_pages(void **state)
{
	struct b2f_frame frame = { .len = 14 * PAGE + 1 };

	(void)state;
	assert_int_equal(b2f(&frame).nr_slots, 15);
}

static void gso_takes_a_slot_and_says_so(void **state)
{
	struct b2f_frame frame = {
		.len = 4500, .gso_type = XENNET_GSO_TCPV4, .gso_size = 1460,
		.csum_blank = true, .data_validated = true,
	};
	struct b2f_sring *ring = new_page(sizeof(*ring));
	static const u16 id[3] = { 0, 1, 2 };
	struct xennet_extra extra;
	struct b2f_response rsp;

	(void)state;
	assert_int_equal(b2f(&frame).nr_slots, 3);
	b2f_respond(ring, 0, &frame, id, true);
	b2f_read_response(ring, 0, &rsp);
	assert_true(rsp.flags & B2F_EXTRA_INFO);
	assert_true(rsp.flags & B2F_DATA_VALIDATED);
	b2f_read_extra(ring, 1, &extra);
	assert_int_equal(extra.gso.size, 1460);
	assert_false(extra.flags & XENNET_EXTRA_MORE);
	free(ring);
}

/* The plan is the reservation: fewer buffers than that, and nothing is used. */
static void too_few_buffers_are_known_before_one_is_used(void **state)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	struct b2f_frame frame = { .len = 3 * PAGE };
	struct ring_back back;
	u32 posted;

	(void)state;
	ring->hdr.req_prod = 2;
	assert_int_equal(ring_back_attach(&back, &ring->hdr), 0);
	assert_int_equal(ring_back_requests(&back, &posted), 0);
	assert_true(posted < b2f(&frame).nr_slots);
	assert_true(ring_back_arm(&back, 1));
	assert_false(ring_back_arm(&back, b2f(&frame).nr_slots));
	assert_int_equal(ring->hdr.req_event, 3);
	free(ring);
}

/* --- Frame to grant copies ------------------------------------------------ */

static void each_copy_has_at_least_a_byte(void **state)
{
	struct b2f_cursor cur = { .off = PAGE };

	(void)state;
	assert_int_equal(b2f_step(&cur, 4095, 1), 1);
	assert_int_equal(cur.slot, 1);
}

static void a_short_frame_is_one_copy_to_the_start_of_a_page(void **state)
{
	struct b2f_cursor cur = { 0 };

	(void)state;
	assert_int_equal(b2f_step(&cur, 1234, 128), 128);
	assert_int_equal(cur.slot, 0);
	assert_int_equal(cur.off, 0);
}

static void copies_stay_in_their_pages_and_add_up(void **state)
{
	struct b2f_frame frame = { .len = 5 * PAGE - 96 };
	u32 off = 4000, left = frame.len, sum = 0;
	struct b2f_cursor cur = { 0 };

	(void)state;
	while (left) {
		u32 n = b2f_step(&cur, off, left);

		assert_true(off % PAGE + n <= PAGE);
		assert_true(cur.off + n <= PAGE);
		cur.off += n;
		off += n;
		left -= n;
		sum += n;
	}
	assert_int_equal(sum, frame.len);
	assert_int_equal(cur.slot + 1, b2f(&frame).nr_slots);
}

/* --- Frame to responses of the b2f ring ------------------------------------ */

/* A ring where every slot still holds a request nobody took. */
static struct b2f_sring *canaries(void)
{
	struct b2f_sring *ring = new_page(sizeof(*ring));
	u32 i;

	for (i = 0; i < XENNET_RING_SIZE; i++) {
		struct b2f_request req = { .id = 50 + i, .gref = 0xdead };

		b2f_write_request(ring, i, &req);
	}
	return ring;
}

static void assert_canary(struct b2f_sring *ring, u32 idx)
{
	struct b2f_request req;

	b2f_read_request(ring, idx, &req);
	assert_int_equal(req.id, 50 + idx);
	assert_int_equal(req.gref, 0xdead);
}

static const u16 ids[] = { 50, 51, 52, 53 };

static void a_frame_of_no_bytes_is_no_response(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = { .len = 0 };

	(void)state;
	b2f_respond(ring, 0, &frame, ids, true);
	assert_canary(ring, 0);
	free(ring);
}

static void a_short_frame_is_one_plain_response(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = { .len = 128 };
	struct b2f_response rsp;

	(void)state;
	b2f_respond(ring, 0, &frame, ids, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.id, 50);
	assert_int_equal(rsp.offset, 0);
	assert_int_equal(rsp.flags, 0);
	assert_int_equal(rsp.status, 128);
	assert_canary(ring, 1);
	free(ring);
}

static void gso_is_a_response_and_an_extra(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = {
		.len = 4000, .gso_type = XENNET_GSO_TCPV4, .gso_size = 1460,
		.csum_blank = true, .data_validated = true,
	};
	struct xennet_extra extra;
	struct b2f_response rsp;

	(void)state;
	b2f_respond(ring, 0, &frame, ids, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.flags, B2F_EXTRA_INFO | B2F_DATA_VALIDATED |
			 B2F_CSUM_BLANK);
	assert_int_equal(rsp.status, 4000);
	b2f_read_extra(ring, 1, &extra);
	assert_int_equal(extra.type, XENNET_EXTRA_GSO);
	assert_int_equal(extra.gso.size, 1460);
	assert_canary(ring, 2);
	free(ring);
}

static void two_short_pieces_share_one_response(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = { .len = 2 * 100 };
	struct b2f_response rsp;

	(void)state;
	b2f_respond(ring, 0, &frame, ids, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.status, 200);
	assert_int_equal(rsp.flags, 0);
	assert_canary(ring, 1);
	free(ring);
}

static void more_than_a_page_is_two_responses(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = { .len = PAGE + 100 };
	struct b2f_response rsp;

	(void)state;
	b2f_respond(ring, 0, &frame, ids, true);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.status, PAGE);
	assert_int_equal(rsp.flags, B2F_MORE_DATA);
	b2f_read_response(ring, 1, &rsp);
	assert_int_equal(rsp.id, 51);
	assert_int_equal(rsp.status, 100);
	assert_int_equal(rsp.flags, 0);
	assert_canary(ring, 2);
	free(ring);
}

/* There one slot is used; here those consumed, and each page comes back. */
static void a_failed_copy_is_an_error_and_touches_no_other_slot(void **state)
{
	struct b2f_sring *ring = canaries();
	struct b2f_frame frame = { .len = 128 };
	struct b2f_response rsp;

	(void)state;
	b2f_respond(ring, 0, &frame, ids, false);
	b2f_read_response(ring, 0, &rsp);
	assert_int_equal(rsp.id, 50);
	assert_int_equal(rsp.status, XENNET_RSP_ERROR);
	assert_canary(ring, 1);
	free(ring);
}

/* --- Numbers from xenstore -------------------------------------------------- */

static void a_number_of_64_bits_is_read_whole(void **state)
{
	const char *s = "18446744073709551615";
	u64 val;

	(void)state;
	assert_int_equal(text_u64(&s, UINT64_MAX, &val), 0);
	assert_true(val == UINT64_MAX);
}

static void a_signed_number_is_refused(void **state)
{
	const char *s = "-9223372036854775808";
	u64 val = 5;

	(void)state;
	assert_int_equal(text_u64(&s, UINT64_MAX, &val), -EINVAL);
	assert_int_equal(val, 5);
}

static void a_number_of_8_bits_does_not_wrap(void **state)
{
	const char *fits = "255", *wraps = "256";
	u64 val;

	(void)state;
	assert_int_equal(text_u64(&fits, 255, &val), 0);
	assert_int_equal(val, 255);
	assert_int_equal(text_u64(&wraps, 255, &val), -ERANGE);
}

static void a_group_of_a_mac_address_does_not_wrap(void **state)
{
	u8 mac[6];

	(void)state;
	assert_int_equal(text_mac("00:16:3e:00:00:ff", mac), 0);
	assert_int_equal(mac[5], 255);
	assert_int_equal(text_mac("00:16:3e:00:00:100", mac), -EINVAL);
}

static void the_text_moves_on_by_what_was_read(void **state)
{
	const char *text = "137,2", *s = text;
	u64 val;

	(void)state;
	assert_int_equal(text_u64(&s, UINT64_MAX, &val), 0);
	assert_int_equal(s - text, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_of_no_bytes_takes_no_slots),
		cmocka_unit_test(a_short_frame_takes_one_slot),
		cmocka_unit_test(a_frame_of_half_a_page_takes_one_slot),
		cmocka_unit_test(a_frame_of_two_short_pieces_takes_one_slot),
		cmocka_unit_test(a_long_frame_takes_as_many_slots_as_pages),
		cmocka_unit_test(gso_takes_a_slot_and_says_so),
		cmocka_unit_test(too_few_buffers_are_known_before_one_is_used),
		cmocka_unit_test(each_copy_has_at_least_a_byte),
		cmocka_unit_test(a_short_frame_is_one_copy_to_the_start_of_a_page),
		cmocka_unit_test(copies_stay_in_their_pages_and_add_up),
		cmocka_unit_test(a_frame_of_no_bytes_is_no_response),
		cmocka_unit_test(a_short_frame_is_one_plain_response),
		cmocka_unit_test(gso_is_a_response_and_an_extra),
		cmocka_unit_test(two_short_pieces_share_one_response),
		cmocka_unit_test(more_than_a_page_is_two_responses),
		cmocka_unit_test(a_failed_copy_is_an_error_and_touches_no_other_slot),
		cmocka_unit_test(a_number_of_64_bits_is_read_whole),
		cmocka_unit_test(a_signed_number_is_refused),
		cmocka_unit_test(a_number_of_8_bits_does_not_wrap),
		cmocka_unit_test(a_group_of_a_mac_address_does_not_wrap),
		cmocka_unit_test(the_text_moves_on_by_what_was_read),
	};

	static_assert(ARRAY_SIZE(tests) == 21, "all of them");
	return cmocka_run_group_tests_name("scenarios_b2f", tests, NULL, NULL);
}
