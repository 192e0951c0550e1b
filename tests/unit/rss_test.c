// SPDX-License-Identifier: GPL-2.0
/* What control messages do to a guest's settings, and these to its frames. */
#include "netback/rss.h"
#include "unit.h"

#define QUEUES	4u
#define NO_SUCH_TYPE	8u	/* not of hashes: the first of static grants */

static struct ctrl_request message(u16 type, u32 a, u32 b, u32 c)
{
	return (struct ctrl_request) {
		.id = 0xabcd, .type = type, .data = { a, b, c },
	};
}

/* Asks and returns the status; the data, if it is wanted. */
static u32 ask_for(struct rss *rss, const struct ctrl_request *req,
		   const u8 *bytes, u32 *data)
{
	struct ctrl_response rsp;

	memset(&rsp, 0xee, sizeof(rsp));
	rss_obey(rss, req, bytes, QUEUES, &rsp);
	assert_int_equal(rsp.id, req->id);
	assert_int_equal(rsp.type, req->type);
	if (data)
		*data = rsp.data;
	else
		assert_int_equal(rsp.data, 0);
	return rsp.status;
}

static u32 ask(struct rss *rss, u16 type, u32 a)
{
	struct ctrl_request req = message(type, a, 0, 0);

	assert_int_equal(rss_bytes(rss, &req), 0);
	return ask_for(rss, &req, NULL, NULL);
}

static u32 ask_key(struct rss *rss, const u8 *key, u32 len)
{
	struct ctrl_request req = message(XENNET_CTRL_SET_HASH_KEY, 7, len, 0);

	assert_int_equal(rss_bytes(rss, &req),
			 len > TOEPLITZ_KEY_SIZE ? 0 : len);
	return ask_for(rss, &req, key, NULL);
}

static u32 ask_map(struct rss *rss, const u32 *map, u32 len, u32 first)
{
	struct ctrl_request req = message(XENNET_CTRL_SET_HASH_MAP, 7, len,
					  first);

	assert_true(rss_bytes(rss, &req) <= RSS_BYTES_MAX);
	return ask_for(rss, &req, (const u8 *)map, NULL);
}

static struct rss hashing(void)
{
	struct rss rss = { 0 };
	u8 key[TOEPLITZ_KEY_SIZE];

	rnd_fill(key, sizeof(key));
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_ALGORITHM,
			     XENNET_HASH_TOEPLITZ), XENNET_CTRL_SUCCESS);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 0xf),
			 XENNET_CTRL_SUCCESS);
	assert_int_equal(ask_key(&rss, key, sizeof(key)), XENNET_CTRL_SUCCESS);
	return rss;
}

static void an_unknown_message_is_not_supported(void **state)
{
	struct rss rss = hashing(), before = rss;
	u32 type;

	(void)state;
	for (type = 0; type <= 0xffff; type++) {
		if (type >= XENNET_CTRL_GET_HASH_FLAGS && type < NO_SUCH_TYPE)
			continue;
		assert_int_equal(ask(&rss, type, rnd()),
				 XENNET_CTRL_NOT_SUPPORTED);
	}
	assert_memory_equal(&rss, &before, sizeof(rss));
}

static void an_algorithm_is_none_or_toeplitz(void **state)
{
	struct rss rss = hashing();

	(void)state;
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_ALGORITHM, 2),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_ALGORITHM, 0x101),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_true(rss_on(&rss));
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_ALGORITHM,
			     XENNET_HASH_NONE), XENNET_CTRL_SUCCESS);
	assert_false(rss_on(&rss));
}

static void types_need_an_algorithm_first(void **state)
{
	struct ctrl_request get = message(XENNET_CTRL_GET_HASH_FLAGS, 0, 0, 0);
	struct rss rss = { 0 };
	u32 types;

	(void)state;
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 1),
			 XENNET_CTRL_NOT_SUPPORTED);
	assert_int_equal(ask_for(&rss, &get, NULL, NULL),
			 XENNET_CTRL_NOT_SUPPORTED);
	rss = hashing();
	assert_int_equal(ask_for(&rss, &get, NULL, &types),
			 XENNET_CTRL_SUCCESS);
	assert_int_equal(types, 0xf);
}

static void types_are_those_there_are(void **state)
{
	struct rss rss = hashing();

	(void)state;
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 0x10),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 0x101),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(rss.types, 0xf);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 0),
			 XENNET_CTRL_SUCCESS);
	assert_false(rss_on(&rss));
}

static void a_short_key_ends_in_zeros(void **state)
{
	struct rss rss = hashing();
	const u8 key[] = { 1, 2, 3 };
	u32 i;

	(void)state;
	assert_int_equal(ask_key(&rss, key, sizeof(key)), XENNET_CTRL_SUCCESS);
	assert_memory_equal(rss.key, key, sizeof(key));
	for (i = sizeof(key); i < TOEPLITZ_KEY_SIZE; i++)
		assert_int_equal(rss.key[i], 0);
	assert_int_equal(ask_key(&rss, key, 0), XENNET_CTRL_SUCCESS);
	assert_int_equal(rss.key[0], 0);
}

static void a_key_that_is_too_long_or_not_there_is_refused(void **state)
{
	struct rss rss = hashing(), before = rss;
	const u8 key[TOEPLITZ_KEY_SIZE] = { 0 };

	(void)state;
	assert_int_equal(ask_key(&rss, key, TOEPLITZ_KEY_SIZE + 1),
			 XENNET_CTRL_BUFFER_OVERFLOW);
	assert_int_equal(ask_key(&rss, key, U32_MAX),
			 XENNET_CTRL_BUFFER_OVERFLOW);
	assert_int_equal(ask_key(&rss, NULL, 4), XENNET_CTRL_INVALID_PARAMETER);
	assert_memory_equal(&rss, &before, sizeof(rss));
}

static void the_largest_table_is_told_and_taken(void **state)
{
	struct ctrl_request get = message(XENNET_CTRL_GET_HASH_MAP_SIZE, 0, 0,
					  0);
	struct rss rss = hashing();
	u32 most;

	(void)state;
	assert_int_equal(ask_for(&rss, &get, NULL, &most), XENNET_CTRL_SUCCESS);
	assert_int_equal(most, RSS_MAP_MAX);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, most),
			 XENNET_CTRL_SUCCESS);
	assert_int_equal(rss.nr_map, most);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, most + 1),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, 256),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(rss.nr_map, most);
}

static void a_new_table_is_all_zeros(void **state)
{
	const u32 map[] = { 3, 2, 1 };
	struct rss rss = hashing();
	u32 i;

	(void)state;
	ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, 3);
	assert_int_equal(ask_map(&rss, map, 3, 0), XENNET_CTRL_SUCCESS);
	assert_int_equal(rss_queue(&rss, 0, QUEUES), 3);
	ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(rss_queue(&rss, i, QUEUES), 0);
}

static void a_part_of_the_table_leaves_the_rest(void **state)
{
	const u32 map[] = { 1, 2, 3 };
	struct rss rss = hashing();

	(void)state;
	ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, 8);
	assert_int_equal(ask_map(&rss, map, 3, 5), XENNET_CTRL_SUCCESS);
	assert_int_equal(ask_map(&rss, map, 1, 0), XENNET_CTRL_SUCCESS);
	assert_int_equal(ask_map(&rss, map, 0, 8), XENNET_CTRL_SUCCESS);
	assert_int_equal(rss_queue(&rss, 8, QUEUES), 1);
	assert_int_equal(rss_queue(&rss, 4, QUEUES), 0);
	assert_int_equal(rss_queue(&rss, 8 + 5, QUEUES), 1);
	assert_int_equal(rss_queue(&rss, 7, QUEUES), 3);
}

/* XSA-270: sums that wrap, products that are cut, queues that are not there. */
static void a_table_that_cannot_be_is_refused(void **state)
{
	static u32 map[RSS_MAP_MAX];
	struct rss rss = hashing(), before;

	(void)state;
	ask(&rss, XENNET_CTRL_SET_HASH_MAP_SIZE, 8);
	map[0] = 1;
	assert_int_equal(ask_map(&rss, map, 8, 0), XENNET_CTRL_SUCCESS);
	before = rss;

	assert_int_equal(ask_map(&rss, map, RSS_MAP_MAX + 1, 0),
			 XENNET_CTRL_BUFFER_OVERFLOW);
	assert_int_equal(ask_map(&rss, map, 0x40000001, 0),
			 XENNET_CTRL_BUFFER_OVERFLOW);
	assert_int_equal(ask_map(&rss, map, U32_MAX, 2),
			 XENNET_CTRL_BUFFER_OVERFLOW);
	assert_int_equal(ask_map(&rss, map, 9, 0),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask_map(&rss, map, 2, 7),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask_map(&rss, map, 2, U32_MAX),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask_map(&rss, map, 0, 9),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_int_equal(ask_map(&rss, NULL, 2, 0),
			 XENNET_CTRL_INVALID_PARAMETER);
	map[1] = QUEUES;
	assert_int_equal(ask_map(&rss, map, 2, 0),
			 XENNET_CTRL_INVALID_PARAMETER);
	map[1] = 256;
	assert_int_equal(ask_map(&rss, map, 2, 0),
			 XENNET_CTRL_INVALID_PARAMETER);
	assert_memory_equal(&rss, &before, sizeof(rss));
}

static void without_a_table_the_hash_is_divided(void **state)
{
	struct rss rss = hashing();

	(void)state;
	assert_int_equal(rss_queue(&rss, 7, QUEUES), 3);
	assert_int_equal(rss_queue(&rss, U32_MAX, 3), 0);
}

static void the_hash_of_most_words_is_taken(void **state)
{
	struct rss_flow tcp = {
		.types = 1u << XENNET_HASH_IPV4 | 1u << XENNET_HASH_IPV4_TCP,
	}, other = tcp;
	struct rss rss = hashing();
	struct xennet_hash hash;

	(void)state;
	rnd_fill(tcp.tuple, sizeof(tcp.tuple));
	rss_hash(&rss, &tcp, &hash);
	assert_int_equal(hash.algorithm, XENNET_HASH_TOEPLITZ);
	assert_int_equal(hash.type, XENNET_HASH_IPV4_TCP);
	assert_int_equal(hash.value, toeplitz(rss.key, tcp.tuple, 12));

	ask(&rss, XENNET_CTRL_SET_HASH_FLAGS, 1u << XENNET_HASH_IPV4);
	rss_hash(&rss, &tcp, &hash);
	assert_int_equal(hash.type, XENNET_HASH_IPV4);
	assert_int_equal(hash.value, toeplitz(rss.key, tcp.tuple, 8));

	other.types = 1u << XENNET_HASH_IPV6;
	rss_hash(&rss, &other, &hash);
	assert_int_equal(hash.algorithm, XENNET_HASH_NONE);
	assert_int_equal(hash.value, 0);
}

static void ipv6_takes_longer_tuples(void **state)
{
	struct rss_flow flow = {
		.types = 1u << XENNET_HASH_IPV6 | 1u << XENNET_HASH_IPV6_TCP,
	};
	struct rss rss = hashing();
	struct xennet_hash hash;

	(void)state;
	rnd_fill(flow.tuple, sizeof(flow.tuple));
	rss_hash(&rss, &flow, &hash);
	assert_int_equal(hash.value, toeplitz(rss.key, flow.tuple, 36));
	flow.types = 1u << XENNET_HASH_IPV6;
	rss_hash(&rss, &flow, &hash);
	assert_int_equal(hash.value, toeplitz(rss.key, flow.tuple, 32));
}

/* Whatever is asked, in any order: no byte is off, no queue is out of range. */
static void no_sequence_leads_out_of_range(void **state)
{
	static u32 page[RSS_MAP_MAX];
	struct rss rss = { 0 };
	u32 round, i;

	(void)state;
	for (round = 0; round < 200000; round++) {
		struct ctrl_request req = message(rnd_below(9), rnd_below(300),
						  rnd_below(140), rnd_below(140));
		struct ctrl_response rsp;
		u32 len;

		if (rnd_one_in(10))
			req.data[rnd_below(3)] = rnd();
		if (rnd_one_in(2))
			req.data[0] = rnd_below(3);
		for (i = 0; i < RSS_MAP_MAX; i++)
			page[i] = rnd_below(rnd_one_in(50) ? QUEUES + 1 : QUEUES);
		len = rss_bytes(&rss, &req);
		assert_true(len <= RSS_BYTES_MAX);
		rss_obey(&rss, &req, rnd_one_in(10) ? NULL : (u8 *)page, QUEUES,
			 &rsp);
		assert_true(rsp.status <= XENNET_CTRL_BUFFER_OVERFLOW);
		assert_true(rss.nr_map <= RSS_MAP_MAX);
		assert_true(rss_queue(&rss, rnd(), QUEUES) < QUEUES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_message_is_not_supported),
		cmocka_unit_test(an_algorithm_is_none_or_toeplitz),
		cmocka_unit_test(types_need_an_algorithm_first),
		cmocka_unit_test(types_are_those_there_are),
		cmocka_unit_test(a_short_key_ends_in_zeros),
		cmocka_unit_test(a_key_that_is_too_long_or_not_there_is_refused),
		cmocka_unit_test(the_largest_table_is_told_and_taken),
		cmocka_unit_test(a_new_table_is_all_zeros),
		cmocka_unit_test(a_part_of_the_table_leaves_the_rest),
		cmocka_unit_test(a_table_that_cannot_be_is_refused),
		cmocka_unit_test(without_a_table_the_hash_is_divided),
		cmocka_unit_test(the_hash_of_most_words_is_taken),
		cmocka_unit_test(ipv6_takes_longer_tuples),
		cmocka_unit_test(no_sequence_leads_out_of_range),
	};

	return cmocka_run_group_tests_name("rss", tests, NULL, NULL);
}
