# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Promise 2a: while frames of a guest wait in dom0 for something that is no device's turn,
# what else the guest sends goes on. CASES names the ways to park frames; each is looked
# at twice, with a ping that never pauses and with a stream to the NIC.

vpn_ip=10.7.0.5 stopped_mac=02:00:00:00:00:77

# udp ADDRESS BYTES [COUNT]: a line for a guest's shell that sends COUNT datagrams.
udp()
{
	echo "socat -u -b $2 OPEN:/dev/zero,readbytes=$(($2 * ${3:-1})) UDP4-SENDTO:$1:9"
}

# stopped KIND WHICH: a program that reads, but stands still. reads_on has it go on, and
# have read COUNT packets before it is ended.
stopped()
{
	reader_start "$@"
	kill -STOP "$reader"
}

reads_on()
{
	kill -CONT "$reader"
	await 20 at_least "$1" has_read
	tap "$topology, $case: what was parked goes its way" at_least "$1" has_read
	kill "$reader"
	wait "$reader"
}

# setup_CASE makes the way, parks_CASE prints the guest's line that sends there, end_CASE
# takes the way back.
setup_fragments()
{
	[ "$topology" = route ] || { modprobe br_netfilter && sysctl -qw net.bridge.bridge-nf-call-iptables=1; }
	nft add table ip parked
	nft 'add chain ip parked f { type filter hook forward priority 0; }'
	nft add rule ip parked f ct state new counter accept
	fragments=$(nic_frames)
}

parks_fragments()
{
	udp "$nowhere_ip" 2000
	udp "$nowhere_ip" 20000 3
}

# 44 fragments each time
end_fragments()
{
	tap "$topology, fragments: all of them leave" at_least $((fragments + 2 * 44)) nic_frames
	nft delete table ip parked
	[ "$topology" = route ] || rmmod br_netfilter
}

# The same for IPv6, which dom0 cannot but put together to know the flow.
setup_fragments6()
{
	sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -6 addr replace fd00:1::1/64 dev "$VIF1" nodad
	ip -6 addr replace fd00:2::1/64 dev "$NIC" nodad
	ip -6 neigh replace fd00:2::51 lladdr "$nowhere_mac" dev "$NIC" nud permanent
	guest 1 "ip -6 addr replace fd00:1::11/64 dev eth0 nodad
		ip -6 route replace fd00:2::/64 via fd00:1::1"
	nft add table ip6 parked
	nft 'add chain ip6 parked f { type filter hook forward priority 0; }'
	nft add rule ip6 parked f ct state new counter accept
	await 20 guest 1 ping -q -c 1 -W 1 fd00:1::1
	fragments=$(nic_frames)
}

parks_fragments6()
{
	parks_fragments | sed "s/UDP4-SENDTO:$nowhere_ip/UDP6-SENDTO:[fd00:2::51]/"
}

end_fragments6()
{
	tap "$topology, fragments6: all of them leave" at_least $((fragments + 2 * 44)) nic_frames
	nft delete table ip6 parked
}

setup_neighbour() { :; }
end_neighbour() { :; }
parks_neighbour()
{
	udp 10.0.1.51 100
	echo 'timeout 2 socat -u /dev/null TCP4:10.0.1.54:80,connect-timeout=2'
}

setup_scan() { :; }
end_scan() { :; }
parks_scan()
{
	# shellcheck disable=SC2016 # the guest's
	echo 'for i in {60..250}; do echo . >/dev/udp/10.0.1.$i/9; done'
}

setup_tun()
{
	stopped tun tun9
	ip link set tun9 up
	ip route replace 10.7.0.0/24 dev tun9
}

parks_tun()
{
	udp $vpn_ip 900 100
}

end_tun()
{
	reads_on 200
}

# A packet socket for one protocol has a clone of all the guest sends, as long as it has room.
setup_packet()
{
	stopped packet "$VIF1"
}

parks_packet()
{
	udp "$nowhere_ip" 900 100
}

end_packet()
{
	reads_on 50
}

setup_nfqueue()
{
	nft add table ip parked
	nft add chain ip parked f '{ type filter hook forward priority 0; }'
	stopped nfqueue 5
	nft add rule ip parked f ip daddr $vpn_ip queue num 5
	ip route replace 10.7.0.0/24 dev "$NIC"
	ip neigh replace $vpn_ip lladdr "$nowhere_mac" dev "$NIC" nud permanent
}

parks_nfqueue()
{
	udp $vpn_ip 900 100
}

end_nfqueue()
{
	reads_on 200
	nft delete table ip parked
}

# The other end never answers.
setup_wireguard()
{
	ip link add wg9 type wireguard
	(umask 077; wg genkey >/run/key)
	wg set wg9 private-key /run/key peer "$(wg genkey | wg pubkey)" \
		endpoint "$nowhere_ip":51820 allowed-ips 10.7.0.0/24
	ip link set wg9 up
	ip route replace 10.7.0.0/24 dev wg9
}

parks_wireguard()
{
	udp $vpn_ip 900 100
}

end_wireguard()
{
	ip link del wg9
}

# in_bridge DEVICE: with an address that the bridge does not take for its own, or the
# guest would have to ask for it again.
in_bridge()
{
	ip link set "$1" address fe:ff:ff:ff:ff:fe
	ip link set "$1" up
	ip link set "$1" master xenbr0
	bridge fdb replace $stopped_mac dev "$1" master static
}

setup_tap()
{
	stopped tap tap9
	in_bridge tap9
}

parks_tap()
{
	echo "ip neigh replace 10.0.0.77 lladdr $stopped_mac dev eth0 nud permanent"
	udp 10.0.0.77 1400 600
}

end_tap()
{
	reads_on 200
}

setup_macvtap()
{
	ip link add link xenbr0 name own type macvtap mode bridge
	ip link set own address $stopped_mac up
	bridge fdb replace $stopped_mac dev xenbr0 self local
	stopped macvtap "/dev/tap$(cat /sys/class/net/own/ifindex)"
}

parks_macvtap()
{
	parks_tap
}

end_macvtap()
{
	reads_on 200
	bridge fdb del $stopped_mac dev xenbr0 self local
	ip link del own
}

# to_guest_2 COUNT: a line that sends guest 2 so many datagrams, whether it answers or not.
to_guest_2()
{
	echo "ip neigh replace 10.0.0.12 lladdr 00:16:3e:00:00:0c dev eth0 nud permanent"
	udp 10.0.0.12 900 "$1"
}

# A guest that is paused posts no more buffers than the 256 it has.
setup_paused()
{
	xl pause guest2
}

parks_paused()
{
	to_guest_2 400
}

end_paused()
{
	xl unpause guest2
	tap "$topology, paused: the other guest works" answers 2
}

# A guest that takes a frame every 1.9 s.
setup_dripping()
{
	tc qdisc replace dev "$(vif 2)" root tbf rate 4kbit burst 1540 limit 4mb
}

parks_dripping()
{
	to_guest_2 50
}

end_dripping()
{
	tc qdisc del dev "$(vif 2)" root
	tap "$topology, dripping: the other guest works" answers 2
}

# The switch puts a datagram together where its flow is tracked.
setup_ovs_fragments()
{
	ovs-ofctl add-flow ovs0 "priority=9,table=0,udp,nw_dst=$nowhere_ip,actions=ct(table=1)"
	ovs-ofctl add-flow ovs0 "table=1,ip,actions=ct(commit),normal"
	fragments=$(nic_frames)
}

parks_ovs_fragments()
{
	parks_fragments
}

end_ovs_fragments()
{
	tap "$topology, ovs_fragments: all of them leave" at_least $((fragments + 2 * 44)) nic_frames
	ovs-ofctl --strict del-flows ovs0 "priority=9,table=0,udp,nw_dst=$nowhere_ip"
}

# The switch's daemon stands still: what it would have to be asked about waits for it.
setup_ovs_stopped()
{
	guest 1 "echo . >/dev/udp/$nowhere_ip/9"
	answers 1
	kill -STOP "$(cat /run/openvswitch/ovs-vswitchd.pid)"
}

parks_ovs_stopped()
{
	parks_tap
}

end_ovs_stopped()
{
	kill -CONT "$(cat /run/openvswitch/ovs-vswitchd.pid)"
	tap "$topology, ovs_stopped: the daemon goes on" ovs-appctl fdb/show ovs0
}

# A NIC that stands still, as one whose link partner has it pause.
setup_pause()
{
	ip link add still type dummy
	ip link set still up
	tc qdisc add dev still root handle 1: netem delay 200s limit 10000
	if [ "$topology" = bridge ]; then
		in_bridge still
	else
		ip route replace 10.7.0.0/24 dev still
		ip neigh replace $vpn_ip lladdr $stopped_mac dev still nud permanent
	fi
}

parks_pause()
{
	if [ "$topology" = bridge ]; then
		echo "ip neigh replace 10.0.0.77 lladdr $stopped_mac dev eth0 nud permanent"
		udp 10.0.0.77 900 50
	else
		udp $vpn_ip 900 50
	fi
}

end_pause()
{
	ip link del still
}

# longest_pause SECONDS LINE: in a ping every 50 ms from the guest to dom0, of which LINE
# is run a second after its start.
longest_pause()
{
	guest 1 "date +%s.%N >/tmp/begin
		(timeout -s INT $1 ping -D -n -i 0.05 -W 60 10.0.0.1 >/tmp/pings 2>&1
			date +%s.%N >/tmp/end) &
		sleep 1
		($2) >/dev/null 2>&1 &
		wait
		awk -v end=\$(cat /tmp/end) -v last=\$(cat /tmp/begin) -F'[][]' '
			/icmp_seq/ { if (\$2 - last > max) max = \$2 - last; last = \$2 }
			END { if (end - last > max) max = end - last; printf \"%.2f\n\", max }' /tmp/pings"
}

# frames_in SECONDS: of the NIC.
frames_in()
{
	local before
	before=$(nic_frames)
	sleep "$1"
	echo $(($(nic_frames) - before))
}

stream_kept()
{
	local before after pid
	slow_nic 8mbit
	flood_start 1 600
	frames_in 1 >/dev/null
	before=$(frames_in 2)
	guest 1 "($1) >/dev/null 2>&1" &
	pid=$!
	after=$(frames_in 2)
	flood_end 1
	wait $pid
	await 30 nic_drained
	fast_nic
	number_is "frames of the stream" "$after" '>=' $((before * 9 / 10))
}

for case in $CASES; do
	"setup_$case"
	line=$("parks_$case")
	tap "$topology, $case: a ping goes on" number_is "longest pause in s" \
		"$(longest_pause 6 "$line")" '<=' 0.10
	tap "$topology, $case: a stream goes on" stream_kept "$line"
	"end_$case"
done
tap "ledger" ledger_right "$VIF1"
tap "guest works" answers 1
