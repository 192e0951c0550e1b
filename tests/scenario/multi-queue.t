#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two queues: both carry frames both ways, without loss, under one rate limit; their
# number changes under TCP, and with what either end takes.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/queues.sh - <<'SCRIPT'
# combined COMMAND...: queues in use, of what ethtool -l prints.
combined()
{
	"$@" | awk '/^Combined:/ { n = $2 } END { print n }'
}

# queues_are N: both ends use N, and the guest's keys say so.
queues_are()
{
	local in_guest in_dom0
	in_guest=$(combined guest 1 ethtool -l eth0) in_dom0=$(combined ethtool -l "$VIF1")
	number_is "queues of the guest" "$in_guest" == "$1" &&
		number_is "queues of dom0" "$in_dom0" == "$1" && guest_carrier 1 && keys_of "$1"
}

# keys_of N: those of N queues are there, and no others.
keys_of()
{
	xenstore-ls "$front"
	if [ "$1" = 1 ]; then
		xenstore-exists "$front/tx-ring-ref" && ! xenstore-exists "$front/queue-0" &&
			! xenstore-exists "$front/multi-queue-num-queues"
		return
	fi
	[ "$(xenstore-read "$front/multi-queue-num-queues")" = "$1" ] &&
		xenstore-exists "$front/queue-$(($1 - 1))/event-channel-tx" &&
		! xenstore-exists "$front/queue-$1" && ! xenstore-exists "$front/tx-ring-ref"
}

# channels N: what a user asks for.
channels()
{
	guest 1 ethtool -L eth0 combined "$1"
}

buffers_are()
{
	number_is "buffers of queue 0" "$(front_stat q0_b2f_posted)" == "$1" &&
		number_is "buffers of queue 1" "$(front_stat q1_b2f_posted)" == "$1" && guest_carrier 1
}

# each_on_its_cpu: CPU n sends on queue n, and has its interrupts.
each_on_its_cpu()
{
	guest 1 'for n in 0 1; do
		echo "queue $n: xps $(cat /sys/class/net/eth0/queues/tx-$n/xps_cpus)"
		[ "$(cat /sys/class/net/eth0/queues/tx-$n/xps_cpus)" = $((1 << n)) ] || exit 1
		irqs=$(awk -F: "/eth0-q$n-/ { print \$1 }" /proc/interrupts)
		[ -n "$irqs" ] || exit 1
		for irq in $irqs; do
			echo "irq $irq: $(cat /proc/irq/$irq/smp_affinity_list)"
			[ "$(cat /proc/irq/$irq/smp_affinity_list)" = $n ] || exit 1
		done
	done'
}

debugfs_files()
{
	ls /sys/kernel/debug/netback/*
	cat "/sys/kernel/debug/netback/$VIF1/q0" "/sys/kernel/debug/netback/$VIF1/q1" &&
		guest 1 cat /sys/kernel/debug/netfront/eth0/q0 /sys/kernel/debug/netfront/eth0/q1
}

# events_of_pings COMMAND...: events that COMMAND counts meanwhile, of 75 pings, 2 ms
# apart, by guest 1: each is a request, and an answer.
events_of_pings()
{
	local before
	before=$("$@")
	guest 1 ping -q -i 0.002 -c 75 10.0.0.1 >&2 || return 1
	echo $(($("$@") - before))
}

# all_answered: guest 1 has no slot outstanding. Not the sums of those posted and answered:
# what was underway when an interface connects anew is never answered.
all_answered()
{
	number_is outstanding "$(front_total f2b_posted)" == 0
}

# events_of_flood: those that tell guest 1 of slots answered, of a flood.
events_of_flood()
{
	local before
	slow_nic 1mbit
	before=$(front_total f2b_events)
	patient_flood 1 60 800 >&2 || return 1
	await 60 nic_drained
	fast_nic
	echo $(($(front_total f2b_events) - before))
}

# events_of_rush LINES COMMAND...: events that COMMAND counts while a shell's LINES run,
# a flood; who is told of a frame runs at once.
events_of_rush()
{
	local lines=$1 before
	shift
	xl sched-credit2 -s -r 0
	before=$("$@")
	$lines >&2
	echo $(($("$@") - before))
	xl sched-credit2 -s -r 1000
}

rush_of_guest()
{
	flood 1 60 1500
}

rush_of_dom0()
{
	bash -c "$(pktgen "$VIF1" 60 1500 dst_mac=00:16:3e:00:00:0b)"
}

# front_total NAME: as total, of guest 1's end.
front_total()
{
	guest 1 ethtool -S eth0 | awk -v name="$1:" 'sub(/^q[0-9]+_/, "", $1) && $1 == name { n += $2 }
		END { print n + 0 }'
}

# half_as_many WHAT MANY FEW: half as many at most, and the interface works.
half_as_many()
{
	number_is "$1 before" "$2" '>' 50 && number_is "$1" "$3" '>' 0 &&
		number_is "$1" $(($3 * 2)) '<' "$2" && answers 1
}

# test_says LINK ACCOUNTS FRAMES: ethtool -t in guest 1 prints these, each a regular
# expression.
test_says()
{
	guest 1 ethtool -t eth0 >/run/selftest
	cat /run/selftest
	grep -qE "^link .*[[:space:]]$1\$" /run/selftest &&
		grep -qE "^accounts .*[[:space:]]$2\$" /run/selftest &&
		grep -qE "^frames .*[[:space:]]$3\$" /run/selftest
}

# test_passes: and each queue has carried frames for it.
test_passes()
{
	local before
	before=("$(stat "$VIF1" q0_f2b_packets)" "$(stat "$VIF1" q1_f2b_packets)")
	guest 1 ethtool -t eth0 && test_says 0 0 0 &&
		at_least $((before[0] + 8)) stat "$VIF1" q0_f2b_packets &&
		at_least $((before[1] + 8)) stat "$VIF1" q1_f2b_packets
}

limit()
{
	xenstore-write "/local/domain/0/backend/vif/$(xl domid guest1)/0/rate" "$1"
}

# another guest would get the floods, too
guest_destroy 2

tap "two queues" queues_are 2
tap "each has a CPU of its own" each_on_its_cpu
tap "each has its files in debugfs" debugfs_files

for row in 60:1 1400:8; do
	size=${row%:*} mbit=${row#*:}
	slow_nic "${mbit}mbit" 600
	both_rise f2b_packets "spread_flood $size $((1000 / SCALE))" stat "$VIF1"
	spread=$?
	tap "$size bytes: both queues carry them" [ $spread = 0 ]
	await 120 nic_drained
	tap "$size bytes: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$size bytes: all leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$sent"
	tap "$size bytes: credit of both queues" accounts_right "$VIF1"
done
fast_nic
tap "to the guest: both queues carry frames" both_rise b2f_packets "datagrams 24 10.0.0.11" stat "$VIF1"
tap "so they do by the guest's count" both_rise b2f_packets "datagrams 24 10.0.0.11" front_stat

spread_start 1400
limit 6250,50000
await 20 rises 20 total "$VIF1" f2b_shaped
timed "rate: one limit for both queues" kbit_is "$VIF1" 1000
xenstore-rm "/local/domain/0/backend/vif/$(xl domid guest1)/0/rate"
tap "rate: none without the key" rises 500 total "$VIF1" f2b_packets
spread_end

stream_start 0
stream_start 1
for n in 1 2; do
	tap "ethtool -L: $n" channels $n
	tap "there are $n soon" await 20 queues_are $n
	tap "guest answers on $n" answers 1
done
tap "ethtool -G" guest 1 ethtool -G eth0 rx 64 tx 32
tap "so many buffers are posted soon" await 20 buffers_are 64
tap "and there are no more" number_is queues \
	"$(guest 1 'cat /sys/kernel/debug/netfront/eth0/q?' | grep -c '^b2f buffers: 64, 64 ')" == 2
tap "guest answers" answers 1
tap "ethtool -G back" guest 1 ethtool -G eth0 rx 256 tx 256
tap "all buffers are posted soon" await 20 buffers_are 256
stream_end 0
stream_end 1
tap "TCP from dom0 outlived that" stream_whole 0
tap "TCP from the guest outlived that" stream_whole 1
tap "more than there are: refused" fails channels 3
tap "none: refused" fails channels 0
tap "ethtool -G: fewer slots than a packet has: refused" refuses . guest 1 ethtool -G eth0 tx 31
tap "ethtool -s: a speed for bonding" guest 1 ethtool -s eth0 speed 10000 duplex full
tap "is shown" grep -q 'Speed: 10000Mb/s' <(guest 1 ethtool eth0)
tap "at the other end, too" ethtool -s "$VIF1" speed 10000 duplex full
tap "is shown there" grep -q 'Speed: 10000Mb/s' <(ethtool "$VIF1")
tap "still two" queues_are 2

polls=$(events_of_pings total "$VIF1" f2b_polls)
timed "the poll that takes a frame gives its slots back" number_is "polls" "$polls" '<' 112

tap "ethtool -c: adaptive by default" grep -q 'Adaptive RX: on' <(ethtool -c "$VIF1" && guest 1 ethtool -c eth0)
many=$(events_of_pings front_total b2f_events)
guest 1 ethtool -C eth0 rx-frames 64 rx-usecs 50000
few=$(events_of_pings front_total b2f_events)
tap "ethtool -C: fewer events of frames received" half_as_many "events in the guest" "$many" "$few"
tap "is shown" grep -qE '^rx-usecs:\s*50000$' <(guest 1 ethtool -c eth0)
guest 1 ethtool -C eth0 rx-frames 1 rx-usecs 0
many=$(events_of_pings total "$VIF1" f2b_events)
ethtool -C "$VIF1" rx-frames 64 rx-usecs 50000
few=$(events_of_pings total "$VIF1" f2b_events)
tap "the same of dom0's end" half_as_many "events in dom0" "$many" "$few"
ethtool -C "$VIF1" rx-frames 1 rx-usecs 0
none=$(events_of_pings front_total f2b_events)
timed "frames that are alone are not announced as answered" number_is "events" "$none" '<' 10
tap "their slots come back all the same" await 5 all_answered
few=$(events_of_flood)
guest 1 ethtool -C eth0 tx-frames 1
each=$(events_of_pings front_total f2b_events)
tap "but where the user wants it" number_is "events" "$each" '>' 37
many=$(events_of_flood)
tap "more events of slots answered, where the user wants them" half_as_many "events in the guest" "$many" "$few"
guest 1 ethtool -C eth0 tx-frames 64

tap "numbers of the user's own turn that off" grep -q 'Adaptive RX: off' <(ethtool -c "$VIF1")
many=$(events_of_rush rush_of_guest total "$VIF1" f2b_events)
tap "until the user wants it back" ethtool -C "$VIF1" adaptive-rx on
few=$(events_of_rush rush_of_guest total "$VIF1" f2b_events)
timed "where frames come fast, fewer events in dom0" half_as_many "events in dom0" "$many" "$few"
many=$(events_of_rush rush_of_dom0 front_total b2f_events)
tap "adaptive in the guest again" guest 1 ethtool -C eth0 adaptive-rx on
few=$(events_of_rush rush_of_dom0 front_total b2f_events)
timed "and in the guest" half_as_many "events in the guest" "$many" "$few"
tap "so it is shown" grep -q 'Adaptive RX: on' <(guest 1 ethtool -c eth0)

tap "frames that would be stuck: refused" refuses 'frames above 1 need usecs' guest 1 ethtool -C eth0 rx-frames 2
tap "so it is in dom0" refuses 'frames above 1 need usecs' ethtool -C "$VIF1" rx-frames 2
tap "more slots than a quarter of the ring: refused" refuses 'tx-frames: 1 to 64' guest 1 ethtool -C eth0 tx-frames 65
tap "ethtool -t: all is well" test_passes
slow_nic 1mbit
spread_start 600
tap "ethtool -t: so it is in a flood" test_passes
spread_end
await 60 nic_drained
fast_nic
limit 0,1000000
tap "ethtool -t: a backend that takes no frames" await 20 test_says 0 0 '[1-4]'
xenstore-rm "/local/domain/0/backend/vif/$(xl domid guest1)/0/rate"
ip link set "$VIF1" down
tap "ethtool -t: no link" await 20 test_says 1 0 4
ip link set "$VIF1" up
tap "ethtool -t: the link is back" await 20 test_says 0 0 0
tap "accounts" accounts_right "$VIF1"

echo 1 >/sys/module/netback/parameters/max_queues
again
tap "a backend of one queue gets one" await 20 queues_are 1
tap "more than it takes: refused" fails channels 2
echo 5 >/sys/module/netback/parameters/max_queues
again
tap "a backend of five gets what the guest has" await 20 queues_are 2
tap "guest answers" answers 1

slow_nic 1mbit
spread_start 600
tap "credit of both queues is held" await 30 in_use "$VIF1" 300
guest_destroy 1
tap "a guest destroyed then is gone" await 30 guest_gone
await 60 nic_drained
tap "and nothing of its queues is left" await 10 users_are 0
SCRIPT
} | in_lab --topology bridge --guests 2 --queues 2 --back-param check_ledger=1
