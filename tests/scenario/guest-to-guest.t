#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From guest to guest through the bridge: the receiver paces the sender. A receiver
# that stops costs the sender no more than the time its frames may wait (drain_ms),
# and its own carrier after stall_ms.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --back-param check_ledger=1 <<'END'
mac1=00:16:3e:00:00:0b mac2=00:16:3e:00:00:0c
parameters=/sys/module/netback/parameters
count=$(fewer 1500)

credit()
{
	tap "$1: credit of guest 1" accounts_right "$VIF1"
	tap "$1: credit of guest 2" accounts_right "$VIF2"
}

received()
{
	stat "$1" q0_b2f_packets
}

carrier_is()
{
	grep -qx "$2" "/sys/class/net/$1/carrier"
}

# both SIZE: a flood each way at once.
both()
{
	local before1 before2
	before1=$(received "$VIF1") before2=$(received "$VIF2")
	patient_flood 1 "$1" $count 10.0.0.12 $mac2 >/run/sent1 &
	patient_flood 2 "$1" $count 10.0.0.11 $mac1 >/run/sent2
	wait $!
	await 60 all_free "$VIF1"
	await 60 all_free "$VIF2"
	tap "$1 bytes, both ways: guest 2 gets all of guest 1" number_is frames \
		$(($(received "$VIF2") - before2)) '>=' "$(awk '{ print $2 }' /run/sent1)"
	tap "$1 bytes, both ways: guest 1 gets all of guest 2" number_is frames \
		$(($(received "$VIF1") - before1)) '>=' "$(awk '{ print $2 }' /run/sent2)"
	tap "$1 bytes, both ways: all sent" grep -c "sent $count" /run/sent1 /run/sent2
	credit "$1 bytes, both ways"
}

# A busy machine may keep a guest off its CPU for longer than frames would wait, and
# fq_codel drops what waits: neither is wanted here.
echo 60000 >$parameters/drain_ms
tc qdisc replace dev "$VIF1" root pfifo limit 300
tc qdisc replace dev "$VIF2" root pfifo limit 300
both 60
both 1400
echo 500 >$parameters/drain_ms

guest 1 "iperf3 -s -D"
guest 2 "iperf3 -s -D"
guest 1 "iperf3 -c 10.0.0.12 -n 10M --connect-timeout 5000" >/run/tcp1 2>&1 &
tap "TCP from 2 to 1" guest 2 "iperf3 -c 10.0.0.11 -n 10M --connect-timeout 5000"
wait $!
tap "TCP from 1 to 2 at the same time" number_is "status of iperf3" $? == 0
credit TCP

flood_start 1 600 10.0.0.12 $mac2
xl pause guest2
tap "receiver stops: its frames are dropped" rises 300 stat "$VIF2" q0_b2f_drop_no_buffers
tap "receiver stops: the sender goes on" rises 300 stat "$VIF1" q0_f2b_packets
tap "receiver stops: the sender answers dom0" answers 1
xl unpause guest2
tap "receiver is back: it receives" rises 300 received "$VIF2"
tap "receiver is back: it answers dom0" answers 2

echo 2000 >$parameters/stall_ms
xl pause guest2
tap "receiver stalls: its carrier goes off" await 20 carrier_is "$VIF2" 0
tap "receiver stalls: counted" number_is stalls "$(stat "$VIF2" q0_b2f_stalls)" == 1
tap "receiver stalls: the sender answers dom0" answers 1
xl unpause guest2
tap "receiver is back: its carrier too" await 20 carrier_is "$VIF2" 1
tap "receiver is back: it receives again" rises 300 received "$VIF2"
flood_end 1
tap "guest 1 works" answers 1
tap "guest 2 works" answers 2
credit "at the end"
END
