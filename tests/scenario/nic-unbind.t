#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The NIC is taken from its driver under a flood: all that waits in its queue is
# dropped, the credit comes back, and the flood goes on when the NIC is there again.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
device=$(readlink -f "/sys/class/net/$NIC/device")
driver=$(readlink -f "$device/driver")

nic_here()
{
	[ -e "/sys/class/net/$NIC" ]
}

unbind()
{
	echo "${device##*/}" >"$driver/unbind" && await 10 fails nic_here
}

bind()
{
	echo "${device##*/}" >"$driver/bind" && await 10 nic_here &&
		ip link set "$NIC" master xenbr0 && ip link set "$NIC" up
}

slow_nic 1mbit
for round in 1 2; do
	flood_start 1 200
	await 20 in_use "$VIF1" 100
	tap "round $round: the NIC goes with credit in its queue" unbind
	tap "round $round: the guest is not held up" rises 500 stat "$VIF1" q0_f2b_packets
	flood_end 1
	tap "round $round: credit" accounts_right "$VIF1"
	flood_start 1 200
	tap "round $round: the NIC comes back" bind
	slow_nic 1mbit
	tap "round $round: the flood goes on" rises 300 nic_count sent
	flood_end 1
	await 30 nic_drained
	tap "round $round: credit with the new NIC" accounts_right "$VIF1"
done
tap "guest works" answers 1
END
