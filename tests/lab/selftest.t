#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests of the lab itself, with the in-tree modules. Run with prove.

LAB=$(cd "$(dirname "$0")" && pwd)
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
count=0

# ok STATUS NAME
ok()
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$TMP/err" "$TMP/out" 2>/dev/null
	fi
}

# is GOT WANTED NAME
is()
{
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || echo "# got '$1', wanted '$2'"
}

# What all runs have in common: one machine is booted for them.
echo brought-in >"$TMP/a file"
machine=("$LAB/run" --front intree --back intree --file "$TMP/a file")

# lab OPTION...: one run, output in $TMP/out and $TMP/err, its directory in RUN.
lab()
{
	local status
	"${machine[@]}" "$@" >"$TMP/out" 2>"$TMP/err" \
		</dev/null
	status=$?
	RUN=$(sed -n 's/^lab: logs: //p' "$TMP/err")
	return $status
}

# script NAME: a SCRIPT from standard input
script()
{
	cat >"$TMP/$1"
	echo "$TMP/$1"
}

# Nothing of this test's own runs is left: each has $TMP in its environment.
export LAB_SELFTEST=$TMP
left_over()
{
	grep -lzxF "LAB_SELFTEST=$TMP" /proc/[0-9]*/environ 2>/dev/null |
		while IFS=/ read -r _ _ pid _; do
			grep -qzF qemu-system "/proc/$pid/cmdline" 2>/dev/null &&
				echo "$pid"
		done
}

nothing_left()
{
	is "$(left_over)" "" "$1: nothing left running"
}

# refused NAME OPTION...: status 2, a message, and no machine started.
refused()
{
	local name=$1
	shift
	lab "$@"
	is $? 2 "$name: status 2"
	grep -q '^lab: ' "$TMP/err"
	ok $? "$name: says why"
	is "$RUN" "" "$name: nothing started"
}

true_script=$(script true <<<true)
refused "unknown option" --nonsense "$true_script"
refused "option without its value" --guests
refused "no SCRIPT"
refused "unreadable SCRIPT" "$TMP/absent"
refused "a directory as SCRIPT" "$TMP"
refused "two SCRIPTs" "$true_script" "$true_script"
refused "guests out of range" --guests 9 "$true_script"
refused "queues out of range" --queues 9 "$true_script"
refused "unknown topology" --topology ring "$true_script"
refused "unreadable file" --file "$TMP/absent" "$true_script"
refused "no regular expression" --allow '(' "$true_script"
refused "an expression that allows everything" --allow '.*' "$true_script"
for wrong in "--kernel 6.2" "--guest-kernel 7" "--xen 4.18" "--debug-kernel --kernel 6.12" \
	"--debug-kernel --guest-kernel 6.12" "--debug-kernel --rt"; do
	# shellcheck disable=SC2086
	refused "$wrong" $wrong "$true_script"
done
"$LAB/run" --help >"$TMP/out" 2>"$TMP/err"
is $? 0 "--help: status 0"
grep -q '^usage:' "$TMP/out"
ok $? "--help prints the usage"

mkdir "$TMP/consoles"
echo "[    1.0] WARNING: made up" >"$TMP/consoles/guest.log"
"$LAB/log-check" "$TMP/consoles" >"$TMP/out"
is $? 1 "log-check: a WARNING is a complaint"
"$LAB/log-check" "$TMP/consoles" 'WARNING: made (up|down)' >"$TMP/out"
is $? 0 "log-check: not where it is allowed"
echo "[    2.0] WARNING: made otherwise" >>"$TMP/consoles/guest.log"
"$LAB/log-check" "$TMP/consoles" 'WARNING: made (up|down)' >"$TMP/out"
is $? 1 "log-check: another one is"
is "$(grep -c made "$TMP/out")" 1 "log-check: and is the only one shown"

lab "$(script all <<-'END'
	echo to-stdout; echo to-stderr >&2; echo again >/dev/stderr
	echo "in dom0: $(cat "/root/in/a file")"
	echo "in guest: $(guest 1 cat "/root/in/a file")"
	guest 1 'echo out; echo err >&2; exit 9' 2>/out/err; echo "guest: $?"
	echo kept >/out/file
	head -c 300000 /dev/urandom >/out/data
	guest 1 "$(printf 'echo %s;' {1..500})" | tail -n 1
	cat <(echo substituted)
	guest 1 head -c 3000000 /dev/zero | wc -c
	guest 1 'ip link set eth0 down'; guest 1 echo no network needed
	guest 1 'ip link set eth0 up'
	guest 2 true; echo "no guest 2: $?"
	guest_destroy 1; guest 1 true; echo "no guest 1: $?"
	sha256sum </out/data
	exit 41
	END
)"
is $? 41 "SCRIPT's status comes back"
for line in to-stdout to-stderr again "in dom0: brought-in" "in guest: brought-in" \
	out "guest: 9" 500 substituted 3000000 "no network needed" "no guest 2: 255" \
	"no guest 1: 255" "$(sha256sum <"$RUN/out/data")"; do
	grep -qxF "$line" "$TMP/out"
	ok $? "output has: $line"
done
grep -q '\[ *[0-9]*\.[0-9]*\]\|(XEN)' "$TMP/out"
is $? 1 "no console noise in the output"
is "$(cat "$RUN/out/file" "$RUN/out/err")" "kept
err" "/out comes out"

lab "$(script again <<-'END'
	guest 1 echo "in guest: not destroyed here"
	ls /out
	exit 42
	END
)"
is $? 42 "the same machine again: its own status"
grep -q -- '-incoming' "$RUN/command"
ok $? "it did not boot, but began where it had been saved"
is "$(cat "$TMP/out")" "in guest: not destroyed here" "nothing of the run before is there"
grep -q 'Linux version' "$RUN/share/console/xen-dom0.log"
ok $? "its log begins with the boot"
nothing_left "SCRIPT ended"

# The only stations that may answer are ours.
lab "$(script nowhere <<-'END'
	status=0
	ip addr add 10.0.2.99/24 dev xenbr0
	for ip in 10.0.0.2 10.0.0.254 10.0.2.2 10.0.2.3 10.0.2.15; do
		arping -q -c 2 -w 3 -I xenbr0 $ip && { echo "$ip answers"; status=1; }
	done
	ip route add default via 10.0.2.2
	for ip in 10.0.2.2 192.0.2.1 198.51.100.1; do
		ping -q -c 1 -W 2 $ip >/dev/null && { echo "$ip answers"; status=1; }
	done
	busybox udhcpc -i xenbr0 -n -q -t 2 -T 2 -s /bin/true 2>/dev/null &&
		{ echo "a DHCP server answers"; status=1; }
	received=$(cat /sys/class/net/$NIC/statistics/rx_packets)
	[ "$received" = 0 ] || { echo "$NIC received $received packets"; status=1; }
	sent=$(cat /sys/class/net/$NIC/statistics/tx_packets)
	[ "$sent" -gt 10 ] || { echo "$NIC sent only $sent packets"; status=1; }
	arping -q -c 2 -w 3 -I xenbr0 10.0.0.11 ||
		{ echo "the guest does not answer"; status=1; }
	exit $status
	END
)"
is $? 0 "nothing answers beyond the NIC"

lab "$(script warn0 <<<'echo "WARNING: CPU: 0 made up" >/dev/kmsg; sleep 1')"
is $? 3 "a WARNING in dom0's log fails the run"
grep -q 'made up' "$TMP/err"
ok $? "and the line is shown"

lab "$(script warn1 <<<'guest 1 "echo BUG: made up >/dev/kmsg"; guest_destroy 1')"
is $? 3 "a BUG in the log of a guest that is gone fails the run"

start=$SECONDS
lab --timeout 20 "$(script long <<<'sleep 1000')"
is $? 124 "time runs out: status 124"
[ $((SECONDS - start)) -lt 60 ]
ok $? "and in time"
nothing_left "time ran out"

# exec: $! is the lab itself
(exec "${machine[@]}" "$TMP/long" \
	>"$TMP/out" 2>"$TMP/err" </dev/null) &
sleep 15
kill -TERM $!
wait $!
is $? 143 "ended by TERM: status 143"
nothing_left "TERM"

# As a person does: type when there is a prompt.
type_at_prompt()
{
	local i
	for ((i = 0; i < 250; i++)); do
		grep -q 'dom0:~#' "$TMP/out" && break
		sleep 1
	done
	# shellcheck disable=SC2016
	printf 'echo typed $((6 * 7))\nexit\n'
	sleep 20
}
: >"$TMP/out"
type_at_prompt | timeout 280 "${machine[@]}" --keep \
	>"$TMP/out" 2>"$TMP/err"
is $? 0 "--keep: leaving the shell ends it well"
grep -q 'typed 42' "$TMP/out"
ok $? "--keep: a shell reads the terminal"
nothing_left "--keep"

echo "1..$count"
