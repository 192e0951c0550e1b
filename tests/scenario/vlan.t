#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames with a VLAN tag: bridged to the NIC, routed by a VLAN interface on the vif,
# and between VLAN interfaces of guest and dom0.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
# zero_loss NAME SIZE RATE COUNT KEY=VALUE...
zero_loss()
{
	local name=$1 size=$2 rate=$3 count sent
	count=$(fewer "$4")
	shift 4
	slow_nic "$rate" 300
	sent=$(flood 1 "$size" "$count" "$@" | awk '{ print $2 }')
	await 60 nic_drained
	tap "$name: all frames sent" number_is sent "$sent" == "$count"
	tap "$name: the NIC paces the guest" at_least 20 stat "$VIF1" q0_f2b_full
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$count"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: credit" accounts_right "$VIF1"
}

# transfer [-R]: 10 MB over the VLAN interfaces.
transfer()
{
	guest 1 "iperf3 -c 10.5.0.1 -n 10M --connect-timeout 5000 $*"
}

# bytes_a_frame f2b|b2f [-R]: of the vif's frames of that way, over a transfer.
bytes_a_frame()
{
	local frames bytes way=$1
	shift
	frames=$(stat "$VIF1" "q0_${way}_packets") bytes=$(stat "$VIF1" "q0_${way}_bytes")
	transfer "$@" >/run/transfer || { cat /run/transfer; return 1; }
	frames=$(($(stat "$VIF1" "q0_${way}_packets") - frames))
	bytes=$(($(stat "$VIF1" "q0_${way}_bytes") - bytes))
	echo $((bytes / frames))
}

# vlan5_up: the guest's.
vlan5_up()
{
	guest 1 "modprobe 8021q; ip link add link eth0 name eth0.5 type vlan id 5
		ip addr add 10.5.0.11/24 dev eth0.5; ip link set eth0.5 up"
}

timeout 60 tcpdump -nn -e -c 1 -i "$NIC" vlan 5 >/run/seen 2>/dev/null &
zero_loss "bridged, 64 bytes" 64 500kbit 1400 vlan_id=5
zero_loss "bridged, 1400 bytes" 1400 4mbit 800 vlan_id=5
wait $!
tap "the NIC sends the tag" grep "vlan 5" /run/seen

modprobe 8021q
ip link add link "$VIF1" name routed6 type vlan id 6
ip addr add 10.6.0.1/24 dev routed6
ip link set routed6 up
sysctl -qw net.ipv4.ip_forward=1
ip neigh replace $nowhere_ip lladdr $nowhere_mac dev xenbr0 nud permanent
for size in 64:500kbit:1400 1400:4mbit:800; do
	IFS=: read -r size rate count <<<$size
	zero_loss "routed by a VLAN interface, $size bytes" "$size" "$rate" "$count" \
		vlan_id=6 "dst_mac=$(cat /sys/class/net/routed6/address)"
done

fast_nic
ip link add link xenbr0 name vlan5 type vlan id 5
ip addr add 10.5.0.1/24 dev vlan5
ip link set vlan5 up
vlan5_up
iperf3 -s -D
tap "VLAN interfaces: ping" await 20 ping -q -c 3 -i 0.2 -W 5 -s 1400 10.5.0.11
out=$(bytes_a_frame f2b) in=$(bytes_a_frame b2f -R)
echo "$out bytes a frame to dom0, $in to the guest"
tap "VLAN interfaces: TCP to dom0, to be segmented there" \
	number_is "bytes a frame" "$out" '>' 5000
tap "VLAN interfaces: TCP to the guest, likewise" number_is "bytes a frame" "$in" '>' 5000
tap "no frame is dropped" silent sed -n '/_drop_.*: [1-9]/p' <(ethtool -S "$VIF1"; guest 1 ethtool -S eth0)
tap "guest works" answers 1
tap "credit" accounts_right "$VIF1"

front_intree 1
vlan5_up
tap "in-tree frontend, VLAN interfaces: ping" await 20 ping -q -c 3 -i 0.2 -W 5 -s 1400 10.5.0.11
tap "in-tree frontend: TCP to dom0" transfer
tap "in-tree frontend: TCP to the guest, segmented before" \
	number_is "bytes a frame" "$(bytes_a_frame b2f -R)" '<' 1600
tap "in-tree frontend: no error" number_is rx_errors "$(guest 1 cat /sys/class/net/eth0/statistics/rx_errors)" == 0
tap "in-tree frontend: credit" accounts_right "$VIF1"
END
