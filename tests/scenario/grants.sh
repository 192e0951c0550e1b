# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scenarios about guests with little room for grants share, in dom0, behind dom0.sh.

echo 8 >/sys/module/netback/parameters/max_queues

# has N VCPUS FRAMES [MB]: guest N comes anew, with so many CPUs and grant frames.
has()
{
	guest_destroy "$1" 2>/dev/null
	sed -i '/^vcpus\|^max_grant_frames/d' "/etc/xen/guest$1.cfg"
	[ -z "${4-}" ] || sed -i "s/^memory.*/memory = $4/" "/etc/xen/guest$1.cfg"
	printf '%s\n' "vcpus = $2" "max_grant_frames = $3" >>"/etc/xen/guest$1.cfg"
	guest_start "$1"
}

# attach GUEST NUMBER: interface NUMBER has an address of its own, in a namespace.
attach()
{
	xl network-attach "guest$1" mac="00:16:3e:00:0$1:0$2" script=vif-bridge bridge=xenbr0
	await 20 guest "$1" "[ -e /sys/class/net/eth1 ]"
	guest "$1" "ip netns add n$2 && ip link set eth1 netns n$2 name nic$2 &&
		ip -n n$2 addr add 10.0.0.$((100 + 10 * $1 + $2))/24 dev nic$2 &&
		ip -n n$2 link set nic$2 up"
}

reached()
{
	await 20 ping -q -c 1 -W 2 "10.0.0.$((100 + 10 * $1 + $2))" &&
		ping -q -c 3 -i 0.2 -W 2 -s 1400 "10.0.0.$((100 + 10 * $1 + $2))"
}

# queues GUEST NUMBER: of that interface, as the backend has them.
queues()
{
	ls "/sys/kernel/debug/netback/vif$(xl domid "guest$1").$2" | wc -l
}

queues_are()
{
	number_is queues "$(queues "$1" "$2")" "${@:3}"
}

# mapped GUEST NUMBER: pages the backend has for good, of all its queues.
mapped()
{
	cat "/sys/kernel/debug/netback/vif$(xl domid "guest$1").$2"/q* |
		awk '/^static grants:/ { n += $3 } END { print n + 0 }'
}

mapped_are()
{
	number_is "pages mapped" "$(mapped "$1" "$2")" "${@:3}"
}
