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

# back [DOMAIN DEVICE]: the backend there of guest 1's second interface, or another's.
back()
{
	echo "/local/domain/$(xl domid guest2)/backend/vif/${1-$(xl domid guest1)}/${2-1}"
}

# hotplug [DOMAIN DEVICE]: what xl devd runs there.
hotplug()
{
	local vif
	vif=vif${1-$(xl domid guest1)}.${2-1}
	await 20 guest 2 "ip link set $vif master br0 && ip link set $vif up" &&
		xenstore-write "$(back "$@")/hotplug-status" connected
}

# dom0_reached: by its own interface, from the driver domain's bridge.
dom0_reached()
{
	guest 2 'ip addr add 10.3.0.2/24 dev br0 2>/dev/null
		ping -q -c 1 -W 2 10.3.0.1 && ping -q -c 1 -W 2 -s 1400 10.3.0.1'
}

# resumed_with_lock: whenever netfront was resumed here, it was by the thread that has the
# device's lock then.
resumed_with_lock()
{
	grep resumed $trace/trace
	grep -q ' xenwatch-.* resumed:' $trace/trace &&
		! grep ' resumed:' $trace/trace | grep -v ' xenwatch-'
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

# dom0, where xenstored runs, is a guest as well.
insmod /root/netfront.ko
trace=/sys/kernel/debug/tracing
echo 'p:resumed netfront_resume' >>$trace/kprobe_events
echo 1 >$trace/events/kprobes/resumed/enable
xl network-attach 0 mac=00:16:3e:00:01:02 backend=guest2 bridge=br0 script=vif-bridge &
tap "dom0's interface gets its backend there" hotplug 0 0
wait $!
ip addr add 10.3.0.1/24 dev "$(ls /sys/bus/xen/devices/vif-0/net)"
ip link set "$(ls /sys/bus/xen/devices/vif-0/net)" up
tap "it is reached" await 20 dom0_reached

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
	tap "it gets dom0's interface, round $round" /root/in/xennet-rehome 0 0 guest2
	tap "dom0's is connected again, round $round" hotplug 0 0
	tap "dom0 is reached, round $round" await 10 dom0_reached
done
tap "dom0's was moved with the device's lock held" resumed_with_lock
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
