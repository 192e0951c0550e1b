#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs of dom0 that read what a guest sends - tap, tun, macvtap, a queue of netfilter -
# get every packet of a flood while they read, and the guest its credit.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
{
	embed build/programs/reader
	cat tests/scenario/paths.sh - <<'SCRIPT'
# Less than fits into the queues of a tap and of the NIC: it is no promise that a reader is
# waited for that has no CPU for a while, and then it lets all go at once.
flood_frames=400
queue_limit=450

reader_end()
{
	tap "$1: the reader reads on" kill $reader
	wait $reader
	cat /run/complaint
}

reader_start tun tun9
ip link set tun9 up
ip route add 10.7.0.0/24 dev tun9
to=10.7.0.5
path tun has_read
reader_end tun

to=$nowhere_ip
nft add table ip queued
nft add chain ip queued forward '{ type filter hook forward priority 0; }'
reader_start nfqueue 5
nft add rule ip queued forward udp dport 9 queue num 5
path nfqueue
tap "nfqueue: the reader had them" at_least $((3 * flood_frames)) has_read
nft delete table ip queued
reader_end nfqueue

# a bridge with the vif, and with what else may be in it or on it
ip link add br7 type bridge forward_delay 0
ip link set br7 up
ip link set "$VIF1" master br7
to=10.0.0.77 by=02:00:00:00:00:77
reader_start tap tap9
ip link set tap9 up
ip link set tap9 master br7
bridge fdb replace $by dev tap9 master static
path tap has_read
reader_end tap

by=02:00:00:00:00:78
ip link add link br7 name own type macvtap mode bridge
ip link set own address $by up
reader_start macvtap "/dev/tap$(cat /sys/class/net/own/ifindex)"
path macvtap has_read
reader_end macvtap
ip link del own
ip link set "$VIF1" nomaster
ip link del br7
tap "guest works" answers 1
SCRIPT
} | in_lab --topology route --back-param check_ledger=1
