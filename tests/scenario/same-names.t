#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a system knows its Xen interfaces by, and asks of them, is what it was with the
# in-tree drivers: the driver's name, interrupts by netdev, queue and direction, time stamps,
# parameters, attributes, counters.
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

parameters=/sys/module/netback/parameters

# parameter NAME VALUE: it is taken, for what reads it.
parameter()
{
	echo "$2" >"$parameters/$1" && cat "$parameters/$1"
}

# logged COUNT LINE
logged()
{
	number_is lines "$(dmesg | grep -cF "$2")" == "$1"
}

# modes_are RUN MODULE WANTED: those of its parameters that the in-tree driver has.
modes_are()
{
	local seen
	seen=$($1 "cd /sys/module/$2/parameters && command stat -c %n:%a $(tr ' ' '\n' <<<"$3" |
		cut -d: -f1 | tr '\n' ' ')" | tr '\n' ' ')
	echo "$seen"
	[ "$seen" = "$3 " ]
}

# is_told NAME OURS VALUE: NAME is what the in-tree driver calls OURS.
is_told()
{
	echo "$3" >"$parameters/$2" && number_is "$1" "$(cat "$parameters/$1")" == "$3"
}

# counts RUN DEV NAME...: ethtool -S has each of them, of the whole interface.
counts()
{
	local name names
	names=$($1 "ethtool -S $2" | sed -n 's/^ *\([a-z_]*\): [0-9]*$/\1/p')
	echo "$names"
	for name in "${@:3}"; do
		grep -qx "$name" <<<"$names" || return
	done
}

# rxbuf_are MIN MAX CUR
rxbuf_are()
{
	local seen
	seen=$(guest 1 'cd /sys/class/net/eth0 && echo $(cat rxbuf_min rxbuf_max rxbuf_cur)')
	echo "$seen"
	[ "$seen" = "$*" ]
}

# rxbuf_takes FILE VALUE
rxbuf_takes()
{
	guest 1 "echo $2 >/sys/class/net/eth0/$1"
}

# trust Y|N: from the next connection on, which is had by a change of the ring's size.
trust()
{
	guest 1 "echo $1 >/sys/module/netfront/parameters/trusted && ethtool -G eth0 rx $2" &&
		await 10 rxbuf_are 256 256 "$2" && await 10 guest_carrier 1 && await 10 answers 1
}

# bounces COUNT: of ten pings, which come in fresh pages where the backend is not trusted.
bounces()
{
	local before
	before=$(front_stat q0_f2b_bounced)
	guest 1 ping -c 10 -i 0.1 10.0.0.1 >/dev/null
	number_is bounced $(($(front_stat q0_f2b_bounced) - before)) "${@}"
}

# offered FEATURE: what the guest's next connection finds.
offered()
{
	xenstore-read "backend/vif/$(xl domid guest1)/0/feature-$1"
}

# plugged_anew: as interfaces are that come after a parameter has changed.
plugged_anew()
{
	eth0_detach && eth0_attach && await 20 guest 1 /etc/lab/net-up && await 20 answers 1
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
tap "as is logged" logged 1 'netback: max_queues is 0 to 64: 100 taken for 64'
tap "more than fit in a word: the same" number_is max_queues "$(parameter max_queues 4294967297)" == 64
tap "more than fit in two: the same" \
	number_is max_queues "$(parameter max_queues 99999999999999999999)" == 64
tap "fewer than none: the least" number_is fatal_slots "$(parameter fatal_slots -1)" == 19
tap "as is logged, too" logged 1 'netback: fatal_slots is 19 to 64: -1 taken for 19'
tap "no number: refused" number_is fatal_slots "$(parameter fatal_slots many; parameter fatal_slots 20)" == 20
tap "queues by default: as many as CPUs" number_is max_queues "$(parameter max_queues 0)" == "$(nproc)"

tap "dom0: parameters where in-tree has them" modes_are eval netback \
	"fatal_skb_slots:444 hash_cache_size:644 max_queues:644 provides_xdp_headroom:644 rx_drain_timeout_msecs:444 rx_stall_timeout_msecs:444 separate_tx_rx_irq:644"
tap "guest: parameters where in-tree has them" modes_are in_guest netfront \
	"max_queues:644 trusted:644"
tap "rx_drain_timeout_msecs" is_told rx_drain_timeout_msecs drain_ms 2001
tap "rx_stall_timeout_msecs" is_told rx_stall_timeout_msecs stall_ms 60001
tap "fatal_skb_slots" is_told fatal_skb_slots fatal_slots 21
tap "hash_cache_size: taken" number_is hash_cache_size "$(parameter hash_cache_size 128)" == 128
tap "hash_cache_size: taken again" number_is hash_cache_size "$(parameter hash_cache_size 64)" == 64
tap "said once to have no effect" logged 1 'netback: hash_cache_size has no effect'

tap "guest: in-tree's counter beside ours" counts in_guest eth0 rx_gso_checksum_fixup
tap "dom0: in-tree's counters beside ours" counts eval "$VIF1" rx_gso_checksum_fixup \
	tx_zerocopy_sent tx_zerocopy_success tx_zerocopy_fail tx_frag_overflow

tap "rxbuf_*: the ring's size" rxbuf_are 256 256 256
tap "rxbuf_min takes a number" rxbuf_takes rxbuf_min 64
tap "rxbuf_max takes a number" rxbuf_takes rxbuf_max 0x80
tap "rxbuf_max takes nothing else" fails rxbuf_takes rxbuf_max many
tap "rxbuf_cur is for reading" fails rxbuf_takes rxbuf_cur 64
tap "and none has an effect" rxbuf_are 256 256 256

guest 1 ethtool --set-priv-flags eth0 static-grants off
tap "trusted: frames go as they are" bounces == 0
tap "trusted=N at run time: the next connection" trust N 128
tap "has all frames copied" bounces '>=' 10
tap "trusted=Y at run time: the next connection" trust Y 256
tap "does not" bounces == 0
guest 1 ethtool --set-priv-flags eth0 static-grants on

echo N >$parameters/separate_tx_rx_irq
echo N >$parameters/provides_xdp_headroom
tap "without separate_tx_rx_irq: the guest is plugged anew" plugged_anew
tap "its rings share an event channel" \
	number_is lines "$(guest 1 grep -c eth0-q0 /proc/interrupts)" == 1
tap "it is not offered two" number_is feature "$(offered split-event-channels)" == 0
tap "nor room for XDP" number_is feature "$(offered xdp-headroom)" == 0
echo Y >$parameters/separate_tx_rx_irq
echo Y >$parameters/provides_xdp_headroom
tap "with them: the guest is plugged anew" plugged_anew
tap "it is offered two" number_is feature "$(offered split-event-channels)" == 1
tap "and room for XDP" number_is feature "$(offered xdp-headroom)" == 1

guest 1 ping -c 1 10.0.0.1 >/dev/null
tap "time stamps, one packet at a time" all_stamped 20 20000
tap "time stamps, a burst" all_stamped 200 0
SCRIPT
