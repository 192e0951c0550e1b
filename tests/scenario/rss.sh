# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Hashing by a backend's control ring, as a guest of two queues sets it. Behind queues.sh.

# connects: 30 attempts at a TCP connection with guest 1, each a flow of its own.
connects()
{
	local i
	for ((i = 0; i < 30; i++)); do
		{ : <>/dev/tcp/10.0.0.11/9; } 2>/dev/null
	done
	return 0
}

# all_to QUEUE COMMAND...: but for what is underway anyway, the other one gets nothing.
all_to()
{
	local queue=$1 before=() after=()
	shift
	mapfile -t before < <(front_stat q0_b2f_packets q1_b2f_packets)
	"$@"
	mapfile -t after < <(front_stat q0_b2f_packets q1_b2f_packets)
	number_is "to queue $queue" $((after[queue] - before[queue])) '>=' 30 &&
		number_is "to the other" $((after[1 - queue] - before[1 - queue])) '<' 6
}

# all_to_one COMMAND...: to either.
all_to_one()
{
	local before=() after=() more less
	mapfile -t before < <(front_stat q0_b2f_packets q1_b2f_packets)
	"$@"
	mapfile -t after < <(front_stat q0_b2f_packets q1_b2f_packets)
	more=$((after[0] - before[0])) less=$((after[1] - before[1]))
	[ $more -gt $less ] || { local swap=$more; more=$less less=$swap; }
	number_is "to one queue" $more '>=' 30 && number_is "to the other" $less '<' 6
}

# newly_hashed: how many frames come with their hash now.
newly_hashed()
{
	local before=() after=()
	mapfile -t before < <(front_stat q0_b2f_hashed q1_b2f_hashed)
	connects
	mapfile -t after < <(front_stat q0_b2f_hashed q1_b2f_hashed)
	echo $((after[0] + after[1] - before[0] - before[1]))
}

hashed()
{
	number_is hashed "$(newly_hashed)" '>=' 30
}

not_hashed()
{
	number_is hashed "$(newly_hashed)" '==' 0
}

shown()
{
	local pattern=$1
	shift
	guest 1 "$@" >/run/shown
	cat /run/shown
	grep -qE "$pattern" /run/shown
}

# steered: the user's table decides.
steered()
{
	local queue
	for queue in 1 0; do
		tap "ethtool -X: all to queue $queue" guest 1 ethtool -X eth0 start $queue equal 1
		tap "all go there" all_to $queue connects
	done
	tap "frames come with their hash" hashed
	tap "ethtool -X: to both" guest 1 ethtool -X eth0 equal 2
	tap "both get some" both_rise b2f_packets connects front_stat
}
