#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A backend that breaks every rule there is for one: the guest's interface stops or loses
# a frame, says why, leaks nothing, and works again as soon as a good backend is back.
. "$(dirname "$0")/lib.sh"
. tests/scenario/hostile-lab.sh
# The kernel's word when an answered page turns out to be mapped still: rx-in-use, tx-in-use.
hostile_in_lab back --back-param check_ledger=1 --front-param static_grants=0 \
	--allow 'xen:grant_table: WARNING: g\.e\. 0x[0-9a-f]+ still in use!' <<'SCRIPT'
domid=$(xl domid guest1)
driver=/sys/bus/xen-backend/drivers/netback

# A trickle from guest 1 to a station nobody is, whatever becomes of it.
trickle_start()
{
	guest 1 "ip neigh replace $nowhere_ip lladdr $nowhere_mac dev eth0 nud permanent
		ping -i 0.1 $nowhere_ip >/dev/null 2>&1 &"
}

# netback_goes, netback_comes: guest 1's backend device, and what its hotplug script did.
netback_goes()
{
	echo "vif-$domid-0" >$driver/unbind
}

netback_comes()
{
	echo "vif-$domid-0" >$driver/bind
	vif_online
}

# front_counters: guest 1's drops, as "reason number".
front_counters()
{
	guest 1 "ethtool -S eth0; grep -E 'MemAvailable' /proc/meminfo" |
		sed -nE 's/ *q0_drop_([a-z_]*): (.*)/\1 \2/p; s/(MemAvailable): *([0-9]*) .*/\1 \2/p'
}

count_of()
{
	awk -v r="$1" '$1 == r { print $2 }' "/run/$2"
}

counted()
{
	number_is "$1" "$(($(count_of "$1" after) - $(count_of "$1" before)))" "$2" "$3"
}

# attack_done ATTACK: the frontend took the connection, and the attack could be made.
attack_done()
{
	grep -F "$1:" /run/answers
	grep -qE "^$1: .*done\$" /run/answers
}

front_said()
{
	grep -E "eth0: backend in domain 0, queue 0: .*${reason_text[$1]}" /run/guest_log ||
		{ grep 'backend in' /run/guest_log; return 1; }
}

# attacks TABLE: lines "attack|reason|times", as attack in hostile.sh.
attacks()
{
	local line name reason times rows
	local -A expected
	mapfile -t rows < <(grep . <<<"$1")
	front_counters >/run/before
	guest 1 dmesg -C
	/root/in/peer back "$domid" "${rows[@]%%|*}" >/run/answers 2>&1
	cat /run/answers >>/run/all_answers
	front_counters >/run/after
	guest 1 dmesg >/run/guest_log
	for line in "${rows[@]}"; do
		IFS='|' read -r name reason times <<<"$line"
		tap "$name: done, and the frontend connects again" attack_done "$name"
		[ -z "$reason" ] || expected[$reason]=$((expected[$reason] + times))
	done
	for reason in "${!expected[@]}"; do
		# nothing is wrong with frames that a closing backend has not answered
		[ $reason = not_connected ] ||
			tap "guest 1's log names $reason" front_said "$reason"
		tap "$reason is counted, each time" counted "$reason" '>=' "${expected[$reason]}"
	done
	cat /run/after >>/run/counts
	tap "the bystander's traffic goes on" bystander_lives
}

# datagrams_whole: guest 1 has received what rx-offset sends.
datagrams_whole()
{
	local size wanted
	wanted=$(for size in 60 256 257 1514 4094; do
		printf '0123456789%.0s' {1..500} | head -c $((size - 42))
	done | sha256sum)
	guest 1 'ls -l /run/received'
	[ "$(guest 1 'sha256sum </run/received')" = "$wanted" ]
}

# rtnl_start, rtnl_longest: the second prints for how many milliseconds something has held
# guest 1's RTNL at most since the first.
rtnl_start()
{
	guest 1 'rm -f /run/rtnl_end
		until [ -e /run/rtnl_end ]; do
			start=${EPOCHREALTIME/./}
			ip link set lo up
			echo $(((${EPOCHREALTIME/./} - start) / 1000))
			sleep 0.2
		done >/run/rtnl' &
	rtnl=$!
}

rtnl_longest()
{
	guest 1 touch /run/rtnl_end
	wait "$rtnl"
	guest 1 'sort -n /run/rtnl | tail -n 1'
}

# never_held_up: guest 1 stopped at once whenever a backend closed.
never_held_up()
{
	cat /run/all_answers
	! grep 'held up' /run/all_answers
}

hashes()
{
	ping -q -c 2 10.0.0.11 && number_is hashed "$(front_stat q0_b2f_hashed)" '>' 0
}

events()
{
	guest 1 ethtool -S eth0 | awk '/q0_.2._events:/ { n += $2 } END { print n }'
}

bystander_start
trickle_start
netback_goes
attacks '
nothing||
rx-empty|runt|1
rx-runt|runt|1
rx-error|peer_error|2
rx-too-many|too_many_slots|1
rx-fragments|too_many_slots|1
rx-oversize|oversize|1
rx-blank|bad_checksum|1
rx-gso-nothing|bad_checksum|1
rx-gso-whole||
tx-error|peer_error|2
tx-none|not_connected|1
mcast-refused|control|1
mcast-none||
nothing||'
tap "the sum of a frame to be segmented that was not blank is mended, as counted" \
	number_is mended "$(front_stat rx_gso_checksum_fixup)" == 1
attacks '
rx-mended|bad_id|1
rx-unknown-id|bad_id|1
rx-twice|bad_id|1
rx-index-ahead|ring_overflow|1
rx-index-back|ring_overflow|1
rx-crosses-page|crosses_page|1
rx-huge|crosses_page|1
rx-endless|cut_off|1
rx-extra-unknown|bad_extra|1
rx-extra-endless|cut_off|1
rx-gso-type|bad_gso|1
rx-gso-size|bad_gso|1
rx-in-use|grant_in_use|1
tx-unknown-id|bad_id|1
tx-other-id|bad_id|1
tx-twice|bad_id|1
mcast-twice|bad_id|1
tx-null|bad_id|1
tx-in-use|grant_in_use|1
tx-index-ahead|ring_overflow|1
nothing||'
tap "guest 1 has its memory back" number_is "kB fewer available" \
	$(($(count_of MemAvailable before) - $(count_of MemAvailable after))) '<' 8000

guest 1 'timeout 600 socat -u UDP4-RECV:9 OPEN:/run/received,creat,trunc' &
receiver=$!
attacks '
rx-offset||'
tap "data behind an offset of 2, up to the page's end: every byte arrives" await 20 datagrams_whole
guest 1 pkill socat
wait $receiver

static_grants()
{
	guest 1 "echo $1 >/sys/module/netfront/parameters/static_grants"
}

static_grants 256
attacks '
grefs-refused||
grefs-none||
grefs-small||
grefs-kept||
nothing||'
tap "guest 1's log says which static grants it could not have" number_is lines \
	"$(grep -cE 'does not do as it is told of static grants|control message unanswered' /run/guest_log)" == 2
static_grants 0

tap "guest 1 wants its frames hashed" grep -q 'requested on' \
	<(guest 1 ethtool -K eth0 rxhash on 2>&1)
rtnl_start
attacks '
ctrl-none||
ctrl-early||
ctrl-slow||
ctrl-left||
ctrl-other-id||
ctrl-other-type||
ctrl-index-ahead||
ctrl-refused||
ctrl-status||
ctrl-small||'
tap "no message held RTNL" number_is milliseconds "$(rtnl_longest)" '<' 1000
tap "messages without an answer" number_is unanswered "$(front_stat ctrl_unanswered)" == 3
tap "answers to something else, an index out of range" \
	number_is broken "$(front_stat ctrl_broken)" == 3
tap "answers that refuse" number_is refused "$(front_stat ctrl_refused)" == 3
tap "guest 1's log names each" number_is lines "$(grep -cE \
	'control message (unanswered|answered wrongly)|does not hash frames' /run/guest_log)" == 8

attacks '
rx-flood|peer_error|10000'
tap "10000 bad answers: few lines" number_is "lines in guest 1's log" \
	"$(grep -c 'backend in' /run/guest_log)" '<=' 100
before=$(events)
/root/in/peer back "$domid" storm >/run/answers
tap "event storm: guest 1 lives" guest 1 true
tap "event storm: Xen holds most of it back" number_is "events per 100 notifications" \
	$((100 * ($(events) - before) / $(sed 's/.*notified \([0-9]*\).*/\1/' /run/answers))) '<' 50

tap "no backend kept guest 1 from stopping" never_held_up
tap "netback is back" netback_comes
tap "guest 1 works again" answers 1
tap "and has its frames hashed, as it wanted" await 20 hashes
tap "guest 1: its credit" accounts_right "$VIF1"
tap "every reason a backend can cause was counted" every_reason_counted /run/counts
tap "the bystander was never harmed" bystander_unharmed
tap "the bystander's credit" accounts_right "$VIF2"
SCRIPT
