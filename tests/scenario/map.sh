# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Slots of 512 bytes and more are mapped (map_min), in frames too long for a head:
# floods as in zero-loss.sh, up to jumbo frames, and at rest every mapping is gone.

guest 1 ethtool --set-priv-flags eth0 static-grants off

something_mapped()
{
	[ "$(stat "$1" q0_f2b_maps)" -gt "$(stat "$1" q0_f2b_unmaps)" ]
}

# map_flood SIZE MBIT COUNT
map_flood()
{
	local name="$topology, $1 bytes at $2 Mbit/s" count sent
	count=$(fewer "$3")
	slow_nic "$2mbit"
	sent=$(patient_flood 1 "$1" "$count" | awk '{ print $2 }')
	await 60 nic_drained
	tap "$name: all frames sent" number_is sent "$sent" == "$count"
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$count"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: accounts" accounts_right "$VIF1"
}

nic_has_link()
{
	grep -qx 1 "/sys/class/net/$NIC/carrier"
}

# A bridge follows its ports. The NIC starts over with its new MTU.
for dev in "$NIC" "$VIF1"; do ip link set "$dev" mtu 9000; done
guest 1 ip link set eth0 mtu 9000
await 20 nic_has_link
map_flood 600 8 5000
map_flood 1400 8 3000
tap "$topology: short frames were not mapped" \
	number_is maps "$(stat "$VIF1" q0_f2b_maps)" == 0
map_flood 4000 20 2000
map_flood 8900 20 2000
tap "$topology: jumbo frames were mapped" nothing_mapped "$VIF1"
fast_nic
