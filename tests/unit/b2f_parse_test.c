// SPDX-License-Identifier: GPL-2.0
/* Responses of a backend to a packet: the verdicts one by one. */
#include "netfront/b2f_parse.h"
#include "unit.h"

#define NEAR_WRAP	(U32_MAX - 1)

struct backend {
	struct b2f_sring *sring;
	u32 prod;
};

static int setup(void **state)
{
	struct backend *b = malloc(sizeof(*b));

	b->sring = new_page(sizeof(*b->sring));
	b->prod = NEAR_WRAP;
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct backend *b = *state;

	free(b->sring);
	free(b);
	return 0;
}

static void answer(struct backend *b, u16 flags, u16 offset, s16 status)
{
	struct b2f_response rsp = {
		.id = b->prod % XENNET_RING_SIZE,
		.offset = offset,
		.flags = flags,
		.status = status,
	};

	b2f_write_response(b->sring, b->prod++, &rsp);
}

static void answer_extra(struct backend *b, u8 type, u8 gso_type, u16 gso_size)
{
	struct xennet_extra extra = {
		.type = type,
		.gso.type = gso_type,
		.gso.size = gso_size,
	};

	b2f_write_extra(b->sring, b->prod++, &extra);
}

static struct b2f_pkt parse(struct backend *b)
{
	struct b2f_pkt pkt;

	memset(&pkt, 0xee, sizeof(pkt));
	b2f_parse(b->sring, NEAR_WRAP, b->prod - NEAR_WRAP, &pkt);
	return pkt;
}

static void assert_reason(struct backend *b, enum xennet_reason reason)
{
	struct b2f_pkt pkt = parse(b);

	assert_string_equal(xennet_reason_name(pkt.reason),
			    xennet_reason_name(reason));
	assert_int_equal(pkt.used, xennet_reason_fatal(reason) ?
			 0 : b->prod - NEAR_WRAP);
}

static void a_single_response_is_a_frame(void **state)
{
	struct b2f_pkt pkt;

	answer(*state, B2F_DATA_VALIDATED, 2, 60);
	pkt = parse(*state);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 1);
	assert_int_equal(pkt.len, 60);
	assert_int_equal(pkt.nr_pieces, 1);
	assert_int_equal(pkt.piece[0].slot, 0);
	assert_int_equal(pkt.piece[0].offset, 2);
	assert_int_equal(pkt.piece[0].len, 60);
	assert_true(pkt.data_validated);
	assert_false(pkt.csum_blank);
	assert_int_equal(pkt.gso_size, 0);
}

static void gso_stands_in_the_second_slot(void **state)
{
	struct b2f_pkt pkt;

	answer(*state, B2F_CSUM_BLANK | B2F_EXTRA_INFO | B2F_MORE_DATA, 0, 4096);
	answer_extra(*state, XENNET_EXTRA_GSO, XENNET_GSO_TCPV4, 1448);
	answer(*state, 0, 0, 10);
	pkt = parse(*state);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 3);
	assert_int_equal(pkt.len, 4106);
	assert_int_equal(pkt.piece[1].slot, 2);
	assert_int_equal(pkt.gso_type, XENNET_GSO_TCPV4);
	assert_int_equal(pkt.gso_size, 1448);
	assert_true(pkt.csum_blank);
}

static void empty_slots_are_left_out(void **state)
{
	struct b2f_pkt pkt;

	answer(*state, B2F_MORE_DATA, 0, 0);
	answer(*state, B2F_MORE_DATA, 0, 100);
	answer(*state, 0, 0, 0);
	pkt = parse(*state);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 3);
	assert_int_equal(pkt.nr_pieces, 1);
	assert_int_equal(pkt.piece[0].slot, 1);
}

static void runt(void **state)
{
	answer(*state, 0, 0, XENNET_PACKET_MIN - 1);
	assert_reason(*state, XENNET_RUNT);
}

static void oversize(void **state)
{
	u32 i;

	for (i = 0; i < 16; i++)
		answer(*state, i < 15 ? B2F_MORE_DATA : 0, 0, 4096);
	assert_reason(*state, XENNET_OVERSIZE);
}

static void too_many_slots(void **state)
{
	u32 i;

	for (i = 0; i <= XENNET_SLOTS_MAX; i++)
		answer(*state, i < XENNET_SLOTS_MAX ? B2F_MORE_DATA : 0, 0, 10);
	assert_reason(*state, XENNET_TOO_MANY_SLOTS);
}

static void peer_error(void **state)
{
	answer(*state, 0, 9999, XENNET_RSP_ERROR);
	assert_reason(*state, XENNET_PEER_ERROR);
	answer(*state, 0, 0, 60);
	assert_int_equal(parse(*state).used, 1);
}

static void peer_error_within_a_packet_drops_it_whole(void **state)
{
	u32 i;

	answer(*state, B2F_MORE_DATA, 0, 100);
	answer(*state, B2F_MORE_DATA, 0, XENNET_RSP_DROPPED);
	for (i = 0; i < 20; i++)
		answer(*state, i < 19 ? B2F_MORE_DATA : 0, 0, 100);
	assert_reason(*state, XENNET_PEER_ERROR);
}

static void cut_off(void **state)
{
	answer(*state, B2F_MORE_DATA, 0, 100);
	assert_reason(*state, XENNET_CUT_OFF);
}

static void cut_off_in_its_extras(void **state)
{
	answer(*state, B2F_EXTRA_INFO, 0, 100);
	assert_reason(*state, XENNET_CUT_OFF);
}

static void bad_id(void **state)
{
	struct backend *b = *state;

	answer(b, B2F_MORE_DATA, 0, 100);
	b->prod++;
	answer(b, 0, 0, 100);
	assert_reason(b, XENNET_BAD_ID);
}

static void crosses_page(void **state)
{
	answer(*state, 0, 4000, 97);
	assert_reason(*state, XENNET_CROSSES_PAGE);
}

static void bad_extra(void **state)
{
	answer(*state, B2F_EXTRA_INFO, 0, 100);
	answer_extra(*state, XENNET_EXTRA_MCAST_ADD, 0, 0);
	assert_reason(*state, XENNET_BAD_EXTRA);
}

/* A backend that was told of a headroom by another frontend. */
static void a_headroom_is_passed_over(void **state)
{
	struct b2f_pkt pkt;

	answer(*state, B2F_EXTRA_INFO, 256, 100);
	answer_extra(*state, XENNET_EXTRA_XDP, 0, 0);
	pkt = parse(*state);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 2);
	assert_int_equal(pkt.piece[0].offset, 256);
}

static void answer_hash(struct backend *b, u8 flags, u8 algorithm, u8 type)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_HASH,
		.flags = flags,
		.hash.type = type,
		.hash.algorithm = algorithm,
		.hash.value = { 0x78, 0x56, 0x34, 0x92 },
	};

	b2f_write_extra(b->sring, b->prod++, &extra);
}

static void a_hash_stands_among_the_extras(void **state)
{
	struct b2f_pkt pkt;

	answer(*state, B2F_EXTRA_INFO, 0, 100);
	answer_hash(*state, XENNET_EXTRA_MORE, XENNET_HASH_TOEPLITZ,
		    XENNET_HASH_IPV6_TCP);
	answer_extra(*state, XENNET_EXTRA_GSO, XENNET_GSO_TCPV6, 1428);
	pkt = parse(*state);
	assert_int_equal(pkt.reason, XENNET_OK);
	assert_int_equal(pkt.used, 3);
	assert_int_equal(pkt.gso_size, 1428);
	assert_int_equal(pkt.hash.algorithm, XENNET_HASH_TOEPLITZ);
	assert_int_equal(pkt.hash.type, XENNET_HASH_IPV6_TCP);
	assert_int_equal(pkt.hash.value, 0x92345678);
	assert_true(xennet_hash_has_ports(&pkt.hash));
}

static void a_hash_nobody_knows_is_none(void **state)
{
	struct backend *b = *state;

	answer(b, B2F_EXTRA_INFO, 0, 100);
	answer_hash(b, 0, XENNET_HASH_TOEPLITZ + 1, XENNET_HASH_IPV4);
	assert_int_equal(parse(b).reason, XENNET_OK);
	assert_int_equal(parse(b).hash.algorithm, XENNET_HASH_NONE);
	b->prod--;
	answer_hash(b, 0, XENNET_HASH_TOEPLITZ, XENNET_HASH_TYPES);
	assert_int_equal(parse(b).reason, XENNET_OK);
	assert_int_equal(parse(b).hash.algorithm, XENNET_HASH_NONE);
}

static void bad_gso(void **state)
{
	struct backend *b = *state;

	answer(b, B2F_EXTRA_INFO, 0, 100);
	answer_extra(b, XENNET_EXTRA_GSO, XENNET_GSO_TCPV4, 0);
	assert_reason(b, XENNET_BAD_GSO);
	b->prod--;
	answer_extra(b, XENNET_EXTRA_GSO, XENNET_GSO_NONE, 100);
	assert_reason(b, XENNET_BAD_GSO);
	b->prod--;
	answer_extra(b, XENNET_EXTRA_GSO, XENNET_GSO_TCPV6 + 1, 100);
	assert_reason(b, XENNET_BAD_GSO);
}

#define T(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_single_response_is_a_frame),
		T(gso_stands_in_the_second_slot),
		T(empty_slots_are_left_out),
		T(runt),
		T(oversize),
		T(too_many_slots),
		T(peer_error),
		T(peer_error_within_a_packet_drops_it_whole),
		T(cut_off),
		T(cut_off_in_its_extras),
		T(bad_id),
		T(crosses_page),
		T(bad_extra),
		T(a_headroom_is_passed_over),
		T(a_hash_stands_among_the_extras),
		T(a_hash_nobody_knows_is_none),
		T(bad_gso),
	};

	return cmocka_run_group_tests_name("b2f_parse", tests, NULL, NULL);
}
