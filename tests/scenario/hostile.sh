# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What the hostile scenarios share in dom0. Guest 1 attacks or is attacked, guest 2 is a
# bystander with traffic in both directions all the time.

bystander_start()
{
	local trickle='exec {never}<> <(:); while printf %10000s; do read -rt 0.2 -u $never; done'
	socat -u TCP-LISTEN:7000 OPEN:/dev/null &
	guest 2 socat -u TCP-LISTEN:7000 OPEN:/dev/null &
	bash -c "$trickle" | socat -d -u - TCP:10.0.0.12:7000,retry=50 2>/run/bystander_to &
	bystander_to=$!
	guest 2 "$trickle | socat -d -u - TCP:10.0.0.1:7000,retry=50" 2>/run/bystander_from &
	bystander_from=$!
	ping -i 0.2 -W 10 10.0.0.12 >/run/bystander_ping &
	bystander_ping=$!
	rises 100 stat "$VIF2" q0_f2b_packets
}

# bystander_lives: its traffic goes on now.
bystander_lives()
{
	rises 20 stat "$VIF2" q0_f2b_packets && rises 20 stat "$VIF2" q0_b2f_packets &&
		ping -q -c 1 -W 10 10.0.0.12
}

# bystander_unharmed: no ping was lost but one on its way, nothing was dropped, and both
# its connections are the ones of the beginning.
bystander_unharmed()
{
	local sent received
	kill -INT "$bystander_ping"
	wait "$bystander_ping"
	tail -n 3 /run/bystander_ping
	tail /run/bystander_to /run/bystander_from
	read -r sent received < <(awk '/packets transmitted/ { print $1, $4 }' /run/bystander_ping)
	[ "$received" -gt 20 ] && [ $((sent - received)) -le 1 ] &&
		kill -0 "$bystander_to" && kill -0 "$bystander_from" &&
		silent sed -n '/_drop_.*: [1-9]/p' <(ethtool -S "$VIF2")
}

# ---- guest 1 as an attacker ----

# frontend_goes, frontend_comes: guest 1's device, from netfront to the peer and back.
frontend_goes()
{
	guest 1 'modprobe -a xen-gntalloc
		echo vif-0 >/sys/bus/xen/drivers/netfront/unbind'
}

frontend_comes()
{
	guest 1 'echo vif-0 >/sys/bus/xen/drivers/netfront/bind' &&
		await 20 guest 1 /etc/lab/net-up
}

# works_again: the same interface serves an honest frontend, with all its credit.
works_again()
{
	frontend_comes && answers 1 && accounts_right "$VIF1"
}

# drop_counters VIF: its drops, as "ring_reason number".
drop_counters()
{
	ethtool -S "$1" | sed -nE 's/ *q0_([fb]2[fb])_drop_([a-z_]*): (.*)/\1_\2 \3/p'
}

# said REASON: dom0's log names domain, queue and reason.
said()
{
	dmesg | grep -E "$VIF1: domain [0-9]+ queue 0[: ].*${reason_text[$1]}" ||
		{ dmesg | grep -v xenbr0 | tail -n 20; return 1; }
}

# answered ATTACK ANSWERS: what the peer reported, and that the interface then worked.
answered()
{
	grep -F "$1:" /run/answers
	grep -qE "^$1: $2 ?alive\$" /run/answers
}

# counted RING_REASON BEFORE TIMES: how many frames dom0 sent is dom0's affair.
counted()
{
	local operator='=='
	[ "${1%%_*}" = f2b ] || operator='>='
	number_is "$1" "$(($(stat "$VIF1" "q0_${1%%_*}_drop_${1#*_}") - $2))" "$operator" "$3"
}

# attack TABLE: lines "attack|answers|ring_reason", made one after the other. The last
# column empty: nothing is counted. Afterwards each counter has risen by as many as the
# table says.
attack()
{
	local name answers reason line rows
	local -A before expected
	mapfile -t rows < <(grep . <<<"$1")
	while read -r reason line; do before[$reason]=$line; done < <(drop_counters "$VIF1")
	dmesg -C
	guest 1 /root/in/peer front "${rows[@]%%|*}" >/run/answers 2>&1
	for line in "${rows[@]}"; do
		IFS='|' read -r name answers reason <<<"$line"
		tap "$name: answered, and the interface works" answered "$name" "$answers"
		[ -z "$reason" ] || expected[$reason]=$((expected[$reason] + 1))
	done
	for reason in "${!expected[@]}"; do
		tap "the log names ${reason#*_}" said "${reason#*_}"
		tap "$reason is counted, once for each frame from the guest" counted "$reason" \
			"${before[$reason]}" "${expected[$reason]}"
	done
	tap "the bystander's traffic goes on" bystander_lives
}

# attacker_dies USERS: with frames underway and without a word; USERS as of the start.
attacker_dies()
{
	local peer
	slow_nic 50kbit
	frontend_goes
	guest 1 /root/in/peer front desert >/dev/null 2>&1 &
	peer=$!
	tap "frames of guest 1 are underway" await 30 at_least 8 live_holds "$(vif 1)"
	guest_destroy 1
	wait $peer
	fast_nic
	tap "guest 1 destroyed with frames underway: its domain goes" await 20 guest_gone
	tap "guest 1 destroyed: its device and its queue are gone" \
		await 20 users_are $(($1 - 2))
}

# every_reason_counted COUNTS: a file of "reason number", any number of lines each.
every_reason_counted()
{
	local reason missing=
	for reason in $reasons; do
		awk -v r="$reason" '$1 == r { n += $2 } END { exit !n }' "$1" || missing+=" $reason"
	done
	echo "never counted:$missing"
	[ -z "$missing" ]
}

# lines_logged MAX: at most so many of ours are in the log, and some.
lines_logged()
{
	local lines
	lines=$(dmesg | grep -c 'netback vif')
	number_is "lines in the log" "$lines" '>' 0 && number_is "lines in the log" "$lines" '<=' "$1"
}
