#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight guests, one of which has eight interfaces, one of them with a name of its own;
# interfaces plugged while the guest boots.
. "$(dirname "$0")/lib.sh"
# Half of them on the debug kernel, whose guests take a minute and a half to boot.
guests=8
[ -z "${LAB_DEBUG-}" ] || guests=4
in_lab --topology bridge --guests $guests --back-param check_ledger=1 <<'END'
# attach GUEST NUMBER [OPTION...]
attach()
{
	xl network-attach "guest$1" mac=00:16:3e:00:01:0"$2" script=vif-bridge bridge=xenbr0 \
		"${@:3}"
}

# up NUMBER: interface NUMBER of guest 1 has an address of its own, in a namespace.
up()
{
	guest 1 "ip netns add n$1 && ip link set eth$1 netns n$1 &&
		ip netns exec n$1 ip addr add 10.0.0.10$1/24 dev eth$1 &&
		ip netns exec n$1 ip link set eth$1 up"
}

reached()
{
	ping -q -c 1 -W 2 "$1" && ping -q -c 1 -W 2 -s 1400 "$1"
}

# credit_of VIF...: right, of each.
credit_of()
{
	local vif
	for vif; do accounts_right "$vif" || return 1; done
}

others=$(guests_alive | grep -vx 1)
mapfile -t flooding <<<"$others"
for n in $others; do
	tap "guest $n answers" answers "$n"
done
for n in $others; do
	flood_start "$n" 600
done
tap "all reach the NIC, from all at a time" rises 1000 cat "/sys/class/net/$NIC/statistics/tx_packets"

# On the debug kernel all floods together leave no time to the scripts that libxl waits for.
while [ "$SCALE" != 1 ] && [ ${#flooding[@]} -gt 2 ]; do
	flood_end "${flooding[-1]}"
	unset 'flooding[-1]'
done
for i in {1..6}; do attach 1 "$i"; done
attach 1 7 vifname=own
id=$(xl domid guest1)
for i in {1..7}; do
	await 20 guest 1 "[ -e /sys/class/net/eth$i ]"
	tap "interface $i is set up" up "$i"
	tap "interface $i is reached" await 20 reached "10.0.0.10$i"
done
tap "the first still works" answers 1
tap "one has the name it was to have" ethtool -i own
tap "and no other" fails [ -e "/sys/class/net/vif$id.7" ]
tap "credit of all eight" credit_of vif"$id".{0..6} own
for n in "${flooding[@]}"; do flood_end "$n"; done
tap "credit of all other guests" credit_of $(for n in $others; do vif "$n"; done)

guest_destroy 2
guest_destroy 1
tap "all eight interfaces go" await 20 fails grep -qE "vif$id\.|own" /proc/net/dev
guest_create 2
for i in 1 2 3; do attach 2 "$i"; done
tap "plugged while the guest boots: it comes up" guest_wait 2
for i in 1 2 3; do
	tap "and has interface $i" await 20 guest 2 "[ -e /sys/class/net/eth$i ]"
done
tap "guest answers" answers 2
END
