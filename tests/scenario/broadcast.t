#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames to all stations: the bridge copies each to the NIC, to the other guest and
# to dom0. The slowest of them paces the guest. And frames to groups: those a guest does
# not list are kept from it once it asks for that.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --back-param check_ledger=1 <<'END'
measure()
{
	local size=$1 rate=$2 count=$3 name="$1 bytes at $2/s" received sent
	slow_nic "$rate"
	received=$(stat "$VIF2" q0_b2f_packets)
	sent=$(patient_flood 1 "$size" "$count" $nowhere_ip ff:ff:ff:ff:ff:ff | awk '{ print $2 }')
	await 60 nic_drained
	received=$(($(stat "$VIF2" q0_b2f_packets) - received))
	tap "$name: all frames sent" number_is sent "$sent" == "$count"
	tap "$name: the NIC paces the guest" at_least 64 stat "$VIF1" q0_f2b_held_high
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$sent"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: all frames reach the other guest" number_is received "$received" '>=' "$sent"
	tap "$name: credit" accounts_right "$VIF1"
	tap "$name: the other guest's credit" accounts_right "$VIF2"
}

# in_guest: frames that guest 1 has received.
in_guest()
{
	guest 1 cat /sys/class/net/eth0/statistics/rx_packets
}

# groups_add COMMAND...: the number that COMMAND prints rises by 20, with as many frames
# to a group nobody has listed.
groups_add()
{
	local before
	before=$("$@")
	datagrams 20 239.1.2.3
	number_is "$*" "$("$@")" '>=' $((before + 20))
}

groups_are_kept_back()
{
	local before
	before=$(in_guest)
	groups_add stat "$VIF1" q0_b2f_filtered &&
		number_is "in the guest" "$(in_guest)" '<' $((before + 20))
}

measure 60 500kbit 4000
measure 1400 4mbit 2000
fast_nic
key=/local/domain/$(xl domid guest1)/device/vif/0/request-multicast-control
ip route add 239.0.0.0/8 dev xenbr0
tap "groups reach a guest that asks for nothing" groups_add in_guest
xenstore-write "$key" 1
tap "one that asks for the filter gets none it has not listed" await 20 groups_are_kept_back
ip neigh flush dev xenbr0
tap "but broadcasts" answers 1
tap "guest 2 has not asked, and gets them" groups_add stat "$VIF2" q0_b2f_packets
xenstore-write "$key" 0
tap "groups reach guest 1 again when it asks no more" await 20 groups_add in_guest
tap "guest 1 works" answers 1
tap "guest 2 works" answers 2
END
