// SPDX-License-Identifier: GPL-2.0
/* A frame for a guest: its slots, its copies and its responses. */
#include <xennet/slots.h>

#include "netback/b2f_plan.h"
#include "unit.h"

#define PAGE		XENNET_PAGE_SIZE
#define NEAR_WRAP	(U32_MAX - 1)

static struct b2f_plan plan(const struct b2f_frame *frame)
{
	struct b2f_plan p;

	memset(&p, 0xee, sizeof(p));
	b2f_plan(frame, &p);
	return p;
}

static void slots_are_the_pages_a_frame_fills(void **state)
{
	u32 len;

	(void)state;
	for (len = 1; len <= XENNET_PACKET_MAX; len++) {
		struct b2f_frame frame = { .len = len };
		struct b2f_plan p = plan(&frame);

		assert_int_equal(p.nr_slots, (len + PAGE - 1) / PAGE);
		assert_int_equal(p.nr_extras, 0);
		assert_int_equal(p.len, len);
	}
}

static void gso_takes_one_slot_more(void **state)
{
	struct b2f_frame frame = {
		.len = XENNET_PACKET_MAX,
		.gso_type = XENNET_GSO_TCPV6,
		.gso_size = 1428,
	};
	struct b2f_plan p = plan(&frame);

	(void)state;
	assert_int_equal(p.nr_slots, 17);
	assert_int_equal(p.nr_extras, 1);
}

static void each_extra_takes_a_slot(void **state)
{
	struct b2f_frame frame = {
		.len = XENNET_PACKET_MAX,
		.hash.algorithm = XENNET_HASH_TOEPLITZ,
	};
	struct b2f_plan p = plan(&frame);

	(void)state;
	assert_int_equal(p.nr_slots, 17);
	assert_int_equal(p.nr_extras, 1);
	frame.gso_type = XENNET_GSO_TCPV4;
	p = plan(&frame);
	assert_int_equal(p.nr_slots, 18);
	assert_int_equal(p.nr_extras, B2F_EXTRAS_MAX);
	assert_true(p.nr_slots <= B2F_SLOTS_MAX);
}

static void an_extra_stands_behind_the_first_slot(void **state)
{
	struct b2f_plan p = { .nr_slots = 4, .nr_extras = 1 };

	(void)state;
	assert_int_equal(b2f_ring_index(&p, 0), 0);
	assert_int_equal(b2f_ring_index(&p, 1), 2);
	assert_int_equal(b2f_ring_index(&p, 2), 3);
	p.nr_extras = 0;
	assert_int_equal(b2f_ring_index(&p, 0), 0);
	assert_int_equal(b2f_ring_index(&p, 1), 1);
}

static void a_page_that_is_aligned_is_one_copy(void **state)
{
	struct b2f_cursor cur = { 0 };

	(void)state;
	assert_int_equal(b2f_step(&cur, 0, 9000), PAGE);
	assert_int_equal(cur.slot, 0);
	cur.off += PAGE;
	assert_int_equal(b2f_step(&cur, 4096, 4904), PAGE);
	assert_int_equal(cur.slot, 1);
	assert_int_equal(cur.off, 0);
}

static void a_copy_ends_with_its_run_its_page_and_its_slot(void **state)
{
	struct b2f_cursor cur = { .slot = 2, .off = 4000 };

	(void)state;
	assert_int_equal(b2f_step(&cur, 0, 50), 50);
	assert_int_equal(b2f_step(&cur, 4046, 500), 50);
	assert_int_equal(b2f_step(&cur, 0, 500), 96);
	assert_int_equal(cur.slot, 2);
}

static void a_full_slot_is_left_only_for_another_copy(void **state)
{
	struct b2f_cursor cur = { .slot = 0, .off = 4095 };

	(void)state;
	cur.off += b2f_step(&cur, 77, 1);
	assert_int_equal(cur.slot, 0);
	assert_int_equal(cur.off, PAGE);
	assert_int_equal(b2f_step(&cur, 78, 9), 9);
	assert_int_equal(cur.slot, 1);
	assert_int_equal(cur.off, 0);
}

/*
 * Random runs of a frame: the copies cover it in order, stay inside pages at
 * both ends, and use exactly the slots that were planned.
 */
static void random_frames_are_cut_into_the_planned_slots(void **state)
{
	u32 round;

	(void)state;
	for (round = 0; round < 50000; round++) {
		struct b2f_frame frame = {
			.headroom = rnd_below(B2F_HEADROOM_MAX + 1),
		};
		struct b2f_cursor cur = { .off = frame.headroom };
		u32 runs = rnd_range(1, 18), done = 0;

		while (runs-- && frame.len < XENNET_PACKET_MAX) {
			u32 room = XENNET_PACKET_MAX - frame.len;
			u32 off = rnd_below(3 * PAGE);
			u32 left = rnd_range(1, min(room, 2 * PAGE));

			frame.len += left;
			while (left) {
				u32 n = b2f_step(&cur, off, left);

				assert_in_range(n, 1, left);
				assert_int_equal(cur.slot * PAGE + cur.off,
						 frame.headroom + done);
				assert_true(cur.off + n <= PAGE);
				assert_true(off % PAGE + n <= PAGE);
				cur.off += n;
				off += n;
				left -= n;
				done += n;
			}
		}
		assert_int_equal(plan(&frame).nr_slots, cur.slot + 1);
	}
}

/* Responses of one frame, read back as a guest does. */
struct answer {
	struct b2f_sring *sring;
	u16 id[B2F_SLOTS_MAX];
	struct b2f_plan plan;
};

static struct answer respond(const struct b2f_frame *frame, bool ok)
{
	struct answer a = {
		.sring = new_page(sizeof(*a.sring)),
		.plan = plan(frame),
	};
	u32 i;

	memset(a.sring->slot, 0xcc, sizeof(a.sring->slot));
	for (i = 0; i < B2F_SLOTS_MAX; i++)
		a.id[i] = 0x100 + i;
	b2f_respond(a.sring, NEAR_WRAP, frame, a.id, ok);
	return a;
}

static struct b2f_response response(const struct answer *a, u32 i)
{
	struct b2f_response rsp;

	b2f_read_response(a->sring, NEAR_WRAP + i, &rsp);
	return rsp;
}

/* Every slot from the plan's end on has still its old bytes. */
static void assert_rest_untouched(const struct answer *a)
{
	u32 i, k;

	for (i = a->plan.nr_slots; i < XENNET_RING_SIZE; i++)
		for (k = 0; k < B2F_SLOT_WORDS; k++)
			assert_int_equal(ring_slot(a->sring, NEAR_WRAP + i)[k],
					 0xcccccccc);
}

static void a_short_frame_is_one_response(void **state)
{
	struct b2f_frame frame = { .len = 60 };
	struct answer a = respond(&frame, true);
	struct b2f_response rsp = response(&a, 0);

	(void)state;
	assert_int_equal(rsp.id, 0x100);
	assert_int_equal(rsp.offset, 0);
	assert_int_equal(rsp.flags, 0);
	assert_int_equal(rsp.status, 60);
	assert_rest_untouched(&a);
	free(a.sring);
}

static void checksum_flags_stand_in_the_first_slot_alone(void **state)
{
	struct b2f_frame frame = {
		.len = 5000, .csum_blank = true, .data_validated = true,
	};
	struct answer a = respond(&frame, true);

	(void)state;
	assert_int_equal(response(&a, 0).flags, B2F_CSUM_BLANK |
			 B2F_DATA_VALIDATED | B2F_MORE_DATA);
	assert_int_equal(response(&a, 1).flags, 0);
	free(a.sring);

	frame.csum_blank = false;
	frame.len = 100;
	a = respond(&frame, true);
	assert_int_equal(response(&a, 0).flags, B2F_DATA_VALIDATED);
	free(a.sring);
}

static void all_slots_but_the_last_say_that_more_follows(void **state)
{
	struct b2f_frame frame = { .len = XENNET_PACKET_MAX };
	struct answer a = respond(&frame, true);
	u32 i;

	(void)state;
	for (i = 0; i < 16; i++) {
		struct b2f_response rsp = response(&a, i);

		assert_int_equal(rsp.id, 0x100 + i);
		assert_int_equal(rsp.offset, 0);
		assert_int_equal(rsp.status, i < 15 ? 4096 : 4095);
		assert_int_equal(rsp.flags, i < 15 ? B2F_MORE_DATA : 0);
	}
	assert_rest_untouched(&a);
	free(a.sring);
}

static void headroom_is_left_before_the_frame_alone(void **state)
{
	struct b2f_frame frame = { .len = 60, .headroom = 256 };
	struct answer a = respond(&frame, true);

	(void)state;
	assert_int_equal(a.plan.nr_slots, 1);
	assert_int_equal(response(&a, 0).offset, 256);
	assert_int_equal(response(&a, 0).status, 60);
	free(a.sring);

	/* Some bytes more than fit beside it. */
	frame.len = PAGE;
	a = respond(&frame, true);
	assert_int_equal(a.plan.nr_slots, 2);
	assert_int_equal(response(&a, 0).offset, 256);
	assert_int_equal(response(&a, 0).status, PAGE - 256);
	assert_int_equal(response(&a, 1).offset, 0);
	assert_int_equal(response(&a, 1).status, 256);
	assert_rest_untouched(&a);
	free(a.sring);

	/* The longest frame still has no more slots than a guest must take. */
	frame.len = XENNET_PACKET_MAX;
	a = respond(&frame, true);
	assert_int_equal(a.plan.nr_slots, 17);
	free(a.sring);
}

static void the_gso_extra_follows_the_first_response(void **state)
{
	struct b2f_frame frame = {
		.len = 9000, .gso_type = XENNET_GSO_TCPV4, .gso_size = 1448,
		.csum_blank = true, .data_validated = true,
	};
	struct answer a = respond(&frame, true);
	struct xennet_extra extra;

	(void)state;
	assert_int_equal(a.plan.nr_slots, 4);
	assert_int_equal(response(&a, 0).flags, B2F_CSUM_BLANK |
			 B2F_DATA_VALIDATED | B2F_MORE_DATA | B2F_EXTRA_INFO);
	b2f_read_extra(a.sring, NEAR_WRAP + 1, &extra);
	assert_int_equal(extra.type, XENNET_EXTRA_GSO);
	assert_int_equal(extra.flags, 0);
	assert_int_equal(extra.gso.size, 1448);
	assert_int_equal(extra.gso.type, XENNET_GSO_TCPV4);
	assert_int_equal(extra.gso.pad, 0);
	assert_int_equal(extra.gso.features, 0);
	assert_int_equal(response(&a, 2).id, 0x102);
	assert_int_equal(response(&a, 2).flags, B2F_MORE_DATA);
	assert_int_equal(response(&a, 3).id, 0x103);
	assert_int_equal(response(&a, 3).status, 9000 - 2 * 4096);
	assert_rest_untouched(&a);
	free(a.sring);
}

static void extras_are_chained(void **state)
{
	struct b2f_frame frame = {
		.len = 5000, .gso_type = XENNET_GSO_TCPV6, .gso_size = 1428,
		.hash = { XENNET_HASH_TOEPLITZ, XENNET_HASH_IPV6_TCP, 0x92345678 },
	};
	static const u8 value[] = { 0x78, 0x56, 0x34, 0x92 };
	struct answer a = respond(&frame, true);
	struct xennet_extra extra;

	(void)state;
	assert_int_equal(response(&a, 0).flags, B2F_MORE_DATA | B2F_EXTRA_INFO);
	b2f_read_extra(a.sring, NEAR_WRAP + 1, &extra);
	assert_int_equal(extra.type, XENNET_EXTRA_GSO);
	assert_int_equal(extra.flags, XENNET_EXTRA_MORE);
	assert_int_equal(extra.gso.size, 1428);
	b2f_read_extra(a.sring, NEAR_WRAP + 2, &extra);
	assert_int_equal(extra.type, XENNET_EXTRA_HASH);
	assert_int_equal(extra.flags, 0);
	assert_int_equal(extra.hash.type, XENNET_HASH_IPV6_TCP);
	assert_int_equal(extra.hash.algorithm, XENNET_HASH_TOEPLITZ);
	assert_memory_equal(extra.hash.value, value, sizeof(value));
	assert_int_equal(response(&a, 3).id, 0x103);
	assert_int_equal(response(&a, 3).status, 5000 - 4096);
	assert_rest_untouched(&a);
	free(a.sring);
}

static void a_failed_frame_gives_every_page_back_with_an_error(void **state)
{
	struct b2f_frame frame = {
		.len = 9000, .gso_type = XENNET_GSO_TCPV4, .gso_size = 1448,
		.csum_blank = true,
	};
	struct answer a = respond(&frame, false);
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct b2f_response rsp = response(&a, i);

		assert_int_equal(rsp.id, 0x100 + i);
		assert_int_equal(rsp.status, XENNET_RSP_ERROR);
		assert_int_equal(rsp.flags, 0);
		assert_int_equal(rsp.offset, 0);
	}
	assert_rest_untouched(&a);
	free(a.sring);
}

static void pages_of_a_run_are_counted_from_its_first_byte(void **state)
{
	u32 off, len, i, pages;

	(void)state;
	assert_int_equal(xennet_slots(4095, 0), 0);
	for (i = 0; i < 100000; i++) {
		off = rnd_below(1 << 20);
		len = rnd_range(1, 70000);
		pages = (off + len - 1) / PAGE - off / PAGE + 1;
		assert_int_equal(xennet_slots(off, len), pages);
		assert_int_equal(xennet_page_run(off, len),
				 pages == 1 ? len : PAGE - off % PAGE);
	}
}

/* Copies of the longest frame in @runs runs, each as badly placed as can be. */
static u32 worst_copies(u32 runs)
{
	struct b2f_cursor cur = { .off = B2F_HEADROOM_MAX };
	u32 left = XENNET_PACKET_MAX, copies = 0;

	for (; runs; runs--) {
		u32 len = runs == 1 ? left : rnd_range(2, 2 * left / runs - 2);
		u32 off = PAGE - 1;

		left -= len;
		while (len) {
			u32 bytes = b2f_step(&cur, off, len);

			cur.off += bytes;
			off += bytes;
			len -= bytes;
			copies++;
		}
	}
	return copies;
}

static void copies_have_a_bound_however_a_frame_is_scattered(void **state)
{
	u32 runs, round, most = 0;

	(void)state;
	for (runs = 1; runs <= 128; runs++)
		for (round = 0; round < 100; round++)
			assert_in_range(worst_copies(runs), runs,
					B2F_COPIES(runs));
	/* An skb may have 45 fragments, and then takes more than 96. */
	for (round = 0; round < 100; round++)
		most = max(most, worst_copies(46));
	assert_in_range(most, 97, B2F_COPIES(46));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_the_pages_a_frame_fills),
		cmocka_unit_test(gso_takes_one_slot_more),
		cmocka_unit_test(each_extra_takes_a_slot),
		cmocka_unit_test(an_extra_stands_behind_the_first_slot),
		cmocka_unit_test(a_page_that_is_aligned_is_one_copy),
		cmocka_unit_test(a_copy_ends_with_its_run_its_page_and_its_slot),
		cmocka_unit_test(a_full_slot_is_left_only_for_another_copy),
		cmocka_unit_test(random_frames_are_cut_into_the_planned_slots),
		cmocka_unit_test(copies_have_a_bound_however_a_frame_is_scattered),
		cmocka_unit_test(a_short_frame_is_one_response),
		cmocka_unit_test(checksum_flags_stand_in_the_first_slot_alone),
		cmocka_unit_test(all_slots_but_the_last_say_that_more_follows),
		cmocka_unit_test(headroom_is_left_before_the_frame_alone),
		cmocka_unit_test(the_gso_extra_follows_the_first_response),
		cmocka_unit_test(extras_are_chained),
		cmocka_unit_test(a_failed_frame_gives_every_page_back_with_an_error),
		cmocka_unit_test(pages_of_a_run_are_counted_from_its_first_byte),
	};

	return cmocka_run_group_tests_name("b2f_plan", tests, NULL, NULL);
}
