// SPDX-License-Identifier: GPL-2.0
/* Requests of a guest that make no packet: every reason there is. */
#include "guest.h"

/* Counters wrap between the slots of a packet that starts here. */
#define NEAR_WRAP	(U32_MAX - 1)

static int setup(void **state)
{
	struct guest *g = malloc(sizeof(*g));

	*g = guest_new(NEAR_WRAP);
	*state = g;
	return 0;
}

static int teardown(void **state)
{
	guest_free(*state);
	free(*state);
	return 0;
}

static struct f2b_pkt parse(const struct guest *g)
{
	return parse_from(g, NEAR_WRAP);
}

static void assert_dropped(struct guest *g, enum xennet_reason reason,
			   u32 nr_ids, u32 nr_extras)
{
	struct f2b_pkt pkt = parse(g);

	assert_string_equal(xennet_reason_name(pkt.reason),
			    xennet_reason_name(reason));
	assert_false(xennet_reason_fatal(pkt.reason));
	assert_int_equal(pkt.nr_ids, nr_ids);
	assert_int_equal(pkt.nr_extras, nr_extras);
	assert_int_equal(pkt.used, nr_ids + nr_extras);
}

static void assert_fatal(struct guest *g, enum xennet_reason reason)
{
	struct f2b_pkt pkt = parse(g);

	assert_string_equal(xennet_reason_name(pkt.reason),
			    xennet_reason_name(reason));
	assert_true(xennet_reason_fatal(pkt.reason));
	assert_int_equal(pkt.used, 0);
}

static void runt(void **state)
{
	struct guest *g = *state;

	put(g, 0, XENNET_PACKET_MIN - 1);
	assert_dropped(g, XENNET_RUNT, 1, 0);
}

static void runt_of_no_bytes(void **state)
{
	struct guest *g = *state;

	put(g, 0, 0);
	assert_dropped(g, XENNET_RUNT, 1, 0);
}

static void too_many_slots(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;
	u32 i;

	put_packet(g, XENNET_SLOTS_MAX + 1, 10000, 500);
	assert_dropped(g, XENNET_TOO_MANY_SLOTS, XENNET_SLOTS_MAX + 1, 0);
	pkt = parse(g);
	for (i = 0; i < pkt.nr_ids; i++)
		assert_int_equal(pkt.id[i], (u16)(NEAR_WRAP + i) % 256);
}

static void oversize(void **state)
{
	struct guest *g = *state;

	/* The size of the whole has wrapped at 16 bits. */
	put_packet(g, 18, (17 * 4096 + 100) % 65536, 4096);
	assert_dropped(g, XENNET_OVERSIZE, 18, 0);
}

static void size_mismatch(void **state)
{
	struct guest *g = *state;

	put_packet(g, 3, 500, 251);
	assert_dropped(g, XENNET_SIZE_MISMATCH, 3, 0);
}

static void size_mismatch_of_the_most_bytes(void **state)
{
	struct guest *g = *state;

	put_packet(g, 17, 100, 4096);
	f2b_write_request(g->sring, g->prod - 1, &(struct f2b_request) {
		.size = XENNET_PACKET_MAX - 15 * 4096,
	});
	assert_dropped(g, XENNET_SIZE_MISMATCH, 17, 0);
}

static void size_mismatch_when_nothing_is_left_for_the_first(void **state)
{
	struct guest *g = *state;

	put_packet(g, 3, 500, 250);
	assert_dropped(g, XENNET_SIZE_MISMATCH, 3, 0);
}

static void control(void **state)
{
	static const u8 types[] = {
		XENNET_EXTRA_MCAST_ADD, XENNET_EXTRA_MCAST_DEL,
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct guest g = guest_new(NEAR_WRAP);

		put(&g, F2B_EXTRA_INFO, 0);
		put_extra(&g, types[i], 0);
		assert_dropped(&g, XENNET_CONTROL, 1, 1);
		guest_free(&g);
	}
}

static void control_hands_its_address_on(void **state)
{
	const struct xennet_extra extra = {
		.type = XENNET_EXTRA_MCAST_DEL, .mcast.addr = { 1, 2, 3, 4, 5, 6 },
	};
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, F2B_EXTRA_INFO, 0);
	put_extra(g, XENNET_EXTRA_MCAST_DEL, 0);
	f2b_write_extra(g->sring, g->prod - 1, &extra);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_CONTROL);
	assert_int_equal(pkt.mcast_type, XENNET_EXTRA_MCAST_DEL);
	assert_memory_equal(pkt.mcast_addr, extra.mcast.addr, 6);
}

static void control_with_a_frame_is_answered_whole(void **state)
{
	struct guest *g = *state;

	put(g, F2B_EXTRA_INFO | F2B_MORE_DATA, 200);
	put_extra(g, XENNET_EXTRA_MCAST_ADD, XENNET_EXTRA_MORE);
	put_gso(g, XENNET_GSO_TCPV4, 500);
	put(g, 0, 100);
	assert_dropped(g, XENNET_CONTROL, 2, 2);
}

static void cut_off_in_its_data(void **state)
{
	struct guest *g = *state;

	put(g, F2B_MORE_DATA, 200);
	assert_fatal(g, XENNET_CUT_OFF);
	put(g, F2B_MORE_DATA, 100);
	assert_fatal(g, XENNET_CUT_OFF);
}

static void cut_off_in_its_extras(void **state)
{
	struct guest *g = *state;

	put(g, F2B_EXTRA_INFO, 200);
	assert_fatal(g, XENNET_CUT_OFF);
	put_extra(g, XENNET_EXTRA_HASH, XENNET_EXTRA_MORE);
	assert_fatal(g, XENNET_CUT_OFF);
}

static void cut_off_behind_its_extras(void **state)
{
	struct guest *g = *state;

	put(g, F2B_EXTRA_INFO | F2B_MORE_DATA, 200);
	put_gso(g, XENNET_GSO_TCPV4, 100);
	assert_fatal(g, XENNET_CUT_OFF);
}

static void slot_flood(void **state)
{
	struct guest *g = *state;

	put_packet(g, FATAL_SLOTS, 10000, 100);
	assert_fatal(g, XENNET_SLOT_FLOOD);
}

static void the_fatal_limit_can_be_moved(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_packet(g, F2B_FATAL_SLOTS_MAX - 1, 10000, 100);
	assert_int_equal(f2b_parse(g->sring, NEAR_WRAP, F2B_FATAL_SLOTS_MAX - 1,
				   F2B_FATAL_SLOTS_MAX, &pkt),
			 XENNET_TOO_MANY_SLOTS);
	assert_int_equal(pkt.nr_ids, F2B_FATAL_SLOTS_MAX - 1);
	assert_int_equal(f2b_parse(g->sring, NEAR_WRAP, F2B_FATAL_SLOTS_MAX - 1,
				   F2B_FATAL_SLOTS_MIN, &pkt),
			 XENNET_SLOT_FLOOD);
}

static void crosses_page_in_a_later_slot(void **state)
{
	struct guest *g = *state;

	put(g, F2B_MORE_DATA, 1000);
	put_at(g, 0, 4095, 2);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void crosses_page_in_the_first_slots_own_share(void **state)
{
	struct guest *g = *state;

	put_at(g, F2B_MORE_DATA, 4000, 97 + 100);
	put(g, 0, 100);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void crosses_page_in_a_single_slot(void **state)
{
	struct guest *g = *state;

	put_at(g, 0, 1, 4096);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void crosses_page_with_the_largest_numbers(void **state)
{
	struct guest *g = *state;

	put_at(g, 0, 0xffff, 0xffff);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void crosses_page_without_a_byte(void **state)
{
	struct guest *g = *state;

	put(g, F2B_MORE_DATA, 1000);
	put_at(g, 0, 4097, 0);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void bad_extra(void **state)
{
	u32 type;

	(void)state;
	for (type = 0; type < 256; type++) {
		struct guest g = guest_new(NEAR_WRAP);

		put(&g, F2B_EXTRA_INFO, 100);
		put_extra(&g, type, 0);
		if (type == XENNET_EXTRA_NONE || type >= XENNET_EXTRA_TYPES)
			assert_fatal(&g, XENNET_BAD_EXTRA);
		else
			assert_int_not_equal(parse(&g).reason, XENNET_BAD_EXTRA);
		guest_free(&g);
	}
}

static void bad_gso_type(void **state)
{
	u32 type;

	(void)state;
	for (type = 0; type < 256; type++) {
		struct guest g = guest_new(NEAR_WRAP);

		put(&g, F2B_EXTRA_INFO, 100);
		put_gso(&g, type, 1000);
		if (type == XENNET_GSO_TCPV4 || type == XENNET_GSO_TCPV6)
			assert_int_equal(parse(&g).reason, XENNET_OK);
		else
			assert_fatal(&g, XENNET_BAD_GSO);
		guest_free(&g);
	}
}

static void bad_gso_size(void **state)
{
	struct guest *g = *state;

	put(g, F2B_EXTRA_INFO, 100);
	put_gso(g, XENNET_GSO_TCPV4, 0);
	assert_fatal(g, XENNET_BAD_GSO);
}

static void a_fatal_reason_wins_over_every_drop(void **state)
{
	struct guest *g = *state;

	/* Control, too many slots, sizes that do not add up; then too far. */
	put(g, F2B_EXTRA_INFO | F2B_MORE_DATA, 5);
	put_extra(g, XENNET_EXTRA_MCAST_ADD, 0);
	put_packet(g, 17, 100, 100);
	put_at(g, 0, 4090, 7);
	f2b_write_request(g->sring, g->prod - 2, &(struct f2b_request) {
		.flags = F2B_MORE_DATA, .size = 100,
	});
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void a_first_slot_beyond_its_page_is_fatal_among_too_many(void **state)
{
	struct guest *g = *state;

	put_packet(g, 19, 18 * 100 + 4097, 100);
	assert_fatal(g, XENNET_CROSSES_PAGE);
}

static void an_extra_chain_ends_with_the_ring(void **state)
{
	struct guest *g = *state;
	u32 i;

	put(g, F2B_EXTRA_INFO, 100);
	for (i = 1; i < XENNET_RING_SIZE; i++)
		put_extra(g, XENNET_EXTRA_HASH, XENNET_EXTRA_MORE);
	assert_fatal(g, XENNET_CUT_OFF);
	g->prod--;
	put_extra(g, XENNET_EXTRA_HASH, 0);
	assert_dropped(g, XENNET_OK, 1, XENNET_RING_SIZE - 1);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(runt),
		T(runt_of_no_bytes),
		T(too_many_slots),
		T(oversize),
		T(size_mismatch),
		T(size_mismatch_of_the_most_bytes),
		T(size_mismatch_when_nothing_is_left_for_the_first),
		T(control),
		T(control_hands_its_address_on),
		T(control_with_a_frame_is_answered_whole),
		T(cut_off_in_its_data),
		T(cut_off_in_its_extras),
		T(cut_off_behind_its_extras),
		T(slot_flood),
		T(the_fatal_limit_can_be_moved),
		T(crosses_page_in_a_later_slot),
		T(crosses_page_in_the_first_slots_own_share),
		T(crosses_page_in_a_single_slot),
		T(crosses_page_with_the_largest_numbers),
		T(crosses_page_without_a_byte),
		T(bad_extra),
		T(bad_gso_type),
		T(bad_gso_size),
		T(a_fatal_reason_wins_over_every_drop),
		T(a_first_slot_beyond_its_page_is_fatal_among_too_many),
		T(an_extra_chain_ends_with_the_ring),
	};

	return cmocka_run_group_tests_name("f2b_refuse", tests, NULL, NULL);
}
