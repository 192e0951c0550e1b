#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a system knows its Xen interfaces by, and asks of them, is what it was with the
# in-tree drivers: the driver's name, interrupts by netdev, queue and direction, time stamps,
# parameters.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
in_lab --topology bridge --file build/programs/stamps <<'SCRIPT'
# in_guest COMMAND...: as dom0 would run it.
in_guest()
{
	guest 1 "$*"
}

# is_vif RUN DEV: by its driver, and its version tells whose.
is_vif()
{
	$1 "ethtool -i $2 | grep -x 'driver: vif'" && $1 "ethtool -i $2 | grep '^version: xennet [0-9]'"
}

# has_lines RUN NAME: interrupts of that interface's one queue, and of no other name.
has_lines()
{
	$1 "grep -o '[^ ]*-q0-[a-z0-9]*$' /proc/interrupts | sort | tr '\n' ' '" | tee /dev/stderr |
		grep -qx "$2-q0-rx $2-q0-tx "
}

# rename RUN FROM TO
rename()
{
	$1 "ip link set $2 down && ip link set $2 name $3 && ip link set $3 up"
}

# all_stamped COUNT PAUSE
all_stamped()
{
	number_is stamps "$(guest 1 "/root/in/stamps 10.0.0.1 $1 $2")" == "$1"
}

# parameter NAME VALUE: it is taken, for what reads it.
parameter()
{
	echo "$2" >"/sys/module/netback/parameters/$1" && cat "/sys/module/netback/parameters/$1"
}

tap "guest: the driver is vif" is_vif in_guest eth0
tap "dom0: the driver is vif" is_vif eval "$VIF1"

tap "guest: interrupts by its name" has_lines in_guest eth0
tap "dom0: interrupts by its name" has_lines eval "$VIF1"
tap "guest: renamed" rename in_guest eth0 lan0
tap "guest: so are its interrupts" has_lines in_guest lan0
tap "guest: renamed back" rename in_guest lan0 eth0
tap "guest: so are its interrupts again" has_lines in_guest eth0
tap "dom0: renamed" rename eval "$VIF1" tenant7
tap "dom0: so are its interrupts" has_lines eval tenant7
tap "guest: reachable" await 10 answers 1
tap "dom0: renamed back" rename eval tenant7 "$VIF1"
tap "dom0: so are its interrupts again" has_lines eval "$VIF1"

guest 1 'ip netns add X && ip -n X link add eth0 type dummy'
tap "guest: into a namespace where the name is taken" \
	guest 1 'ip link set eth0 netns X name lan0 && ip -n X link set lan0 up'
tap "guest: its interrupts go along" has_lines in_guest lan0
tap "guest: and back" guest 1 'ip -n X link set lan0 netns 1 name eth0 && ip link set eth0 up &&
	ip address add 10.0.0.11/24 dev eth0'
tap "guest: as its interrupts do" has_lines in_guest eth0

tap "more queues than ours may have: as many as they may" \
	number_is max_queues "$(parameter max_queues 100)" == 64
tap "as is logged" grep -q 'netback: max_queues is 0 to 64: 100 taken for 64' <(dmesg)
tap "no number: refused" number_is max_queues "$(parameter max_queues many; parameter max_queues 0)" == 0

guest 1 ping -c 1 10.0.0.1 >/dev/null
tap "time stamps, one packet at a time" all_stamped 20 20000
tap "time stamps, a burst" all_stamped 200 0
SCRIPT
