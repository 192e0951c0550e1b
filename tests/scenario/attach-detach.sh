# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# The interface is unplugged and plugged ROUNDS times with traffic both ways and credit
# held in dom0. The guest takes no page away that dom0 still copies from or to.

rounds=$((ROUNDS / SCALE))
[ $rounds -gt 0 ] || rounds=1

slow_nic 1mbit
flood_start 1 600
ping -q -i 0.02 10.0.0.11 >/dev/null 2>&1 &
pinger=$!
high=0 done=0
while [ $done -lt $rounds ]; do
	used=$((256 - $(stat "$VIF1" q0_f2b_free)))
	[ $used -le $high ] || high=$used
	eth0_detach || break
	eth0_attach || break
	await 20 ping -q -c 1 -W 1 10.0.0.11 || break
	ledger_right "$VIF1" >/run/ledger || break
	done=$((done + 1))
done
kill $pinger
tap "attached, detached and answering again" number_is rounds $done == $rounds
tap "no frame found its page taken away" silent dmesg_has "grant copy failed"
tap "with slots in use" number_is "most slots in use at a detach" $high '>=' 20
flood_end 1
await 30 nic_drained
tap "credit" accounts_right "$VIF1"
# the device and its queue
tap "no queue is left of all the others" users_are 2
tap "guest works" answers 1
