#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What may be between vif and NIC where dom0 bridges: a guest's flood comes out of each
# as it went in, and its credit with it.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/paths.sh - <<'SCRIPT'
# uplink DEVICE: it takes the NIC's place in the bridge.
uplink()
{
	ip link set "$1" up
	ip link set "$1" master xenbr0
	bridge fdb replace $nowhere_mac dev "$1" master static
}

# nic_in_bridge: as the lab has it. A device that the NIC was part of is gone.
nic_in_bridge()
{
	ip link set "$NIC" up
	uplink "$NIC"
	out_of_nic udp dport 9
}

# early_credit: slots answered before their frames have left lose some. The checks see it.
early_credit()
{
	local sent
	echo N >/sys/module/netback/parameters/hold_credit
	make_narrow 2500
	left_none
	sent=$(patient_flood 1 600 $flood_frames)
	await 60 narrow_drained
	fails all_of "$(left)" "$sent" && number_is dropped "$(narrow_count dropped)" '>' 0
}

nic_in_bridge
path bridge
tap "with credit given at once, frames are lost" early_credit
echo Y >/sys/module/netback/parameters/hold_credit
make_wide

# tags
ip link set "$NIC" nomaster
ip link add link "$NIC" name up5 type vlan id 5
uplink up5
out_of_nic vlan id 5 udp dport 9
path "a VLAN device on the NIC"
ip link del up5
nic_in_bridge
ip link set xenbr0 type bridge vlan_filtering 1
bridge vlan add dev "$VIF1" vid 7 pvid untagged
bridge vlan add dev "$NIC" vid 7
bridge fdb replace $nowhere_mac dev "$NIC" vlan 7 master static
out_of_nic vlan id 7 udp dport 9
path "vlan_filtering"
bridge fdb del $nowhere_mac dev "$NIC" vlan 7 master
bridge vlan del dev "$VIF1" vid 7
bridge vlan del dev "$NIC" vid 7
ip link set xenbr0 type bridge vlan_filtering 0
bridge vlan add dev "$VIF1" vid 1 pvid untagged
out_of_nic udp dport 9

# devices on the vif, in the bridge, and behind it
tc qdisc add dev "$VIF1" clsact
ip link add shape type ifb
ip link set shape up
tc filter add dev "$VIF1" ingress matchall action mirred egress redirect dev shape
# what an ifb has seen goes past egress hooks
nft add table bridge shaped
nft add chain bridge shaped out '{ type filter hook postrouting priority 0; }'
nft add counter bridge shaped left
nft add rule bridge shaped out oifname "$NIC" udp dport 9 counter name left
narrow=shape
path "shaped by an ifb" packets bridge shaped left
nft delete table bridge shaped
tc filter del dev "$VIF1" ingress
ip link del shape

ip link add mirror type dummy
ip link set mirror up
tc filter add dev "$VIF1" ingress matchall action mirred egress mirror dev mirror
mirrored=$(cat /sys/class/net/mirror/statistics/tx_packets)
path "mirrored"
mirrored=$(($(cat /sys/class/net/mirror/statistics/tx_packets) - mirrored))
tap "mirrored: the mirror has them, too" number_is mirrored $mirrored '>=' $((3 * flood_frames))
tc filter del dev "$VIF1" ingress
ip link del mirror

# credit of what is dropped comes back, and nothing is dropped but by the policer
tc filter add dev "$VIF1" ingress matchall action police rate 1mbit burst 10k \
	conform-exceed drop
left_none
sent=$(patient_flood 1 600 $flood_frames | awk '{ print $2 }')
policed=$(tc -s filter show dev "$VIF1" ingress |
	sed -n 's/.*dropped \([0-9]*\),.*/\1/p')
tap "policed: all frames sent" number_is sent "$sent" == $flood_frames
tap "policed: the policer drops some" number_is dropped "$policed" '>' 0
tap "policed: the others come out" number_is left "$(left)" '>=' $((sent - policed))
tap "policed: credit" accounts_right "$VIF1"
tc qdisc del dev "$VIF1" clsact

# make_narrow with a link that is long as well. More than 12 ms pass before the first frame
# has ended; a ring of frames may go until then, beside those that do anyway.
make_narrow_only=$(declare -f make_narrow)
make_narrow()
{
	tc qdisc replace dev "$NIC" root handle 2: pfifo limit $queue_limit &&
		tc qdisc replace dev "$NIC" root handle 1: netem delay 20ms \
			limit 1000 rate $(($1 / ${SCALE:-1}))kbit
}
path "delayed by netem"
eval "$make_narrow_only"

modprobe br_netfilter
sysctl -qw net.bridge.bridge-nf-call-iptables=1
nft add table ip filter
nft add chain ip filter forward '{ type filter hook forward priority 0; }'
nft add counter ip filter known
nft add rule ip filter forward ct state established,new udp dport 9 counter name known
path "br_netfilter with conntrack"
tap "br_netfilter with conntrack: it saw them" at_least $((3 * flood_frames)) \
	packets ip filter known
nft delete table ip filter
rmmod br_netfilter

# a container, with a bridge of its own, between two bridges
ip netns add inside
ip link add br-out type bridge forward_delay 0
ip link add in0 type veth peer name in1 netns inside
ip link add out0 type veth peer name out1 netns inside
ip netns exec inside sh -c 'ip link add br0 type bridge forward_delay 0
	for i in in1 out1 br0; do ip link set $i up; done
	ip link set in1 master br0; ip link set out1 master br0'
ip link set "$NIC" nomaster
for device in in0 out0 br-out; do ip link set $device up; done
ip link set out0 master br-out
ip link set "$NIC" master br-out
uplink in0
path "through a namespace"
ip netns del inside
ip link del br-out

# devices that stand for the NIC; it goes down for them
modprobe bonding max_bonds=0
ip link add bond9 type bond mode active-backup miimon 100
ip link set "$NIC" down
ip link set "$NIC" master bond9
uplink bond9
path "a bond"
ip link del bond9

ip link add team9 type team
ip link set "$NIC" down
teamnl team9 setoption mode activebackup
ip link set "$NIC" master team9
teamnl team9 setoption activeport "$(cat "/sys/class/net/$NIC/ifindex")"
uplink team9
path "a team"
ip link del team9

ip link set "$NIC" up
ip link add link "$NIC" name above type macvlan mode passthru
uplink above
path "a macvlan"
ip link del above

nic_in_bridge
path "bridge again"
tap "guest works" answers 1
SCRIPT
} | in_lab --topology bridge --back-param check_ledger=1
