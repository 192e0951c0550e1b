#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which queue a frame comes by, as the guest says with ethtool -X, -N and -K: the
# backend's control ring, from end to end.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/{queues,rss}.sh - <<'SCRIPT'
key=$(printf '%02x:' {1..40})

queues_are()
{
	[ "$(guest 1 ethtool -l eth0 | awk '/^Combined:/ { n = $2 } END { print n }')" = "$1" ] &&
		guest_carrier 1
}

# channels N: and no further before they are.
channels()
{
	guest 1 ethtool -L eth0 combined "$1" && await 20 queues_are "$1"
}

# Nothing but that is to use the control ring.
guest_destroy 2
guest 1 'echo 0 >/sys/module/netfront/parameters/static_grants'
again
tap "off until somebody wants it" shown '^receive-hashing: off' ethtool -k eth0
tap "no message was sent" number_is messages "$(front_stat ctrl_messages)" == 0
tap "frames go to both queues, as dom0 likes" both_rise b2f_packets connects front_stat
tap "without a hash" not_hashed
tap "ethtool -x: a table for two queues" shown 'for eth0 with 2 RX ring' ethtool -x eth0
steered
tap "ethtool -T: time stamps of what is sent, in the guest" shown software-transmit ethtool -T eth0
tap "and in dom0" grep -q software-transmit <(ethtool -T "$VIF1")
tap "it is on now" shown '^receive-hashing: on' ethtool -k eth0
tap "a key" guest 1 ethtool -X eth0 hkey "${key%:}"
tap "is shown" shown "^${key%:}\$" ethtool -x eth0
tap "both queues get some still" both_rise b2f_packets connects front_stat
tap "ethtool -n: TCP by addresses and ports" shown 'L4 bytes 2 & 3' ethtool -n eth0 rx-flow-hash tcp4
tap "ethtool -N: TCP by addresses" guest 1 ethtool -N eth0 rx-flow-hash tcp4 sd
tap "is shown" fails shown L4 ethtool -n eth0 rx-flow-hash tcp4
tap "one queue gets all of two stations'" all_to_one connects
tap "ports again" guest 1 ethtool -N eth0 rx-flow-hash tcp4 sdfn
tap "both get some" both_rise b2f_packets connects front_stat
tap "UDP by addresses" shown 'IP DA' ethtool -n eth0 rx-flow-hash udp4
tap "one queue gets all of it" all_to_one datagrams 30 10.0.0.11
tap "by ports: refused" grep -q 'Invalid argument' \
	<(guest 1 ethtool -N eth0 rx-flow-hash udp4 sdfn 2>&1)
tap "a queue that is not there: refused" fails guest 1 ethtool -X eth0 start 2 equal 1
tap "to queue 1" guest 1 ethtool -X eth0 start 1 equal 1
tap "ethtool -L leaves a table its queues" fails guest 1 ethtool -L eth0 combined 1
tap "another connection" guest 1 ethtool -G eth0 rx 128
tap "it is there soon" await 20 queues_are 2
tap "the settings have come along" await 20 all_to 1 connects
tap "ethtool -X default" guest 1 ethtool -X eth0 default
tap "one queue" channels 1
tap "which gets all" hashed
tap "two" channels 2
tap "both get some" await 20 both_rise b2f_packets connects front_stat
tap "ethtool -K rxhash off" guest 1 ethtool -K eth0 rxhash off
tap "no hash comes" not_hashed
tap "frames go to both, as dom0 likes" both_rise b2f_packets connects front_stat
tap "and on" guest 1 ethtool -K eth0 rxhash on
tap "it comes" hashed
tap "dom0 has had messages" at_least 20 stat "$VIF1" ctrl_messages
tap "and refused none" number_is refused "$(stat "$VIF1" ctrl_refused)" == 0
tap "accounts" accounts_right "$VIF1"
SCRIPT
} | in_lab --topology bridge --guests 2 --queues 2 --back-param check_ledger=1
