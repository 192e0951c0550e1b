// SPDX-License-Identifier: GPL-2.0
#include <xennet/features.h>
#include "unit.h"

static void keys_are_those_of_the_headers_and_one_of_ours(void **state)
{
	static const struct {
		u32 bit;
		const char *key;
	} want[] = {
		{ XENNET_F_SG, "feature-sg" },
		{ XENNET_F_GSO_TCPV4, "feature-gso-tcpv4" },
		{ XENNET_F_GSO_TCPV6, "feature-gso-tcpv6" },
		{ XENNET_F_IPV6_CSUM, "feature-ipv6-csum-offload" },
		{ XENNET_F_NO_CSUM, "feature-no-csum-offload" },
		{ XENNET_F_RX_NOTIFY, "feature-rx-notify" },
		{ XENNET_F_RX_COPY, "feature-rx-copy" },
		{ XENNET_F_REQUEST_COPY, "request-rx-copy" },
		{ XENNET_F_SPLIT, "feature-split-event-channels" },
		{ XENNET_F_MCAST, "feature-multicast-control" },
		{ XENNET_F_DYNAMIC_MCAST, "feature-dynamic-multicast-control" },
		{ XENNET_F_REQUEST_MCAST, "request-multicast-control" },
		{ XENNET_F_CTRL_RING, "feature-ctrl-ring" },
		{ XENNET_F_XDP_HEADROOM, "feature-xdp-headroom" },
		{ XENNET_F_VLAN, "feature-vlan-offload" },
	};
	size_t i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(want), XENNET_FEATURE_COUNT);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(want[i].bit, 1u << i);
		assert_string_equal(xennet_feature_key(i), want[i].key);
	}
}

static void a_feature_out_of_range_has_no_key(void **state)
{
	(void)state;
	assert_null(xennet_feature_key(XENNET_FEATURE_COUNT));
	assert_null(xennet_feature_key(U32_MAX));
}

static void our_own_two_ends_agree_on_all_they_show(void **state)
{
	(void)state;
	assert_int_equal(xennet_agree(XENNET_F_BACK), XENNET_F_BACK);
	assert_int_equal(xennet_agree(XENNET_F_FRONT), XENNET_F_FRONT);
}

static void a_peer_without_scatter_gather_gets_no_gso(void **state)
{
	u32 got = xennet_agree(XENNET_F_GSO_TCPV4 | XENNET_F_GSO_TCPV6 |
			       XENNET_F_IPV6_CSUM);

	(void)state;
	assert_int_equal(got, XENNET_F_IPV6_CSUM);
}

static void gso_over_ipv6_needs_the_checksum_of_ipv6(void **state)
{
	u32 got = xennet_agree(XENNET_F_SG | XENNET_F_GSO_TCPV4 |
			       XENNET_F_GSO_TCPV6);

	(void)state;
	assert_int_equal(got, XENNET_F_SG | XENNET_F_GSO_TCPV4);
}

static void a_peer_that_wants_whole_checksums_gets_no_offload(void **state)
{
	u32 got = xennet_agree(XENNET_F_BACK | XENNET_F_NO_CSUM);

	(void)state;
	assert_int_equal(got, XENNET_F_SG | XENNET_F_RX_COPY | XENNET_F_NO_CSUM);
}

/* Every subset: only takes away, is settled after once, contradicts nothing. */
static void agreement_holds_for_every_set_of_features(void **state)
{
	const u32 gso = XENNET_F_GSO_TCPV4 | XENNET_F_GSO_TCPV6;
	const u32 csum = gso | XENNET_F_VLAN;
	u32 set, got;

	(void)state;
	for (set = 0; set < 1u << XENNET_FEATURE_COUNT; set++) {
		got = xennet_agree(set);
		assert_int_equal(got & ~set, 0);
		assert_int_equal(xennet_agree(got), got);
		if (got & gso)
			assert_true(got & XENNET_F_SG);
		if (got & XENNET_F_GSO_TCPV6)
			assert_true(got & XENNET_F_IPV6_CSUM);
		if (set & XENNET_F_NO_CSUM)
			assert_false(got & (csum | XENNET_F_IPV6_CSUM));
		else
			assert_int_equal((set ^ got) & XENNET_F_VLAN, 0);
		assert_int_equal((set ^ got) & ~(csum | XENNET_F_IPV6_CSUM), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_those_of_the_headers_and_one_of_ours),
		cmocka_unit_test(a_feature_out_of_range_has_no_key),
		cmocka_unit_test(our_own_two_ends_agree_on_all_they_show),
		cmocka_unit_test(a_peer_without_scatter_gather_gets_no_gso),
		cmocka_unit_test(gso_over_ipv6_needs_the_checksum_of_ipv6),
		cmocka_unit_test(a_peer_that_wants_whole_checksums_gets_no_offload),
		cmocka_unit_test(agreement_holds_for_every_set_of_features),
	};

	return cmocka_run_group_tests_name("features", tests, NULL, NULL);
}
