# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For scenarios in which one end of the interface goes and comes back: one TCP connection
# that has to live through it all.

# stream_start: guest 1 sends numbered lines to dom0, which returns them. Nothing of it
# holds a channel to the guest: a guest with one cannot be saved.
stream_start()
{
	socat TCP-LISTEN:7000,reuseaddr PIPE &
	stream_pid=$!
	guest 1 "rm -f /run/stream-end; setsid bash -c '
		number=0
		until [ -e /run/stream-end ]; do
			echo \$((number++))
			sleep 0.02
		done | socat -t 600 - TCP:10.0.0.1:7000,retry=20 >/run/stream
		echo \$? >/run/stream-status' </dev/null >/dev/null 2>&1 &"
}

# stream_lines: how many have come back.
stream_lines()
{
	guest 1 wc -l /run/stream | awk '{ print $1 }'
}

# stream_flows: more of them do. A connection that was cut off needs its time: the pauses
# between its attempts double.
stream_flows()
{
	local goal=$(($(stream_lines) + 20))
	await 90 at_least $goal stream_lines
}

# stream_end: it ends of its own will, at both ends, and no line is missing or wrong.
stream_end()
{
	guest 1 "touch /run/stream-end"
	await 60 guest 1 "[ -e /run/stream-status ]"
	await 60 fails kill -0 "$stream_pid" || return 1
	# shellcheck disable=SC2016
	guest 1 'read -r status </run/stream-status; echo "status $status, $(wc -l </run/stream) lines"
		awk "\$0 != NR - 1 { wrong++ } END { exit NR == 0 || wrong > 0 }" /run/stream &&
			[ "$status" = 0 ]'
}
