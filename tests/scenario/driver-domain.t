#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Guest 2 is a driver domain: netback there serves an interface of guest 1, whose frames
# pass its bridge and its own netfront. It is killed, another one started, and guest 1,
# where nobody does anything, is connected again.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --file tools/xennet-rehome \
	--back-param check_ledger=1 <<'END'
# serve [COMMAND]: make guest 2 a driver domain; what a driver domain's start-up does.
serve()
{
	guest 2 "${1:-insmod /root/netback.ko check_ledger=1}"' && modprobe bridge &&
		ip link add br0 type bridge forward_delay 0 && ip link set br0 up &&
		ip link set eth0 master br0'
}

back()
{
	echo "/local/domain/$(xl domid guest2)/backend/vif/$(xl domid guest1)/1"
}

# hotplug: what xl devd runs there.
hotplug()
{
	local vif
	vif=vif$(xl domid guest1).1
	await 20 guest 2 "ip link set $vif master br0 && ip link set $vif up" &&
		xenstore-write "$(back)/hotplug-status" connected
}

is_closed()
{
	[ "$(xenstore-read "$(back)/state")" = 6 ]
}

# unplug: with xl devd's part, which takes the closed backend out of xenstore.
unplug()
{
	xl network-detach guest1 1 &
	await 20 is_closed && xenstore-rm "$(back)" && wait $!
}

reached()
{
	ping -q -c 1 -W 2 10.0.0.101 && ping -q -c 1 -W 2 -s 1400 10.0.0.101
}

# eth1: file FILE of guest 1's second interface.
eth1()
{
	guest 1 "ip netns exec n1 cat /sys/class/net/eth1/$1"
}

has_carrier()
{
	[ "$(eth1 carrier)" = "$1" ]
}

# driver_stat NAME: as stat, of guest 2's backend.
driver_stat()
{
	guest 2 ethtool -S "vif$(xl domid guest1).1" | awk -v name="$1:" '$1 == name { print $2 }'
}

free()
{
	number_is "slots free in guest 2" "$(driver_stat q0_f2b_free)" == 256
}

tap "guest 2 serves" serve
xl network-attach guest1 mac=00:16:3e:00:01:01 backend=guest2 bridge=br0 script=vif-bridge &
tap "guest 1's interface gets its backend there" hotplug
wait $!
tap "guest 1 has the interface" await 20 guest 1 "[ -e /sys/class/net/eth1 ]"
guest 1 "ip netns add n1; ip link set eth1 netns n1
	ip netns exec n1 ip addr add 10.0.0.101/24 dev eth1; ip netns exec n1 ip link set eth1 up"
tap "it is reached, through the driver domain" await 20 reached
identity=$(eth1 ifindex)
iperf3 -s -D
tap "TCP from it" guest 1 ip netns exec n1 iperf3 -c 10.0.0.1 -n 5M
tap "TCP to it" guest 1 ip netns exec n1 iperf3 -c 10.0.0.1 -n 5M -R
tap "credit in the driver domain" await 20 free

for round in 1 2; do
	guest_destroy 2
	tap "driver domain killed, round $round: no carrier" await 10 has_carrier 0
	tap "another one starts, round $round" guest_start 2
	tap "and serves, round $round" serve
	tap "it gets the interface, round $round" /root/in/xennet-rehome guest1 1 guest2
	tap "not twice, round $round" refuses already /root/in/xennet-rehome guest1 1 guest2
	tap "connected again, round $round" hotplug
	tap "guest 1 is reached, round $round" await 10 reached
	tap "it has the interface it had, round $round" [ "$(eth1 ifindex)" = "$identity" ]
done
# The new backend looks first, and finds the keys of the old one's rings.
for module in intree ours; do
	guest_destroy 2
	tap "another one starts, guest 1 paused, $module" guest_start 2
	if [ $module = ours ]; then
		tap "and serves, $module" serve
	else
		tap "and serves, $module" serve 'modprobe xen-netback'
	fi
	xl pause guest1
	tap "it gets the interface, guest 1 paused, $module" \
		/root/in/xennet-rehome guest1 1 guest2
	pause 3
	echo "# backend in state $(xenstore-read "$(back)/state")"
	xl unpause guest1
	tap "connected again, guest 1 paused meanwhile, $module" hotplug
	tap "guest 1 is reached, $module" await 10 reached
done
tap "TCP from it" guest 1 ip netns exec n1 iperf3 -c 10.0.0.1 -n 5M
tap "TCP to it" guest 1 ip netns exec n1 iperf3 -c 10.0.0.1 -n 5M -R
tap "credit in the driver domain at the end" await 20 free
tap "the interface can be unplugged" unplug
tap "and is gone" await 20 fails guest 1 ip netns exec n1 ip link show eth1
tap "credit in dom0" accounts_right "$(vif 2)"
END
