# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Promise 2, dom0's side: guests that send as fast as they can into a NIC slower
# than they are lose nothing, use the NIC fully, and get all credit back.
# GUESTS is how many share the NIC.

frames=20000

# Rate at the queue in percent of what the NIC can send, while all floods last.
share_used()
{
	local bytes=$1 usec=$2 bits_per_second=$3
	awk -v b="$bytes" -v u="$usec" -v r="$bits_per_second" \
		'BEGIN { printf "%.1f\n", b * 8e6 / u / r * 100 }'
}

# Wait until the first flood is over: until then the NIC must never be idle.
measure()
{
	local size=$1 mbit=$2 n each=$((frames / GUESTS)) pids=() start bytes
	slow_nic "${mbit}mbit"
	for ((n = 1; n <= GUESTS; n++)); do
		flood $n "$size" $each >"/run/sent$n" &
		pids+=($!)
	done
	await 30 [ "\$(nic_count backlog)" != 0 ]
	start=$EPOCHREALTIME bytes=$(nic_count bytes)
	wait -n "${pids[@]}"
	bytes=$(($(nic_count bytes) - bytes))
	share=$(share_used "$bytes" $((${EPOCHREALTIME/./} - ${start/./})) "${mbit}000000")
	wait "${pids[@]}"
	await 120 nic_drained
	sent=$(awk '{ n += $2 } END { print n + 0 }' /run/sent[1-9])
}

for row in 60:1 128:2 129:2 600:8 1400:8; do
	size=${row%:*} mbit=${row#*:} dropped_before=0
	measure "$size" "$mbit"
	name="$topology, $GUESTS guests, $size bytes at $mbit Mbit/s"
	tap "$name: all frames sent" number_is sent "$sent" == $((frames / GUESTS * GUESTS))
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$sent"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: the NIC is used" number_is "share of the rate in percent" "$share" '>=' 98
	for ((n = 1; n <= GUESTS; n++)); do
		tap "$name: credit of guest $n" accounts_right "$(vif $n)"
	done
done
