#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The backend is replaced ten times under a running guest, by another copy of itself: TCP
# connections live on, and no slot is lost at either end.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 < <(
	cat tests/scenario/lives.sh - <<'END'
device=vif-$(xl domid guest1)-0
rounds=10

iperf3_runs()
{
	guest 1 pgrep -x iperf3
}

replace()
{
	echo "$device" >/sys/bus/xen-backend/drivers/netback/unbind &&
		await 60 rmmod netback && insmod /root/netback.ko check_ledger=1 &&
		vif_online
}

identity()
{
	guest 1 cat /sys/class/net/eth0/ifindex
}

before=$(identity)
iperf3 -s -D
stream_start
guest 1 'setsid iperf3 -c 10.0.0.1 -t 3600 -b 2M --pacing-timer 200000 </dev/null >/run/iperf3 2>&1 &'
for ((round = 1; round <= rounds; round++)); do
	replace >/run/replace 2>&1 || { cat /run/replace; break; }
	stream_flows >/run/flows 2>&1 || { cat /run/flows; break; }
	rises 100 stat "$VIF1" q0_f2b_packets >/run/rises || { cat /run/rises; break; }
	ledger_right "$VIF1" || break
done
tap "replaced, with traffic going on after each" \
	number_is rounds $((round - 1)) == $rounds
tap "iperf3 had no reset" iperf3_runs
guest 1 pkill -INT -x iperf3
guest 1 tail -n 5 /run/iperf3
tap "the other connection ends in order, nothing lost" stream_end
tap "guest has the interface it had" [ "$(identity)" = "$before" ]
tap "guest answers" answers 1
tap "credit" accounts_right "$VIF1"
tap "guest's slots are all free" [ "$(front_stat q0_f2b_free)" = 256 ]
END
)
