#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# XDP on what a guest sends, in netback: before there is an skb, and with the guest's
# credit in order whatever the program does.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
{
	cat tests/scenario/xdp.sh - <<'SCRIPT'
declare -A marked
count=$((500 / SCALE))

in_guest2()
{
	guest 2 cat /sys/class/net/eth0/statistics/rx_packets
}

back_in_guest1()
{
	guest 1 cat /sys/class/net/eth0/statistics/rx_packets
}

by_nic()
{
	cat "/sys/class/net/$NIC/statistics/tx_packets"
}

# flooded SIZE: count frames, which is all the guest has to say meanwhile.
flooded()
{
	sent=$(patient_flood 1 "$1" $count | awk '{ print $2 }')
	await 60 all_free "$VIF1"
}

# under ACTION COUNTER SIZE: all of a flood are seen, and counted as that.
under()
{
	mark counter stat "$VIF1" "q0_f2b_$2"
	mark nic by_nic
	xdp_on 0 "$VIF1" "$1" "${4-}"
	flooded "$3"
	xdp_off 0
	counted=$(risen counter stat "$VIF1" "q0_f2b_$2")
	tap "$1, $3 bytes: all are sent" number_is sent "$sent" == $count
	tap "$1, $3 bytes: the program sees each" number_is seen "$seen" '>=' "$sent"
	tap "$1, $3 bytes: so says the counter" number_is "$2" "$counted" == "$seen"
	tap "$1, $3 bytes: none leaves the NIC" number_is left "$(risen nic by_nic)" '<' 20
	tap "$1, $3 bytes: credit" accounts_right "$VIF1"
}

# taken: guest 1's frames, whatever became of them.
taken()
{
	local number sum=0
	for number in $(stat "$VIF1" q0_f2b_{packets,xdp_tx,xdp_redirect,xdp_drop} \
		q0_f2b_{xdp_aborted,xdp_late_gone}); do
		sum=$((sum + number))
	done
	echo $sum
}

by_guest1()
{
	guest 1 cat /sys/class/net/eth0/statistics/tx_packets
}

# all_taken: each frame sent since the marks is counted once.
all_taken()
{
	number_is taken "$(risen taken taken)" == "$(risen sent by_guest1)"
}

# seen_gone: frames that programs which let none pass have seen, by netback's count.
seen_gone()
{
	local numbers
	mapfile -t numbers < <(stat "$VIF1" q0_f2b_xdp_drop q0_f2b_xdp_late_gone)
	echo $((numbers[0] + numbers[1]))
}

# between_guests: a megabyte by TCP, from 1 to 2; every byte compared.
between_guests()
{
	guest 2 "timeout 300 socat -u -b 131072 TCP4-LISTEN:5001,reuseaddr STDOUT | sha256sum" \
		>/run/received &
	guest 1 "head -c 1M /dev/urandom >/tmp/data
		socat -u -b 131072 /tmp/data TCP4:10.0.0.12:5001,retry=100,interval=0.1
		sha256sum </tmp/data" >/run/sent || return 1
	wait $!
	cat /run/sent /run/received
	cmp /run/sent /run/received
}

for size in 60 1400; do
	slow_nic 100kbit
	under drop xdp_drop $size
	under abort xdp_aborted $size
	fast_nic
	mark frames back_in_guest1
	under tx xdp_tx $size
	tap "tx, $size bytes: guest 1 has them back" \
		number_is frames "$(risen frames back_in_guest1)" '>=' $((count * 9 / 10))
	mark frames in_guest2
	under redirect xdp_redirect $size "$VIF2"
	tap "redirect, $size bytes: guest 2 has them" \
		number_is frames "$(risen frames in_guest2)" '>=' $((count * 9 / 10))
done
under redirect xdp_aborted 60 xenbr0
fast_nic

# More than the burst that passes at once.
count=$(fewer 2000)
xdp_on 0 "$VIF1" pass
slow_nic 200kbit
mark nic by_nic
flooded 60
await 60 nic_drained
xdp_off 0
tap "pass: the program sees each" number_is seen "$seen" '>=' $count
tap "pass: all leave the NIC" number_is left "$(risen nic by_nic)" '>=' $count
tap "pass: none dropped" number_is dropped "$(nic_count dropped)" == 0
tap "pass: the NIC paced the guest" at_least 20 stat "$VIF1" q0_f2b_full
fast_nic

mark aborted stat "$VIF1" q0_f2b_xdp_aborted
xdp_on 0 "$VIF1" room
tap "room before a frame: guest answers" answers 1
tap "TCP from the guest, segmented by dom0, under a program" transfer 1 4
tap "TCP to the guest" transfer 0 4
tap "frames too long for a page were seen as well" at_least 10 stat "$VIF1" q0_f2b_xdp_late
tap "none failed" number_is aborted "$(risen aborted stat "$VIF1" q0_f2b_xdp_aborted)" == 0
xdp_off 0

for n in 1 2; do
	guest $n 'ip link set eth0 mtu 9000; ethtool -K eth0 tso off gso off'
	ip link set "$(vif $n)" mtu 9000
done
count=$((300 / SCALE))
under drop xdp_drop 3500
under drop xdp_late 9014
tap "drop, 9014 bytes: so they are gone" \
	number_is gone "$(stat "$VIF1" q0_f2b_xdp_late_gone)" '>=' $count
mark frames in_guest2
under redirect xdp_redirect 3500 "$VIF2"
tap "redirect, 3500 bytes: guest 2 has them" \
	number_is frames "$(risen frames in_guest2)" '>=' $((count * 9 / 10))

# Nothing but programs between the guests, which check the sums of what they get.
/root/in/xdp "$VIF2" redirect "$VIF1" >/run/xdp2 2>&1 &
back=$!
await 20 grep -q attached /run/xdp2
mark early stat "$VIF1" q0_f2b_xdp_redirect
mark late stat "$VIF1" q0_f2b_xdp_late_gone
xdp_on 0 "$VIF1" redirect "$VIF2"
tap "TCP from guest to guest by redirection" between_guests
tap "in frames that fit a page" number_is early "$(risen early stat "$VIF1" q0_f2b_xdp_redirect)" '>' 2
tap "and in longer ones" number_is late "$(risen late stat "$VIF1" q0_f2b_xdp_late_gone)" '>=' 100
xdp_off 0
wait $back

await 60 all_free "$VIF1"
mark taken taken
mark sent by_guest1
mark gone seen_gone
flood_start 1 600
times=$((6 / SCALE + 2)) all=0
for ((i = 0; i < times; i++)); do
	xdp_on 0 "$VIF1" drop
	xdp_off 0
	[ "$seen" -gt 0 ] || break
	all=$((all + seen))
done
tap "attached and detached under a flood: each saw some" number_is programs $i == $times
tap "frames go on without" rises 20 stat "$VIF1" q0_f2b_packets
flood_end 1
await 60 all_free "$VIF1"
tap "what they saw is what was dropped" number_is dropped "$(risen gone seen_gone)" == $all
tap "each frame is counted once" await 20 all_taken
tap "credit" accounts_right "$VIF1"

flood_start 1 600
xdp_on 0 "$VIF1" tx
await 20 rises 20 stat "$VIF1" q0_f2b_xdp_tx
guest_destroy 1
xdp_off 0
wait
tap "a guest destroyed whose frames come back to it is gone" await 30 guest_gone
tap "and so is its queue" await 20 users_are 2
tap "guest 2: credit" accounts_right "$VIF2"
SCRIPT
} | in_lab --topology bridge --guests 2 --file build/programs/xdp --back-param check_ledger=1
