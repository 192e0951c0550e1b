#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels that begin in dom0: what a guest floods them with leaves the NIC whole, and its
# credit comes back. Those that encrypt end in a namespace of dom0, from where the packets
# go to the NIC. What is narrow then is the way to there: where a tunnel ends in dom0 its
# packets are delivered, and with that the hold ends.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/paths.sh - <<'SCRIPT'
to=10.9.0.5

# to_tunnel DEVICE: it is the way to that address.
to_tunnel()
{
	ip link set "$1" up
	ip route replace 10.9.0.0/24 dev "$1"
}

ip link add to9 type gre local 10.0.1.1 remote $nowhere_ip ttl 64
to_tunnel to9
out_of_nic ip protocol gre
path GRE
ip link del to9

ip link add to9 type ipip local 10.0.1.1 remote $nowhere_ip ttl 64
to_tunnel to9
out_of_nic ip protocol 4
path IPIP
ip link del to9

ip link add to9 type vxlan id 9 local 10.0.1.1 remote $nowhere_ip dstport 4789
to_tunnel to9
ip neigh replace $to lladdr 02:00:00:00:00:95 dev to9 nud permanent
out_of_nic udp dport 4789
path VXLAN
ip link del to9
out_of_nic udp dport 9

# wire0 to wire1: the way between dom0 and the other end, far, which sends what comes out of
# a tunnel by the NIC
ip netns add far
ip link add wire0 type veth peer name wire1 netns far
ip addr add 10.8.0.1/30 dev wire0
ip link set wire0 up
ip link add link "$NIC" name beyond netns far type macvlan mode bridge
ip -n far addr add 10.8.0.2/30 dev wire1
ip -n far addr add 10.9.0.1/24 dev beyond
ip -n far link set wire1 up
ip -n far link set beyond up
ip -n far neigh replace $to lladdr $nowhere_mac dev beyond nud permanent
ip netns exec far sysctl -qw net.ipv4.ip_forward=1
nft add table netdev wire
nft add chain netdev wire out '{ type filter hook egress device "wire0" priority 0; }'
nft add counter netdev wire encrypted

# encrypted MATCH...: as many packets as the floods had went over the wire as this.
encrypted()
{
	number_is "encrypted packets" "$(packets netdev wire encrypted)" \
		'>=' $((3 * flood_frames))
}

over_the_wire()
{
	nft flush chain netdev wire out
	nft reset counter netdev wire encrypted >/dev/null
	nft add rule netdev wire out "$@" counter name encrypted
}

key=0x$(head -c 20 /dev/urandom | sha256sum | head -c 40)
for end in "" "-n far"; do
	# shellcheck disable=SC2086
	ip $end xfrm state add src 10.8.0.1 dst 10.8.0.2 proto esp spi 0x100 mode tunnel \
		aead 'rfc4106(gcm(aes))' "$key" 128
done
ip xfrm policy add dst 10.9.0.0/24 dir out \
	tmpl src 10.8.0.1 dst 10.8.0.2 proto esp mode tunnel
ip -n far xfrm policy add dst 10.9.0.0/24 dir fwd \
	tmpl src 10.8.0.1 dst 10.8.0.2 proto esp mode tunnel
ip route replace 10.9.0.0/24 via 10.8.0.2
over_the_wire ip protocol esp
narrow=wire0
path IPsec
tap "IPsec: encrypted" encrypted
ip xfrm policy flush
ip xfrm state flush
ip -n far xfrm policy flush
ip -n far xfrm state flush

umask 077
for end in 1 2; do
	wg genkey >/run/key$end
	wg pubkey </run/key$end >/run/public$end
done
ip link add to9 type wireguard
ip -n far link add to9 type wireguard
wg set to9 private-key /run/key1 listen-port 51820 peer "$(cat /run/public2)" \
	endpoint 10.8.0.2:51820 allowed-ips 10.9.0.0/24
ip netns exec far wg set to9 private-key /run/key2 listen-port 51820 \
	peer "$(cat /run/public1)" endpoint 10.8.0.1:51820 allowed-ips 10.0.0.0/24
ip -n far link set to9 up
to_tunnel to9
over_the_wire udp dport 51820
narrow=wire0
path WireGuard
tap "WireGuard: encrypted" encrypted
ip link del to9
ip netns del far
tap "guest works" answers 1
SCRIPT
} | in_lab --topology route --back-param check_ledger=1
