// SPDX-License-Identifier: GPL-2.0
/*
 * The hash against the values that Microsoft publishes for it, under "Verifying
 * the RSS hash calculation" in the documentation of Windows drivers.
 */
#include <arpa/inet.h>

#include "netback/toeplitz.h"
#include "unit.h"

static const u8 key[TOEPLITZ_KEY_SIZE] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
	0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
	0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
	0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
	0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct vector {
	const char *dst, *src;
	u16 dport, sport;
	u32 ip, tcp;
};

static const struct vector ipv4[] = {
	{ "161.142.100.80", "66.9.149.187", 1766, 2794, 0x323e8fc2, 0x51ccc178 },
	{ "65.69.140.83", "199.92.111.2", 4739, 14230, 0xd718262a, 0xc626b0ea },
	{ "12.22.207.184", "24.19.198.95", 38024, 12898, 0xd2d0a5de, 0x5c2b394a },
	{ "209.142.163.6", "38.27.205.30", 2217, 48228, 0x82989176, 0xafc7327f },
	{ "202.188.127.2", "153.39.163.191", 1303, 44251, 0x5d1809c5, 0x10e828a2 },
};

static const struct vector ipv6[] = {
	{ "3ffe:2501:200:3::1", "3ffe:2501:200:1fff::7", 1766, 2794,
	  0x2cc18cd5, 0x40207d3d },
	{ "ff02::1", "3ffe:501:8::260:97ff:fe40:efab", 4739, 14230,
	  0x0f0c461c, 0xdde51bbf },
	{ "fe80::200:f8ff:fe21:67cf", "3ffe:1900:4545:3:200:f8ff:fe21:67cf",
	  38024, 44251, 0x4b61e985, 0x02d1feef },
};

static void assert_vector(int family, u32 addr_len, const struct vector *v)
{
	u16 port[] = { htons(v->sport), htons(v->dport) };
	u8 input[TOEPLITZ_INPUT_MAX];

	assert_int_equal(inet_pton(family, v->src, input), 1);
	assert_int_equal(inet_pton(family, v->dst, input + addr_len), 1);
	memcpy(input + 2 * addr_len, port, sizeof(port));
	assert_int_equal(toeplitz(key, input, 2 * addr_len), v->ip);
	assert_int_equal(toeplitz(key, input, 2 * addr_len + 4), v->tcp);
}

static void ipv4_is_hashed_as_published(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ipv4); i++)
		assert_vector(AF_INET, 4, &ipv4[i]);
}

static void ipv6_is_hashed_as_published(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ipv6); i++)
		assert_vector(AF_INET6, 16, &ipv6[i]);
}

static void an_empty_key_hashes_everything_to_zero(void **state)
{
	static const u8 empty[TOEPLITZ_KEY_SIZE];
	u8 input[TOEPLITZ_INPUT_MAX];

	(void)state;
	rnd_fill(input, sizeof(input));
	assert_int_equal(toeplitz(empty, input, sizeof(input)), 0);
}

/* Each bit of the input takes its own 32 bits of the key, and no others. */
static void one_bit_of_input_yields_its_part_of_the_key(void **state)
{
	u32 bit, i, want;

	(void)state;
	for (bit = 0; bit < 8 * TOEPLITZ_INPUT_MAX; bit++) {
		u8 input[TOEPLITZ_INPUT_MAX] = { 0 };

		input[bit / 8] = 0x80 >> bit % 8;
		for (want = 0, i = bit; i < bit + 32; i++)
			want = want << 1 | (key[i / 8] >> (7 - i % 8) & 1);
		assert_int_equal(toeplitz(key, input, sizeof(input)), want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_is_hashed_as_published),
		cmocka_unit_test(ipv6_is_hashed_as_published),
		cmocka_unit_test(an_empty_key_hashes_everything_to_zero),
		cmocka_unit_test(one_bit_of_input_yields_its_part_of_the_key),
	};

	return cmocka_run_group_tests_name("toeplitz", tests, NULL, NULL);
}
