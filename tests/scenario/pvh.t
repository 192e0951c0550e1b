#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A PVH guest: ping, TCP both ways, and a flood that the NIC paces without loss.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guest-type pvh --back-param check_ledger=1 <<'SCRIPT'
vif=$VIF1 frames=$(fewer 1500)
tap "the guest is PVH" guest 1 'grep -x PVH /sys/hypervisor/guest_type'
tap "dom0 pings the guest" ping -q -c 3 -i 0.2 10.0.0.11
tap "the guest pings dom0, in fragments" guest 1 ping -q -c 1 -W 20 -s 8000 10.0.0.1

iperf3 -s -D
tap "TCP from the guest" guest 1 iperf3 -c 10.0.0.1 -t 1
tap "TCP to the guest" guest 1 iperf3 -c 10.0.0.1 -t 1 -R

slow_nic 1mbit 300
nic_watch_start
sent=$(patient_flood 1 128 $frames | awk '{ print $2 }')
await 120 nic_drained
nic_watch_stop
tap "flood: all frames sent" number_is sent "$sent" == $frames
tap "flood: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' $frames
tap "flood: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
tap "flood: the NIC paces it" number_is "microseconds at the NIC" "$nic_usec" '>=' \
	$(((frames - 256 - 32768 / 128) * 128 * 8))
tap "accounts" accounts_right "$vif"
SCRIPT
