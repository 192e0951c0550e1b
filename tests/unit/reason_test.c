// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>

#include <xennet/reason.h>
#include "unit.h"

/* ethtool cuts a name at 31 characters, and "drop_" goes before. */
static void every_name_is_short_unique_and_fit_for_ethtool(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < XENNET_REASONS; i++) {
		const char *c, *name = xennet_reason_name(i);

		assert_in_range(strlen(name), 2, 31 - strlen("drop_"));
		for (c = name; *c; c++)
			assert_true(islower(*c) || *c == '_');
		for (j = 0; j < i; j++)
			assert_string_not_equal(name, xennet_reason_name(j));
	}
}

static void every_reason_has_a_text_of_its_own(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < XENNET_REASONS; i++) {
		assert_true(strlen(xennet_reason_text(i)) > 4);
		for (j = 0; j < i; j++)
			assert_string_not_equal(xennet_reason_text(i),
						xennet_reason_text(j));
	}
}

static void broken_protocol_is_fatal_and_a_bad_packet_is_not(void **state)
{
#define X(sym, name, text) assert_false(xennet_reason_fatal(XENNET_##sym));
	XENNET_DROPS(X)
#undef X
#define X(sym, name, text) assert_true(xennet_reason_fatal(XENNET_##sym));
	XENNET_FATALS(X)
#undef X
	(void)state;
}

static void no_error_is_zero(void **state)
{
	(void)state;
	assert_int_equal(XENNET_OK, 0);
	assert_string_equal(xennet_reason_name(XENNET_OK), "ok");
}

static void a_reason_out_of_range_is_called_unknown(void **state)
{
	(void)state;
	assert_string_equal(xennet_reason_name(XENNET_REASONS), "unknown");
	assert_string_equal(xennet_reason_text(XENNET_REASONS), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_is_short_unique_and_fit_for_ethtool),
		cmocka_unit_test(every_reason_has_a_text_of_its_own),
		cmocka_unit_test(broken_protocol_is_fatal_and_a_bad_packet_is_not),
		cmocka_unit_test(no_error_is_zero),
		cmocka_unit_test(a_reason_out_of_range_is_called_unknown),
	};

	return cmocka_run_group_tests_name("reason", tests, NULL, NULL);
}
