#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Sockets of dom0 whose reader does not read keep no credit: what they hold is theirs,
# and the guest's other traffic goes on.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
local_mac=$(cat /sys/class/net/xenbr0/address)

# deaf ADDRESS...: a reader of a socat address that stops reading, in $reader.
deaf()
{
	socat -u "$@" - >/dev/null 2>&1 &
	reader=$!
	sleep 1
	kill -STOP $reader
}

deaf_end()
{
	kill -KILL $reader
	wait $reader 2>/dev/null
}

udp_drops()
{
	ss -Hlunm "sport = :$1" | sed 's/.*,d\([0-9]*\).*/\1/'
}

# What the guest does besides while the socket is full.
other_traffic()
{
	tap "$1: credit comes back" accounts_right "$VIF1"
	tap "$1: guest answers" answers 1
	tap "$1: another flow" guest 1 "iperf3 -c 10.0.0.1 -n 5M --connect-timeout 5000"
	slow_nic 4mbit
	flood 1 400 "$(fewer 1000)" >/dev/null
	await 30 nic_drained
	tap "$1: credit of a flood comes back" accounts_right "$VIF1"
}

iperf3 -s -D

deaf UDP-RECV:9999
count=$(fewer 2000)
sent=$(flood 1 400 "$count" dst=10.0.0.1 dst_mac="$local_mac" udp_dst_min=9999 udp_dst_max=9999 |
	awk '{ print $2 }')
tap "UDP: all frames sent" number_is sent "$sent" == "$count"
tap "UDP: the socket is full" number_is "dropped by the socket" "$(udp_drops 9999)" '>' 0
other_traffic UDP
tap "UDP: flood ended at the socket" number_is "holds ended by delivery" \
	"$(stat "$VIF1" q0_f2b_end_local)" '>=' "$count"
deaf_end

deaf TCP-LISTEN:9998
guest 1 "cat /dev/zero | socat -u - TCP:10.0.0.1:9998" >/dev/null 2>&1 &
sender=$!
tap "TCP: the window is closed" await 20 guest 1 \
	"ss -Htnoi dport = :9998 | grep -E 'timer:\(persist|rwnd_limited'"
other_traffic TCP
deaf_end
wait $sender

deaf "INTERFACE:$VIF1"
raw_on_vif=$reader
deaf "INTERFACE:$NIC"
slow_nic 4mbit
count=$(fewer 1500)
sent=$(flood 1 1400 "$count" | awk '{ print $2 }')
await 60 nic_drained
tap "packet socket: all frames sent" number_is sent "$sent" == "$count"
other_traffic "packet socket"
deaf_end
reader=$raw_on_vif
deaf_end
tap "guest works" answers 1
END
