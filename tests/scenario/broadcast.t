#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames to all stations: the bridge copies each to the NIC, to the other guest and
# to dom0. The slowest of them paces the guest.
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

measure 60 500kbit 4000
measure 1400 4mbit 2000
tap "guest 1 works" answers 1
tap "guest 2 works" answers 2
END
