#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Static grants: with both ends of ours, frames move without a hypercall for their data,
# both ways, while a queue is used much; with less room, or none, at the backend the others
# are copied as ever.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/queues.sh
	cat <<'SCRIPT'
parameters=/sys/module/netback/parameters
# Guest 1's floods are not for guest 2.
bridge fdb replace $nowhere_mac dev "$NIC" master static

# statics_are N0 [N1]: how many are mapped of each queue of guest 1.
statics_are()
{
	local queue=0 count
	for count; do
		number_is "queue $queue" "$(sed -n 's/^static grants: \([0-9]*\) of .*/\1/p' \
			"/sys/kernel/debug/netback/$VIF1/q$queue")" == "$count" || return 1
		queue=$((queue + 1))
	done
}

# text: more than a MB, no two lines of it alike.
text='seq 1000000 1200000'
sum=$(bash -c "$text" | sha256sum)

# whole FROM: the text from dom0 (0) or guest 1 (1) to the other, every byte of it.
whole()
{
	local from=$1 to=$((1 - $1)) address=(10.0.0.1 10.0.0.11)
	on $to "timeout 300 socat -u TCP4-LISTEN:5000,reuseaddr STDOUT | sha256sum" >/run/received &
	on "$from" "$text | socat -u STDIN TCP4:${address[to]}:5000,retry=100,interval=0.1" || return 1
	wait $!
	echo "sent $sum, received $(cat /run/received)"
	[ "$sum" = "$(cat /run/received)" ]
}

both_ways()
{
	whole 0 && whole 1
}

# raises COMMAND [!]RING_COUNTER...: whether each rises while COMMAND runs.
raises()
{
	local command=$1 name before=()
	shift
	for name; do before+=("$(total "$VIF1" "${name#!}")"); done
	$command || return 1
	for name; do
		number_is "${name#!}" $(($(total "$VIF1" "${name#!}") - before[0])) \
			"$([ "$name" = "${name#!}" ] && echo '>' || echo '==')" 0 || return 1
		before=("${before[@]:1}")
	done
}

uses()
{
	raises both_ways "$@"
}

# shared OPERATOR LIMIT: the hypercalls that copy 1000 frames to guest 1, which come
# as fast as dom0 can send them one by one.
rush=$((1000 / SCALE))
shared()
{
	local before
	before=$(total "$VIF1" b2f_copy_batches)
	bash -c "$(pktgen "$VIF1" 60 $rush dst_mac=00:16:3e:00:00:0b)" || return 1
	number_is hypercalls $(($(total "$VIF1" b2f_copy_batches) - before)) "$@"
}

flag()
{
	guest 1 ethtool --set-priv-flags eth0 static-grants "$1"
}

# anew RX: guest 1 connects anew, and sizes its ring by the way.
anew()
{
	guest 1 ethtool -G eth0 rx "$1" && await 20 posts "$1" && answers 1
}

posts()
{
	number_is buffers "$(front_stat q0_b2f_posted)" == "$1"
}

tap "an interface that is not used much has none" statics_are 0 0
tap "nor pages to be granted" number_is granted \
	"$(guest 1 'cat /sys/kernel/debug/netfront/eth0/q?' | grep -c 'static grants: 0')" == 4
in_demand 1 eth0 2
tap "all pages of both queues are mapped when they are used" await 20 statics_are 512 512
tap "no grant is copied then, either way" uses f2b_static_copies b2f_static_copies \
	'!f2b_copies' '!b2f_copies'
tap "guest 1 shows its flag" grep -q 'static-grants: on' <(guest 1 ethtool --show-priv-flags eth0)
tap "to guest 2 and back" answers 2
tap "from guest to guest, large" guest 1 ping -q -c 5 -i 0.2 -s 8000 10.0.0.12
tap "the queues of a guest share nothing" both_rise f2b_static_copies \
	"spread_flood 600 200" stat "$VIF1"
rest()
{
	sleep 12
	statics_are 0 0
}
tap "none is left after some seconds with few frames" rest
tap "nor pages granted" number_is granted \
	"$(guest 1 'cat /sys/kernel/debug/netfront/eth0/q?' | grep -c 'static grants: 0')" == 4
tap "few frames are copied by grants" raises "answers 1" f2b_copies b2f_copies '!f2b_static_copies' \
	'!b2f_static_copies'
in_demand 1 eth0 2
tap "all are mapped again" await 20 statics_are 512 512

tap "off" flag off
tap "nothing is mapped any more" statics_are 0 0
tap "all is copied by grants" uses f2b_copies b2f_copies '!f2b_static_copies' '!b2f_static_copies'
timed "where frames to the guest come fast, many share a hypercall" shared '<' $((rush / 3))
tap "unless the user does not want that" ethtool -C "$VIF1" adaptive-tx off
tap "each has its own then" shared '>=' $rush
tap "so many as the user says" ethtool -C "$VIF1" tx-frames 16 tx-usecs 50000
tap "have one" shared '<' $((rush / 8))
tap "fewer are not forgotten" answers 1
tap "is shown" grep -qE '^tx-frames:\s*16$' <(ethtool -c "$VIF1")
tap "adaptive again" ethtool -C "$VIF1" adaptive-tx on
tap "is shown" grep -q 'TX: on' <(ethtool -c "$VIF1")
tap "on" flag on
in_demand 1 eth0 2
tap "all is mapped again" await 20 statics_are 512 512
tap "and used" uses f2b_static_copies b2f_static_copies

stream_start 0
stream_start 1
switched()
{
	local i
	for i in 1 2 3 4; do
		flag off && flag on || return 1
	done
}
tap "off and on four times while streams go both ways" switched
tap "the streams go on: to the guest" rises 20 total "$VIF1" b2f_packets
tap "and from it" rises 20 total "$VIF1" f2b_packets
stream_end 0
stream_end 1
tap "every byte to the guest" stream_whole 0
tap "every byte from it" stream_whole 1
tap "a smaller ring takes fewer pages" guest 1 ethtool -G eth0 tx 64
await 20 answers 1
in_demand 1 eth0 2
tap "its own and those of the other ring" await 20 statics_are $((64 + 256)) $((64 + 256))
tap "frames hashed by the backend as well" guest 1 ethtool -X eth0 equal 2
tap "hashed: both ways" uses f2b_static_copies b2f_static_copies '!f2b_copies' '!b2f_copies'

echo 100 >$parameters/static_grants
tap "a backend with room for 100" anew 128
in_demand 1 eth0 2
tap "takes those of what the guest sends, and a few" await 20 statics_are 100 100
tap "all of its frames move without a hypercall, of others some" \
	uses f2b_static_copies '!f2b_copies' b2f_static_copies b2f_copies
echo 0 >$parameters/static_grants
tap "a backend without" anew 256
tap "copies by grants" uses f2b_copies b2f_copies '!f2b_static_copies' '!b2f_static_copies'
tap "nothing of it is worth a warning" fails guest 1 'dmesg | grep "static grants"'
echo 512 >$parameters/static_grants
tap "and one with room" anew 128
in_demand 1 eth0 2
tap "is used, by as many buffers as there are" await 20 statics_are $((64 + 128)) $((64 + 128))

# Of all queues.
in_all()
{
	number_is pages "$(sed 's/ of .*//' /sys/kernel/debug/netback/static_grants)" "$@"
}
tap "of all queues together" in_all == $((2 * (64 + 128)))
echo 400 >$parameters/static_grants_total
tap "a backend with few for all guests" anew 256
in_demand 1 eth0 2
tap "gives each of two queues a sixteenth of what is left" await 20 statics_are 25 23
tap "which work all the same" uses b2f_copies f2b_copies f2b_static_copies
tap "counts no more" in_all == 48
tap "has nobody ask for more than that" number_is refused "$(stat "$VIF1" ctrl_grefs_no_room)" == 0
echo 15 >$parameters/static_grants_total
tap "a backend that has less than one for each" anew 128
in_demand 1 eth0 2
tap "gives none" statics_are 0 0
echo 65536 >$parameters/static_grants_total
tap "and one with room again" anew 256
in_demand 1 eth0 2
tap "is used" await 20 statics_are $((64 + 256)) $((64 + 256))
tap "accounts" accounts_right "$VIF1"

users=$(users)
spread_start 600
guest_destroy 1
wait "${spread[@]}"
tap "guest 1 is destroyed with its pages mapped: its domain goes" await 20 guest_gone
tap "its device and queues are gone" await 20 users_are $((users - 3))
tap "guest 2 is still served" answers 2
tap "accounts of guest 2" accounts_right "$VIF2"
SCRIPT
} | in_lab --topology bridge --guests 2 --queues 2 --back-param check_ledger=1
