#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# hold_credit=0, the classic behaviour: the flood that loses nothing while credit is
# held loses most of its frames in dom0. Switched while the guest is connected.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'SCRIPT'
vif=$VIF1 frames=2500

# measure Y|N: flood with hold_credit as given; sets how many dom0 dropped. The NIC's
# queue is little more than a ring, and the NIC slower than any guest.
measure()
{
	echo "$1" >/sys/module/netback/parameters/hold_credit
	slow_nic 100kbit
	tc qdisc change dev "$NIC" parent 1:1 handle 10: pfifo limit 300
	sent=$(patient_flood 1 60 $frames | awk '{ print $2 }')
	await 120 nic_drained
	dropped=$(nic_count dropped)
}

measure Y
tap "held: all frames sent" number_is sent "$sent" == $frames
tap "held: nothing dropped" number_is dropped "$dropped" == 0
tap "held: credit" accounts_right "$vif"
holds=$(stat "$vif" q0_f2b_holds)

measure N
tap "classic: all frames sent" number_is sent "$sent" == $frames
tap "classic: dom0 drops most" number_is dropped "$dropped" '>' $((frames / 2))
tap "classic: no packet held" number_is holds "$(stat "$vif" q0_f2b_holds)" == "$holds"
tap "classic: answered at once" \
	number_is "packets" "$(stat "$vif" q0_f2b_answered_at_once)" '>=' $frames
tap "classic: credit" accounts_right "$vif"

frames=1500
measure Y
tap "held again: all frames sent" number_is sent "$sent" == $frames
tap "held again: nothing dropped" number_is dropped "$dropped" == 0
tap "held again: credit" accounts_right "$vif"
SCRIPT
