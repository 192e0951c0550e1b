// SPDX-License-Identifier: GPL-2.0
/* A frame of the guest cut into slots, and written. */
#include "netfront/f2b_build.h"
#include "unit.h"

#define PAGE		XENNET_PAGE_SIZE
#define NEAR_WRAP	(U32_MAX - 1)

/* A frame of runs of the given offsets and lengths; ends with length -1. */
static struct f2b_frame frame_of(const int (*run)[2])
{
	struct f2b_frame frame = { 0 };

	for (; (*run)[1] >= 0; run++) {
		frame.run[frame.nr_runs].off = (*run)[0];
		frame.run[frame.nr_runs++].len = (*run)[1];
		frame.len += (*run)[1];
	}
	return frame;
}

#define FRAME(...)	frame_of((const int[][2]) { __VA_ARGS__, { 0, -1 } })

static struct f2b_shape shape_ok(const struct f2b_frame *frame)
{
	struct f2b_shape shape;

	memset(&shape, 0xee, sizeof(shape));
	assert_int_equal(f2b_shape(frame, XENNET_SLOTS_MAX, &shape), XENNET_OK);
	return shape;
}

static void assert_refused(const struct f2b_frame *frame, u32 max_slots,
			   enum xennet_reason reason)
{
	struct f2b_shape shape;

	assert_string_equal(xennet_reason_name(f2b_shape(frame, max_slots, &shape)),
			    xennet_reason_name(reason));
}

static void a_run_inside_a_page_is_one_slot(void **state)
{
	struct f2b_frame frame = FRAME({ 100, 60 });
	struct f2b_shape shape = shape_ok(&frame);

	(void)state;
	assert_int_equal(shape.nr_slots, 1);
	assert_int_equal(shape.nr_pieces, 1);
	assert_int_equal(shape.nr_extras, 0);
	assert_int_equal(shape.piece[0].offset, 100);
	assert_int_equal(shape.piece[0].len, 60);
}

static void a_run_over_pages_is_cut_at_each(void **state)
{
	struct f2b_frame frame = FRAME({ 4000, 5000 });
	struct f2b_shape shape = shape_ok(&frame);

	(void)state;
	assert_int_equal(shape.nr_pieces, 3);
	assert_int_equal(shape.piece[0].len, 96);
	assert_int_equal(shape.piece[1].page, 1);
	assert_int_equal(shape.piece[1].offset, 0);
	assert_int_equal(shape.piece[1].len, PAGE);
	assert_int_equal(shape.piece[2].page, 2);
	assert_int_equal(shape.piece[2].len, 808);
}

static void runs_of_no_bytes_take_no_slot(void **state)
{
	struct f2b_frame frame = FRAME({ 0, 100 }, { 50, 0 }, { 8192, 10 });
	struct f2b_shape shape = shape_ok(&frame);

	(void)state;
	assert_int_equal(shape.nr_pieces, 2);
	assert_int_equal(shape.piece[1].run, 2);
	assert_int_equal(shape.piece[1].page, 2);
	assert_int_equal(shape.piece[1].offset, 0);
}

static void gso_takes_one_slot_more(void **state)
{
	struct f2b_frame frame = FRAME({ 0, 100 }, { 0, 4096 });
	struct f2b_shape shape;

	(void)state;
	frame.gso_type = XENNET_GSO_TCPV4;
	frame.gso_size = 1448;
	shape = shape_ok(&frame);
	assert_int_equal(shape.nr_pieces, 2);
	assert_int_equal(shape.nr_extras, 1);
	assert_int_equal(shape.nr_slots, 3);
}

static void runt(void **state)
{
	struct f2b_frame frame = FRAME({ 0, XENNET_PACKET_MIN - 1 });

	(void)state;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_RUNT);
}

static void oversize(void **state)
{
	struct f2b_frame frame = FRAME({ 0, 65536 });

	(void)state;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_OVERSIZE);
	frame = FRAME({ 0, XENNET_PACKET_MAX });
	assert_int_equal(shape_ok(&frame).nr_pieces, 16);
}

static void size_mismatch(void **state)
{
	struct f2b_frame frame = FRAME({ 0, 100 }, { 0, 100 });

	(void)state;
	frame.len--;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_SIZE_MISMATCH);
	frame.run[1].len = U32_MAX;
	frame.len = 99;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_SIZE_MISMATCH);
	frame.nr_runs = F2B_RUNS_MAX + 1;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_SIZE_MISMATCH);
}

static void too_many_slots(void **state)
{
	struct f2b_frame frame = FRAME({ 0, 100 }, { 0, 100 });

	(void)state;
	assert_refused(&frame, 1, XENNET_TOO_MANY_SLOTS);
	frame = FRAME({ 4080, 65535 });
	assert_int_equal(shape_ok(&frame).nr_pieces, 17);
	frame = FRAME({ 4070, 30000 }, { 4090, 30000 }, { 4090, 20 });
	assert_refused(&frame, U32_MAX, XENNET_TOO_MANY_SLOTS);
}

static void short_header(void **state)
{
	struct f2b_frame frame = FRAME({ 4083, 60 });

	(void)state;
	assert_refused(&frame, XENNET_SLOTS_MAX, XENNET_SHORT_HEADER);
	frame = FRAME({ 4082, 60 });
	assert_int_equal(shape_ok(&frame).nr_pieces, 2);
}

static void what_is_written_is_what_was_shaped(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct f2b_frame frame = FRAME({ 100, 66 }, { 0, 4096 }, { 7, 1000 });
	struct f2b_request req[4];
	struct f2b_shape shape;
	struct xennet_extra extra;
	u32 i;

	(void)state;
	frame.gso_type = XENNET_GSO_TCPV6;
	frame.gso_size = 1428;
	frame.csum_blank = true;
	frame.data_validated = true;
	shape = shape_ok(&frame);
	for (i = 0; i < 3; i++) {
		shape.piece[i].id = 10 + i;
		shape.piece[i].gref = 100 + i;
	}
	f2b_build(ring, NEAR_WRAP, &frame, &shape);
	for (i = 0; i < 4; i++)
		f2b_read_request(ring, NEAR_WRAP + i, &req[i]);
	f2b_read_extra(ring, NEAR_WRAP + 1, &extra);
	assert_int_equal(req[0].flags, F2B_CSUM_BLANK | F2B_DATA_VALIDATED |
			 F2B_EXTRA_INFO | F2B_MORE_DATA);
	assert_int_equal(req[0].size, 66 + 4096 + 1000);
	assert_int_equal(req[0].offset, 100);
	assert_int_equal(req[0].id, 10);
	assert_int_equal(req[0].gref, 100);
	assert_int_equal(extra.type, XENNET_EXTRA_GSO);
	assert_int_equal(extra.flags, 0);
	assert_int_equal(extra.gso.size, 1428);
	assert_int_equal(extra.gso.type, XENNET_GSO_TCPV6);
	assert_int_equal(req[2].flags, F2B_MORE_DATA);
	assert_int_equal(req[2].size, 4096);
	assert_int_equal(req[3].flags, 0);
	assert_int_equal(req[3].size, 1000);
	assert_int_equal(req[3].offset, 7);
	assert_int_equal(req[3].id, 12);
	free(ring);
}

static void a_message_is_a_request_without_data_and_an_extra(void **state)
{
	static const u8 addr[6] = { 1, 0, 0x5e, 1, 2, 3 };
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct xennet_extra extra;
	struct f2b_request req;
	u32 add;

	(void)state;
	for (add = 0; add <= 1; add++) {
		f2b_build_mcast(ring, NEAR_WRAP, 77, add, addr);
		f2b_read_request(ring, NEAR_WRAP, &req);
		f2b_read_extra(ring, NEAR_WRAP + 1, &extra);
		assert_int_equal(req.id, 77);
		assert_int_equal(req.flags, F2B_EXTRA_INFO);
		assert_int_equal(req.size, 0);
		assert_int_equal(extra.type, add ? XENNET_EXTRA_MCAST_ADD :
						   XENNET_EXTRA_MCAST_DEL);
		assert_int_equal(extra.flags, 0);
		assert_memory_equal(extra.mcast.addr, addr, 6);
	}
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_inside_a_page_is_one_slot),
		cmocka_unit_test(a_run_over_pages_is_cut_at_each),
		cmocka_unit_test(runs_of_no_bytes_take_no_slot),
		cmocka_unit_test(gso_takes_one_slot_more),
		cmocka_unit_test(runt),
		cmocka_unit_test(oversize),
		cmocka_unit_test(size_mismatch),
		cmocka_unit_test(too_many_slots),
		cmocka_unit_test(short_header),
		cmocka_unit_test(what_is_written_is_what_was_shaped),
		cmocka_unit_test(a_message_is_a_request_without_data_and_an_extra),
	};

	return cmocka_run_group_tests_name("f2b_build", tests, NULL, NULL);
}
