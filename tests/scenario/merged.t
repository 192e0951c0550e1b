#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP that dom0's receive path has merged (GRO) reaches a guest as it is: frames of some
# 40 kB, in skbs with lists of others, and not cut up again in front of the guest. So does
# what a guest has merged, and routes, reach dom0.
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

# bytes_a_frame RING FROM TO ADDRESS MB: so many from a shell of FROM's to one of TO's at
# ADDRESS, compared there. Sets each to how many bytes the frames on guest 1's ring have.
bytes_a_frame()
{
	local frames bytes ring="q0_$1" text="seq 1000000 $((1000000 + $5 * 125000))"
	frames=$(stat "$VIF1" "${ring}_packets") bytes=$(stat "$VIF1" "${ring}_bytes")
	$3 "socat -u TCP4-LISTEN:5000,reuseaddr STDOUT | sha256sum" >/run/received &
	$2 "$text | socat -u STDIN TCP4:$4:5000,retry=100,interval=0.1"
	wait $!
	[ "$(cat /run/received)" = "$(eval "$text" | sha256sum)" ] || echo "bytes are wrong"
	frames=$(($(stat "$VIF1" "${ring}_packets") - frames))
	each=$((($(stat "$VIF1" "${ring}_bytes") - bytes) / frames))
	echo "$frames frames of $each bytes"
}

# to_guest MB, from_guest MB: from the station beyond that end to the other end.
to_guest()
{
	bytes_a_frame b2f "far bash -c" "guest 1" 10.0.0.11 "$1"
}

from_guest()
{
	bytes_a_frame f2b "guest 1 ip netns exec far bash -c" "bash -c" 10.0.0.1 "$1"
}

to_guest 10 >/run/out
cat /run/out
tap "every byte arrives" fails grep wrong /run/out
tap "in merged frames" number_is "bytes a frame" "$each" '>' 20000
merged=$each
ethtool -K "$VIF1" tx-scatter-gather-fraglist off
to_guest 10
tap "in more and smaller ones without lists" number_is "bytes a frame" "$each" '<' "$merged"
ethtool -K "$VIF1" tx-scatter-gather-fraglist on
tap "nothing is dropped" silent sed -n '/_b2f_drop_.*: [1-9]/p' <(ethtool -S "$VIF1")
ethtool -K "$VIF1" tso off
to_guest 2
tap "and cut up where the guest wants that" number_is "bytes a frame" "$each" '<' 1600
ethtool -K "$VIF1" tso on

# The other way: a station beyond guest 1, which routes what it has merged.
ip netns del far
guest 1 "ip netns add far
	ip link add port type veth peer name eth0 netns far
	ethtool -K port gro on
	ip netns exec far ethtool -K eth0 tso off gso off
	ip -n far addr add 10.8.0.2/24 dev eth0; ip -n far link set eth0 up
	ip addr add 10.8.0.1/24 dev port; ip link set port up
	ip -n far route add default via 10.8.0.1
	sysctl -qw net.ipv4.ip_forward=1"
ip route add 10.8.0.0/24 via 10.0.0.11
await 20 ping -q -c 1 -W 1 10.8.0.2

for grants in on off; do
	guest 1 ethtool --set-priv-flags eth0 static-grants $grants
	from_guest 10 >/run/out
	cat /run/out
	tap "from the guest, static grants $grants: every byte arrives" fails grep wrong /run/out
	tap "from the guest, static grants $grants: in merged frames" \
		number_is "bytes a frame" "$each" '>' 20000
	tap "from the guest, static grants $grants: nothing is dropped" \
		silent sed -n '/_drop_.*: [1-9]/p' <(guest 1 ethtool -S eth0)
done
tap "accounts" accounts_right "$VIF1"
SCRIPT
