// SPDX-License-Identifier: GPL-2.0
/* Requests of a guest to a packet: what is accepted, and how it is read. */
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

static void one_slot_is_one_frame(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_at(g, 0, 100, 60);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.len, 60);
	assert_int_equal(pkt.used, 1);
	assert_int_equal(pkt.nr_ids, 1);
	assert_int_equal(pkt.nr_extras, 0);
	assert_int_equal(pkt.gso_type, XENNET_GSO_NONE);
	assert_int_equal(pkt.gso_size, 0);
	assert_false(pkt.csum_blank);
	assert_false(pkt.data_validated);
	assert_int_equal(pkt.slot[0].gref, 1000 + NEAR_WRAP % 256);
	assert_int_equal(pkt.slot[0].offset, 100);
	assert_int_equal(pkt.slot[0].size, 60);
	assert_int_equal(pkt.id[0], NEAR_WRAP % 256);
}

static void the_first_slots_own_share_is_what_the_others_leave(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_packet(g, 4, 1000, 300);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.len, 1000);
	assert_int_equal(pkt.nr_ids, 4);
	assert_int_equal(pkt.slot[0].size, 100);
	assert_int_equal(pkt.slot[3].size, 300);
}

static void checksum_flags_are_those_of_the_first_slot(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, F2B_CSUM_BLANK | F2B_MORE_DATA, 100);
	put(g, F2B_DATA_VALIDATED, 50);
	pkt = parse(g);
	assert_true(pkt.csum_blank);
	assert_false(pkt.data_validated);
}

static void flags_of_no_meaning_are_ignored(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, 0xfff0 | F2B_DATA_VALIDATED, 100);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 1);
	assert_false(pkt.csum_blank);
	assert_true(pkt.data_validated);
}

static void gso_stands_in_an_extra_behind_the_first_slot(void **state)
{
	static const u8 types[] = { XENNET_GSO_TCPV4, XENNET_GSO_TCPV6 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct guest g = guest_new(NEAR_WRAP);
		struct f2b_pkt pkt;

		put(&g, F2B_CSUM_BLANK | F2B_EXTRA_INFO | F2B_MORE_DATA, 5000);
		put_gso(&g, types[i], 1448);
		put(&g, 0, 4000);
		pkt = parse(&g);
		assert_int_equal(pkt.reason, XENNET_OK);
		assert_int_equal(pkt.gso_type, types[i]);
		assert_int_equal(pkt.gso_size, 1448);
		assert_int_equal(pkt.used, 3);
		assert_int_equal(pkt.nr_ids, 2);
		assert_int_equal(pkt.nr_extras, 1);
		assert_int_equal(pkt.id[1], (u16)(NEAR_WRAP + 2) % 256);
		guest_free(&g);
	}
}

static void of_several_gso_extras_the_last_counts(void **state)
{
	struct guest *g = *state;
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO, .flags = XENNET_EXTRA_MORE,
		.gso.type = XENNET_GSO_TCPV4, .gso.size = 500,
	};
	struct f2b_pkt pkt;

	put(g, F2B_EXTRA_INFO, 100);
	f2b_write_extra(g->sring, g->prod++, &extra);
	put_gso(g, XENNET_GSO_TCPV6, 600);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.nr_extras, 2);
	assert_int_equal(pkt.gso_type, XENNET_GSO_TCPV6);
	assert_int_equal(pkt.gso_size, 600);
}

/* As many segments as bytes are no traffic. */
static void segments_of_a_few_bytes_are_dropped(void **state)
{
	u16 size;

	(void)state;
	for (size = 1; size <= 9; size++) {
		struct guest g = guest_new(NEAR_WRAP);
		struct f2b_pkt pkt;

		put(&g, F2B_CSUM_BLANK | F2B_EXTRA_INFO, 4000);
		put_gso(&g, XENNET_GSO_TCPV4, size);
		pkt = parse(&g);
		assert_int_equal(pkt.reason, size < 8 ? XENNET_TINY_SEGMENTS :
							XENNET_OK);
		assert_int_equal(pkt.used, 2);
		guest_free(&g);
	}
}

static void segments_count_with_their_headers(void **state)
{
	struct f2b_pkt pkt = { .len = 54 + 3000 };

	(void)state;
	assert_int_equal(f2b_wire_bytes(&pkt), 3054);
	pkt.gso_type = XENNET_GSO_TCPV4;
	pkt.gso_size = 1000;
	assert_int_equal(f2b_wire_bytes(&pkt), 3 * 1054);
	pkt.gso_size = 999;
	assert_int_equal(f2b_wire_bytes(&pkt), 3000 + 4 * 54);
	pkt.gso_size = 3000;
	assert_int_equal(f2b_wire_bytes(&pkt), 3054);
	pkt.len = 10;
	assert_int_equal(f2b_wire_bytes(&pkt), 10);

	pkt.len = 74 + 3000;
	pkt.gso_type = XENNET_GSO_TCPV6;
	pkt.gso_size = 1000;
	assert_int_equal(f2b_wire_bytes(&pkt), 3 * 1074);
	pkt.len = XENNET_PACKET_MAX;
	pkt.gso_size = F2B_GSO_MIN;
	assert_in_range(f2b_wire_bytes(&pkt), 600000, 1 << 20);
}

static void put_hash(struct guest *g, u8 algorithm, u8 type)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_HASH,
		.flags = XENNET_EXTRA_MORE,
		.hash.type = type,
		.hash.algorithm = algorithm,
		.hash.value = { 1, 2, 3, 0x84 },
	};

	f2b_write_extra(g->sring, g->prod++, &extra);
}

static void a_hash_goes_with_its_packet(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, F2B_EXTRA_INFO, 100);
	put_hash(g, XENNET_HASH_TOEPLITZ, XENNET_HASH_IPV4);
	put_gso(g, XENNET_GSO_TCPV4, 1000);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.nr_extras, 2);
	assert_int_equal(pkt.gso_size, 1000);
	assert_int_equal(pkt.hash.algorithm, XENNET_HASH_TOEPLITZ);
	assert_int_equal(pkt.hash.value, 0x84030201);
	assert_false(xennet_hash_has_ports(&pkt.hash));
}

static void a_hash_nobody_knows_is_none(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, F2B_EXTRA_INFO, 100);
	put_hash(g, XENNET_HASH_TOEPLITZ, XENNET_HASH_TYPES);
	put_gso(g, XENNET_GSO_TCPV4, 1000);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.hash.algorithm, XENNET_HASH_NONE);
}

static void what_follows_a_packet_is_left_for_the_next(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_packet(g, 2, 200, 100);
	put_packet(g, 3, 700, 200);
	pkt = parse(g);
	assert_int_equal(pkt.used, 2);
	f2b_parse(g->sring, NEAR_WRAP + pkt.used, 3, FATAL_SLOTS, &pkt);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 3);
	assert_int_equal(pkt.len, 700);
}

static void the_most_slots_and_the_most_bytes_are_fine(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_packet(g, XENNET_SLOTS_MAX, XENNET_PACKET_MAX, 3700);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.len, XENNET_PACKET_MAX);
	assert_int_equal(pkt.nr_ids, XENNET_SLOTS_MAX);
	assert_int_equal(pkt.slot[0].size, XENNET_PACKET_MAX - 17 * 3700);
}

static void a_slot_may_end_with_its_page(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put_at(g, F2B_MORE_DATA, 4000, 96 + 4096);
	put_at(g, 0, 0, 4096);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
}

static void slots_of_no_bytes_behind_the_first_are_fine(void **state)
{
	struct guest *g = *state;
	struct f2b_pkt pkt;

	put(g, F2B_MORE_DATA, 60);
	put_at(g, F2B_MORE_DATA, 4096, 0);
	put(g, 0, 0);
	pkt = parse(g);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.nr_ids, 3);
	assert_int_equal(pkt.slot[0].size, 60);
}

static void an_ethernet_header_alone_is_no_runt(void **state)
{
	struct guest *g = *state;

	put(g, 0, XENNET_PACKET_MIN);
	assert_int_equal(parse(g).reason, XENNET_OK);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_slot_is_one_frame),
		T(the_first_slots_own_share_is_what_the_others_leave),
		T(checksum_flags_are_those_of_the_first_slot),
		T(flags_of_no_meaning_are_ignored),
		T(gso_stands_in_an_extra_behind_the_first_slot),
		T(of_several_gso_extras_the_last_counts),
		T(segments_of_a_few_bytes_are_dropped),
		T(segments_count_with_their_headers),
		T(a_hash_goes_with_its_packet),
		T(a_hash_nobody_knows_is_none),
		T(what_follows_a_packet_is_left_for_the_next),
		T(the_most_slots_and_the_most_bytes_are_fine),
		T(a_slot_may_end_with_its_page),
		T(slots_of_no_bytes_behind_the_first_are_fine),
		T(an_ethernet_header_alone_is_no_runt),
	};

	return cmocka_run_group_tests_name("f2b_parse", tests, NULL, NULL);
}
