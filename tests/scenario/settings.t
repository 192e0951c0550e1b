#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the toolstack and the user have set on a guest's interface, through a reconnect: what
# the user has not touched follows the toolstack, what the user has set stays. And what came
# while the interface was down is not delivered when it comes up.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/queues.sh
	cat <<'SCRIPT'
# reconnected_with KEY VALUE: the toolstack writes a key of guest 1's interface, which reconnects.
reconnected_with()
{
	[ -z "$1" ] || xenstore-write "$front/$1" "$2"
	local slots=$((384 - $(slots)))
	guest 1 ethtool -G eth0 rx $slots
	await 20 has_slots $slots && await 20 guest_carrier 1 && await 20 ping -q -c 1 10.0.0.11
}

slots()
{
	guest 1 ethtool -g eth0 | awk '/Current/ { now = 1 } now && /^RX:/ { print $2 }'
}

has_slots()
{
	[ "$(slots)" = "$1" ]
}

# eth0 FILE VALUE
eth0()
{
	guest 1 cat "/sys/class/net/eth0/$1" | tee /dev/stderr | grep -qxi "$2"
}

# ten_datagrams WORD: ten of them to guest 1.
ten_datagrams()
{
	local n
	for n in {1..10}; do
		echo "$1 $n" >/dev/udp/10.0.0.11/9
	done
}

# received PATTERN
received()
{
	guest 1 grep -c "$1" /run/datagrams
}

# taken: slots that guest 1 has taken from its backend, of all queues.
taken()
{
	guest 1 ethtool -S eth0 | awk '/_b2f_slots:/ { n += $2 } END { print n }'
}

tap "the toolstack's MTU is followed" reconnected_with mtu 1400
tap "it is 1400" eth0 mtu 1400
guest 1 ip link set eth0 mtu 1300
tap "the user's MTU, and another one of the toolstack's" reconnected_with mtu 1450
tap "it is the user's" eth0 mtu 1300
xenstore-rm "$front/mtu"

tap "the toolstack's address is followed" reconnected_with mac 00:16:3e:00:00:77
tap "it is ..:77" eth0 address 00:16:3e:00:00:77
guest 1 ip link set eth0 address 00:16:3e:00:00:88
ip neigh replace 10.0.0.11 lladdr 00:16:3e:00:00:88 dev xenbr0 nud permanent
tap "the user's address, and another one of the toolstack's" \
	reconnected_with mac 00:16:3e:00:00:99
tap "it is the user's" eth0 address 00:16:3e:00:00:88

tap "each queue is one CPU's" eth0 queues/tx-0/xps_cpus 1
guest 1 'echo 3 >/sys/class/net/eth0/queues/tx-0/xps_cpus'
tap "a reconnect" reconnected_with ''
tap "the user's CPUs stay" eth0 queues/tx-0/xps_cpus 3

tap "a key of a frontend with XDP" reconnected_with xdp-headroom 256
tap "it is gone" fails xenstore-exists "$front/xdp-headroom"

guest 1 'timeout 600 socat -u UDP4-RECV:9 OPEN:/run/datagrams,creat,trunc' &
receiver=$!
tap "datagrams arrive" await 20 eval 'ten_datagrams up; received up'
guest 1 ip link set eth0 down
before=$(taken)
ten_datagrams old
tap "guest 1 takes them all the same" await 10 at_least $((before + 10)) taken
guest 1 ip link set eth0 up
tap "up again, they arrive again" await 20 eval 'ten_datagrams new; received new'
tap "none that came while it was down" fails received old
guest 1 pkill socat
wait $receiver
tap "credit" accounts_right "$VIF1"
SCRIPT
} | in_lab --topology bridge --queues 2 --back-param check_ledger=1
