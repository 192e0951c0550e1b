#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Either module goes and comes back, and the interface is taken from netback and given
# back under a running guest, which does not notice.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
driver=/sys/bus/xen-backend/drivers/netback
device=vif-$(xl domid guest1)-0

unbind()
{
	echo "$device" >$driver/unbind && ! [ -e "/sys/class/net/$VIF1" ]
}

load()
{
	insmod /root/netback.ko check_ledger=1
}

front_reload()
{
	guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/unbind && rmmod netfront &&
		insmod /root/netfront.ko && /etc/lab/net-up"
}

# After front_intree.
front_ours()
{
	guest 1 "echo vif-0 >/sys/bus/xen/drivers/vif/unbind && rmmod xen-netfront &&
		insmod /root/netfront.ko && /etc/lab/net-up"
}

# Grows with each reconnect.
eth0_index()
{
	guest 1 cat /sys/class/net/eth0/ifindex /sys/class/net/eth0/carrier_down_count
}

ping -q -i 0.002 10.0.0.11 >/dev/null 2>&1 &
pinger=$!
tap "netfront stays while it is used" refuses "in use" guest 1 rmmod netfront
for round in 1 2; do
	tap "netfront reloaded under traffic, round $round" front_reload
	tap "guest answers, round $round" answers 1
done
tap "the in-tree driver takes its place" front_intree 1
tap "guest answers with that" await 20 answers 1
tap "ours comes back" front_ours
tap "guest answers with ours" await 20 answers 1
tap "credit" accounts_right "$VIF1"

slow_nic 1mbit
flood_start 1 200
await 20 in_use "$VIF1" 100
tap "netfront reloaded with credit held" front_reload
tap "the flood goes on after that" rises 300 nic_count sent
flood_end 1
await 30 nic_drained
tap "credit after that, of both connections" accounts_right "$VIF1"

flood_start 1 200
identity=$(eth0_index)
tap "netback stays while it is used" refuses "in use" rmmod netback
for round in 1 2; do
	await 20 in_use "$VIF1" 100
	tap "vif unbound with credit held, round $round" unbind
	tap "its word on the link goes with it, round $round" \
		fails xenstore-exists "backend/vif/$(xl domid guest1)/0/carrier"
	echo "$device" >$driver/bind
	tap "vif bound, round $round" vif_online
	tap "the flood goes on, round $round" rises 300 stat "$VIF1" q0_f2b_packets
	tap "ledger, round $round" ledger_right "$VIF1"
done
unbind
await 60 nic_drained
tap "vif unbound: netback goes, the flood still wanting" await 10 rmmod netback
tap "netback is loaded" load
tap "and finds its vif" vif_online
tap "the flood goes on" rises 300 stat "$VIF1" q0_f2b_packets
flood_end 1
await 30 nic_drained
kill $pinger
tap "guest answers" answers 1
tap "it had no reconnect" [ "$(eth0_index)" = "$identity" ]
tap "credit" accounts_right "$VIF1"

eth0_detach
tap "interface detached: netback goes" await 10 rmmod netback
load
eth0_attach
tap "interface attached: guest sets it up" await 10 guest 1 /etc/lab/net-up
tap "guest works" answers 1
tap "credit at the end" accounts_right "$VIF1"
END
