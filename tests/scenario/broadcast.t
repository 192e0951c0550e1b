#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames to all stations: the bridge copies each to the NIC, to the other guest and
# to dom0. The slowest of them paces the guest. And frames to groups: those a guest has
# not joined are kept from it.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --back-param check_ledger=1 <<'END'
measure()
{
	local size=$1 rate=$2 count name="$1 bytes at $2/s" received sent
	count=$(fewer "$3")
	slow_nic "$rate" 300
	received=$(stat "$VIF2" q0_b2f_packets)
	sent=$(patient_flood 1 "$size" "$count" $nowhere_ip ff:ff:ff:ff:ff:ff | awk '{ print $2 }')
	await 60 nic_drained
	received=$(($(stat "$VIF2" q0_b2f_packets) - received))
	tap "$name: all frames sent" number_is sent "$sent" == "$count"
	tap "$name: the NIC paces the guest" at_least 20 stat "$VIF1" q0_f2b_full
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$sent"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: all frames reach the other guest" number_is received "$received" '>=' "$sent"
	tap "$name: credit" accounts_right "$VIF1"
	tap "$name: the other guest's credit" accounts_right "$VIF2"
}

# in_guest: frames that guest 1 has received.
in_guest()
{
	guest 1 cat /sys/class/net/eth0/statistics/rx_packets
}

# taken: bytes that guest 1's member of a group has received, two of each datagram.
taken()
{
	guest 1 'stat -c %s /run/taken'
}

# groups_add GROUP COMMAND...: the number that COMMAND prints rises by 20, with as many
# frames to GROUP.
groups_add()
{
	local group=$1 before
	shift
	before=$("$@")
	datagrams 20 "$group"
	number_is "$*" "$("$@")" '>=' $((before + 20))
}

# kept_back GROUP: frames to it do not reach guest 1.
kept_back()
{
	local before
	before=$(in_guest)
	groups_add "$1" stat "$VIF1" q0_b2f_filtered &&
		number_is "in the guest" "$(in_guest)" '<' $((before + 20))
}

# asks_for_filter 0|1: guest 1 does not, or does.
asks_for_filter()
{
	local asks
	asks=$(xenstore-read "$key")
	echo "request-multicast-control: $asks"
	[ "$asks" = "$1" ]
}

buffers_are()
{
	number_is buffers "$(front_stat q0_b2f_posted)" == "$1"
}

# many_groups add|del: 70 that guest 1 listens to, or no more.
many_groups()
{
	guest 1 "for i in {1..70}; do
			ip maddr $1 01:00:5e:02:00:\$(printf %02x \$i) dev eth0 || exit
		done"
}

measure 60 500kbit 1500
measure 1400 4mbit 800
fast_nic
key=/local/domain/$(xl domid guest1)/device/vif/0/request-multicast-control
ip route add 239.0.0.0/8 dev xenbr0
tap "guest 1 asks for the filter once its groups are listed" await 20 asks_for_filter 1
tap "a group it has not joined is kept from it" kept_back 239.1.2.3
ip neigh flush dev xenbr0
tap "but broadcasts are not" answers 1
guest 1 'timeout 600 socat -u UDP4-RECV:9,ip-add-membership=239.1.2.3:10.0.0.11 OPEN:/run/taken,creat' &
member=$!
tap "a group it joins arrives" await 20 groups_add 239.1.2.3 taken
tap "it asks for the filter as before" await 20 asks_for_filter 1
tap "others are kept from it as before" kept_back 239.1.2.4
guest 1 ethtool -G eth0 rx 128
tap "it connects anew" await 20 buffers_are 128
tap "its group arrives" await 20 groups_add 239.1.2.3 taken
tap "and others are kept from it" await 20 kept_back 239.1.2.4
guest 1 pkill socat
wait $member
tap "a group it leaves is kept from it" await 20 kept_back 239.1.2.3
guest 1 ip link set eth0 promisc on
tap "promiscuous, it gets all" await 20 groups_add 239.1.2.3 in_guest
tap "and asks for no filter" asks_for_filter 0
guest 1 ip link set eth0 promisc off
tap "no more" await 20 kept_back 239.1.2.3
many_groups add
tap "more groups than a list has room for: it gets all" await 20 groups_add 239.1.2.3 in_guest
many_groups del
tap "fewer again" await 20 kept_back 239.1.2.3
tap "no group was refused" number_is refused "$(front_stat q0_drop_control)" == 0
tap "guest 1 works" answers 1
tap "guest 2 works" answers 2
END
