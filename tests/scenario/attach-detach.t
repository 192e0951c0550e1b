#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The interface is unplugged and plugged 50 times with traffic both ways and credit
# held in dom0.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
rounds=50

# In the guest: as soon as there is an eth0 it is up and floods, until the file goes.
resident='touch /run/flooding
while [ -e /run/flooding ]; do
	/etc/lab/net-up && ip neigh replace 10.0.0.99 lladdr 02:00:00:00:00:99 dev eth0 &&
		timeout 20 socat -u -b 600 /dev/zero UDP-SENDTO:10.0.0.99:9
	sleep 0.05
done 2>/dev/null'

detach()
{
	xl network-detach guest1 0 && await 10 fails [ -e "/sys/class/net/$VIF1" ]
}

attach()
{
	xl network-attach guest1 mac=00:16:3e:00:00:0b script=vif-bridge bridge=xenbr0 &&
		await 20 ping -q -c 1 -W 1 10.0.0.11
}

slow_nic 1mbit
guest 1 "$resident" &
ping -q -i 0.02 10.0.0.11 >/dev/null 2>&1 &
pinger=$!
rises 100 stat "$VIF1" q0_f2b_packets
high=0 done=0
while [ $done -lt $rounds ]; do
	held=$(stat "$VIF1" q0_f2b_held)
	[ "$held" -le $high ] || high=$held
	detach || break
	attach || break
	ledger_right "$VIF1" >/run/ledger || break
	done=$((done + 1))
done
kill $pinger
tap "attached, detached and answering again" number_is rounds $done == $rounds
tap "with credit held" number_is "most slots held at a detach" $high '>=' 20
guest 1 "rm /run/flooding; pkill socat"
wait
await 30 nic_drained
tap "credit" accounts_right "$VIF1"
# the device and its queue
tap "no queue is left of all the others" number_is "users of the module" \
	"$(cat /sys/module/netback/refcnt)" == 2
tap "guest works" answers 1
END
