#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What dom0 may do to packets that it routes to its NIC: a guest's flood comes out of each
# as it went in, and its credit with it.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/paths.sh - <<'SCRIPT'
# flowtable DEVICE MATCH...: such flows between vif and DEVICE get past dom0's routing, but
# for their first packets, which slow counts.
flowtable()
{
	local device=$1
	shift
	nft add table inet fast
	nft add flowtable inet fast flows \
		"{ hook ingress priority 0; devices = { $VIF1, $device }; }"
	nft add chain inet fast forward '{ type filter hook forward priority 0; }'
	nft add counter inet fast slow
	nft add rule inet fast forward "$@" counter name slow flow add @flows
}

path routed

nft add table ip nat
nft add chain ip nat out '{ type nat hook postrouting priority srcnat; }'
nft add rule ip nat out oifname "$NIC" masquerade
out_of_nic ip saddr 10.0.1.1 udp dport 9
path masqueraded
nft delete table ip nat
out_of_nic udp dport 9

flowtable "$NIC" udp dport 9
path "a flowtable"
tap "a flowtable: few took the slow way" number_is "of $((3 * flood_frames))" \
	"$(packets inet fast slow)" '<' $((flood_frames / 3))
nft delete table inet fast

# From the ingress hook of the vif GSO frames go to a device where software cuts them up.
# Had the guest its credit back there, its TCP would fill the short queue behind.
ip netns add far
ip link add port type veth peer name eth0 netns far
ip -n far addr add 10.0.2.2/24 dev eth0
ip -n far link set eth0 up
ip -n far route add default via 10.0.2.1
ip addr add 10.0.2.1/24 dev port
ip link set port up
flowtable port tcp dport 5000
narrow=port queue_limit=60
make_narrow 20000
ip netns exec far socat -u TCP4-LISTEN:5000,reuseaddr STDOUT | wc -c >/run/received &
guest 1 "head -c 4000000 /dev/zero | socat -u STDIN TCP4:10.0.2.2:5000,retry=100,interval=0.1"
wait $!
tap "GSO by a flowtable: all bytes arrive" number_is bytes "$(cat /run/received)" == 4000000
tap "GSO by a flowtable: few took the slow way" number_is packets \
	"$(packets inet fast slow)" '<' 20
tap "GSO by a flowtable: nothing dropped" number_is dropped "$(narrow_count dropped)" == 0
tap "GSO by a flowtable: credit" accounts_right "$VIF1"
make_wide
queue_limit=270
nft delete table inet fast
ip link del port
ip netns del far

# both go down, and what is known of their neighbours is forgotten
ip link add blue type vrf table 10
ip link set blue up
ip link set "$VIF1" master blue
ip link set "$NIC" master blue
ip route add 10.0.0.11 dev "$VIF1" table 10
ip neigh replace $nowhere_ip lladdr $nowhere_mac dev "$NIC" nud permanent
path "a VRF"
ip link del blue
ip route replace 10.0.0.11 dev "$VIF1"
ip neigh replace $nowhere_ip lladdr $nowhere_mac dev "$NIC" nud permanent
path "routed again"
tap "guest works" answers 1
SCRIPT
} | in_lab --topology route --back-param check_ledger=1
