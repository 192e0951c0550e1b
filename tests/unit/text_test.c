// SPDX-License-Identifier: GPL-2.0
#include <xennet/text.h>
#include "unit.h"

#define U64_TOP		UINT64_MAX

static int number(const char *s, u64 max, u64 *val)
{
	return text_u64(&s, max, val);
}

static void a_number_ends_where_its_digits_end(void **state)
{
	const char *s = "1500,rest";
	u64 val;

	(void)state;
	assert_int_equal(text_u64(&s, U64_TOP, &val), 0);
	assert_int_equal(val, 1500);
	assert_string_equal(s, ",rest");
}

static void zero_and_leading_zeros_are_numbers(void **state)
{
	u64 val;

	(void)state;
	assert_int_equal(number("0", U64_TOP, &val), 0);
	assert_int_equal(val, 0);
	assert_int_equal(number("0007", 7, &val), 0);
	assert_int_equal(val, 7);
}

static void signs_spaces_and_words_are_no_numbers(void **state)
{
	static const char * const bad[] = { "", "-1", "+1", " 1", "x", "\n" };
	u64 val = 99;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *s = bad[i];

		assert_int_equal(text_u64(&s, U64_TOP, &val), -EINVAL);
		assert_ptr_equal(s, bad[i]);
	}
	assert_int_equal(val, 99);
}

static void the_largest_number_passes_and_one_more_does_not(void **state)
{
	u64 val = 99;

	(void)state;
	assert_int_equal(number("4294967295", U32_MAX, &val), 0);
	assert_int_equal(val, U32_MAX);
	val = 99;
	assert_int_equal(number("4294967296", U32_MAX, &val), -ERANGE);
	assert_int_equal(number("18446744073709551616", U64_TOP, &val), -ERANGE);
	assert_int_equal(number("99999999999999999999999", U64_TOP, &val), -ERANGE);
	assert_int_equal(val, 99);
	assert_int_equal(number("18446744073709551615", U64_TOP, &val), 0);
	assert_true(val == U64_TOP);
}

static void small_limits_hold_at_each_digit(void **state)
{
	u64 max, v, val;
	char s[8];

	(void)state;
	for (max = 0; max < 130; max++)
		for (v = 0; v < 150; v++) {
			snprintf(s, sizeof(s), "%u", (unsigned int)v);
			assert_int_equal(number(s, max, &val),
					 v <= max ? 0 : -ERANGE);
			if (v <= max)
				assert_int_equal(val, v);
		}
}

static void a_mac_address_is_read_in_either_case(void **state)
{
	static const u8 want[6] = { 0x00, 0x16, 0x3e, 0xab, 0xcd, 0xef };
	u8 mac[6];

	(void)state;
	assert_int_equal(text_mac("00:16:3e:ab:cd:ef", mac), 0);
	assert_memory_equal(mac, want, 6);
	memset(mac, 0, 6);
	assert_int_equal(text_mac("00:16:3E:AB:CD:EF", mac), 0);
	assert_memory_equal(mac, want, 6);
}

static void every_digit_counts_in_a_mac_address(void **state)
{
	static const u8 want[6] = { 0x12, 0x34, 0x56, 0x78, 0x90, 0x9f };
	u8 mac[6];

	(void)state;
	assert_int_equal(text_mac("12:34:56:78:90:9F", mac), 0);
	assert_memory_equal(mac, want, 6);
}

static void a_group_of_a_mac_address_may_have_one_digit(void **state)
{
	static const u8 want[6] = { 0, 1, 2, 3, 4, 0xf };
	u8 mac[6];

	(void)state;
	assert_int_equal(text_mac("0:1:2:3:4:f", mac), 0);
	assert_memory_equal(mac, want, 6);
}

static void malformed_mac_addresses_are_refused_and_touch_nothing(void **state)
{
	static const char * const bad[] = {
		"", "00", "00:16:3e:00:00", "00:16:3e:00:00:",
		"00:16:3e:00:00:01:02", "00:16:3e:00:00:01 ",
		" 00:16:3e:00:00:01", "00-16-3e-00-00-01",
		"000:16:3e:00:00:01", "00:16:3g:00:00:01",
		"00:16::00:00:01", "00163e000001", "00:16:3e:00:00:0x1",
		"00:16:3e:00:00:@1",
	};
	u8 mac[6] = { 1, 2, 3, 4, 5, 6 };
	static const u8 same[6] = { 1, 2, 3, 4, 5, 6 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(text_mac(bad[i], mac), -EINVAL);
	assert_memory_equal(mac, same, 6);
}

static void multicast_and_zero_are_no_addresses_of_an_interface(void **state)
{
	u8 mac[6];

	(void)state;
	assert_int_equal(text_mac("01:16:3e:00:00:01", mac), -EINVAL);
	assert_int_equal(text_mac("ff:ff:ff:ff:ff:ff", mac), -EINVAL);
	assert_int_equal(text_mac("00:00:00:00:00:00", mac), -EINVAL);
	assert_int_equal(text_mac("fe:ff:ff:ff:ff:ff", mac), 0);
}

static void a_rate_is_two_numbers_and_a_comma(void **state)
{
	u32 bytes, usec;

	(void)state;
	assert_int_equal(text_rate("6250,50000", &bytes, &usec), 0);
	assert_int_equal(bytes, 6250);
	assert_int_equal(usec, 50000);
	assert_int_equal(text_rate("4294967295,4294967295", &bytes, &usec), 0);
	assert_int_equal(bytes, U32_MAX);
	assert_int_equal(usec, U32_MAX);
	assert_int_equal(text_rate("0,0", &bytes, &usec), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(usec, 0);
}

static void malformed_rates_are_refused_and_touch_nothing(void **state)
{
	static const char * const bad[] = {
		"", ",", "1", "1,", ",1", "1,2,", "1,2 ", "1, 2", "a,b",
		"1;2", "-1,2", "1,-2", "1,2,3",
	};
	u32 bytes = 7, usec = 8;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(text_rate(bad[i], &bytes, &usec), -EINVAL);
	assert_int_equal(text_rate("4294967296,1", &bytes, &usec), -ERANGE);
	assert_int_equal(text_rate("1,4294967296", &bytes, &usec), -ERANGE);
	assert_int_equal(bytes, 7);
	assert_int_equal(usec, 8);
}

/* The sanitizers watch for reads past the end. */
static void random_texts_are_read_within_their_ends(void **state)
{
	static const char letters[] = "0123456789abcdefABCDEF::::,,,- xg";
	u32 bytes, usec, i, round;
	u8 mac[6];

	(void)state;
	for (round = 0; round < 100000; round++) {
		u32 len = rnd_below(20);
		char *s = malloc(len + 1);

		for (i = 0; i < len; i++)
			s[i] = letters[rnd_below(sizeof(letters) - 1)];
		s[len] = '\0';
		if (!text_mac(s, mac))
			assert_true(len >= 11 && len <= 17 && !(mac[0] & 1));
		if (!text_rate(s, &bytes, &usec))
			assert_non_null(strchr(s, ','));
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_ends_where_its_digits_end),
		cmocka_unit_test(zero_and_leading_zeros_are_numbers),
		cmocka_unit_test(signs_spaces_and_words_are_no_numbers),
		cmocka_unit_test(the_largest_number_passes_and_one_more_does_not),
		cmocka_unit_test(small_limits_hold_at_each_digit),
		cmocka_unit_test(a_mac_address_is_read_in_either_case),
		cmocka_unit_test(every_digit_counts_in_a_mac_address),
		cmocka_unit_test(a_group_of_a_mac_address_may_have_one_digit),
		cmocka_unit_test(malformed_mac_addresses_are_refused_and_touch_nothing),
		cmocka_unit_test(multicast_and_zero_are_no_addresses_of_an_interface),
		cmocka_unit_test(a_rate_is_two_numbers_and_a_comma),
		cmocka_unit_test(malformed_rates_are_refused_and_touch_nothing),
		cmocka_unit_test(random_texts_are_read_within_their_ends),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
