#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets that a firewall rule in dom0 drops give their credit back: the guest then
# sends faster than the NIC, and without the rule no faster again.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'SCRIPT'
vif=$VIF1 size=600

# nft_packets: how many the rule has dropped.
nft_packets()
{
	nft list table bridge lab | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# rate NAME: packets a second, from what flood printed to /run/NAME.
rate()
{
	awk '{ print int($2 * 1000000 / $5) }' "/run/$1"
}

# What the ring holds and the NIC's bucket passes at once is not paced.
paced_usec()
{
	echo $((($1 - 256 - 32768 / size) * size * 8))
}

slow_nic 1mbit
flood 1 $size 600 >/run/paced
await 60 nic_drained
tap "all frames leave the NIC" number_is sent "$(nic_count sent)" '>=' 600
tap "the guest is paced by the NIC" \
	number_is "microseconds for 600 frames" "$(awk '{ print $5 }' /run/paced)" '>=' "$(paced_usec 600)"
tap "its credit comes back" accounts_right "$vif"

nft add table bridge lab
nft add chain bridge lab forward '{ type filter hook forward priority 0; }'
nft add rule bridge lab forward iifname "$vif" counter drop
before=$(nic_count sent)
count=$(fewer 4000)
flood 1 $size "$count" >/run/dropped
tap "the rule drops every frame" number_is "dropped by the rule" "$(nft_packets)" '>=' "$count"
tap "none leaves the NIC" number_is "by the NIC" $(($(nic_count sent) - before)) '<' 50
timed "the guest sends at least three times as fast" \
	number_is "packets a second" "$(rate dropped)" '>=' $((3 * $(rate paced)))
tap "credit of dropped packets comes back" accounts_right "$vif"

nft delete table bridge lab
before=$(nic_count sent)
flood 1 $size 600 >/run/again
await 60 nic_drained
tap "without the rule it is paced again" \
	number_is "microseconds for 600 frames" "$(awk '{ print $5 }' /run/again)" '>=' "$(paced_usec 600)"
tap "and again all frames leave the NIC" \
	number_is sent $(($(nic_count sent) - before)) '>=' 600
tap "the NIC's queue never overflowed" number_is dropped "$(nic_count dropped)" == 0
tap "all credit is free in the end" accounts_right "$vif"
SCRIPT
