# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Promise 2, dom0's side: guests that send as fast as they can into a NIC slower
# than they are lose nothing, use the NIC fully, and get all credit back.
# GUESTS is how many share the NIC.

# Little more than what the guests' rings hold.
limit=$((GUESTS * 256 + 40))

# Percent of the rate that COUNT frames of SIZE bytes, sent in USEC, make up; less the
# burst, which leaves at once.
share_used()
{
	awk -v n="$1" -v s="$2" -v u="$3" -v r="$4" \
		'BEGIN { printf "%.1f\n", (n * s - 32768) * 8 / u / r * 100 }'
}

# From the first frame to the last: idle moments in between count against us.
measure()
{
	local size=$1 mbit=$2 n pids=()
	slow_nic "${mbit}mbit" $limit
	nic_watch_start
	for ((n = 1; n <= GUESTS; n++)); do
		patient_flood $n "$size" $each >"/run/sent$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
	await 120 nic_drained
	sent=$(awk '{ n += $2 } END { print n + 0 }' /run/sent[1-9])
	nic_watch_stop
	share=$(share_used "$sent" "$size" "$nic_usec" "$mbit")
}

for row in 60:1:6000 128:2:4500 129:2:4500 600:8:4500 1400:8:3000; do
	IFS=: read -r size mbit frames <<<$row
	each=$(($(fewer "$frames") / GUESTS))
	measure "$size" "$mbit"
	name="$topology, $GUESTS guests, $size bytes at $mbit Mbit/s"
	tap "$name: all frames sent" number_is sent "$sent" == $((each * GUESTS))
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$sent"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	timed "$name: the NIC is used" number_is "share of the rate in percent" "$share" '>=' 98
	for ((n = 1; n <= GUESTS; n++)); do
		tap "$name: credit of guest $n" accounts_right "$(vif $n)"
	done
done
