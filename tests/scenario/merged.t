#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP that dom0's receive path has merged (GRO) reaches a guest as it is: frames of some
# 40 kB, in skbs with lists of others, and not cut up again in front of the guest.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'SCRIPT'
# A station beyond a port of the bridge that merges what comes in. Its own frames leave
# it as they would a wire.
far()
{
	ip netns exec far "$@"
}
ip netns add far
ip link add port type veth peer name eth0 netns far
ethtool -K port gro on
far ethtool -K eth0 tso off gso off
far ip addr add 10.0.0.50/24 dev eth0
ip link set port master xenbr0 up
far ip link set eth0 up
await 20 far ping -q -c 1 -W 1 10.0.0.11

# bytes_a_frame MB: so many from the far station to guest 1, compared there; the
# guest's frames on the way have so many bytes each.
bytes_a_frame()
{
	local frames bytes text="seq 1000000 $((1000000 + $1 * 125000))"
	frames=$(stat "$VIF1" q0_b2f_packets) bytes=$(stat "$VIF1" q0_b2f_bytes)
	guest 1 "socat -u TCP4-LISTEN:5000,reuseaddr STDOUT | sha256sum" >/run/received &
	far bash -c "$text | socat -u STDIN TCP4:10.0.0.11:5000,retry=100,interval=0.1"
	wait $!
	[ "$(cat /run/received)" = "$(bash -c "$text" | sha256sum)" ] || echo "bytes are wrong"
	frames=$(($(stat "$VIF1" q0_b2f_packets) - frames))
	bytes=$(($(stat "$VIF1" q0_b2f_bytes) - bytes))
	echo "$frames frames of $((bytes / frames)) bytes"
	each=$((bytes / frames))
}

tap "every byte arrives" fails grep wrong <(bytes_a_frame 10)
bytes_a_frame 10
tap "in merged frames" number_is "bytes a frame" "$each" '>' 20000
merged=$each
ethtool -K "$VIF1" tx-scatter-gather-fraglist off
bytes_a_frame 10
tap "in more and smaller ones without lists" number_is "bytes a frame" "$each" '<' "$merged"
ethtool -K "$VIF1" tx-scatter-gather-fraglist on
tap "nothing is dropped" silent sed -n '/_b2f_drop_.*: [1-9]/p' <(ethtool -S "$VIF1")
ethtool -K "$VIF1" tso off
bytes_a_frame 2
tap "and cut up where the guest wants that" number_is "bytes a frame" "$each" '<' 1600
tap "accounts" accounts_right "$VIF1"
SCRIPT
