#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The NIC's link and the vif's own go down and up under a flood: what waits in the
# queues is dropped and its credit comes back, and the flood goes on.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
nic_down_and_up()
{
	ip link set "$NIC" down
	tap "$1: NIC down: the guest is not held up" rises 500 stat "$VIF1" q0_f2b_packets
	tap "$1: NIC down: ledger" ledger_right "$VIF1"
	ip link set "$NIC" up
	tap "$1: NIC up: it sends again" rises 300 nic_count sent
	tap "$1: NIC up: ledger" ledger_right "$VIF1"
}

vif_down_and_up()
{
	ip link set "$VIF1" down
	tap "$1: vif down: credit comes back, nothing is taken" await 10 no_hold
	tap "$1: vif down: the guest has no carrier" await 10 guest_carrier 0
	ip link set "$VIF1" up
	tap "$1: vif up: the guest has carrier" await 10 guest_carrier 1
	tap "$1: vif up: the flood goes on" rises 300 nic_count sent
	tap "$1: vif up: ledger" ledger_right "$VIF1"
}

no_hold()
{
	number_is held "$(stat "$VIF1" q0_f2b_held)" == 0
}

slow_nic 2mbit
flood_start 1 200
for round in 1 2; do
	nic_down_and_up "round $round"
	vif_down_and_up "round $round"
done
flood_end 1
tap "credit" accounts_right "$VIF1"
tap "guest works" answers 1
END
