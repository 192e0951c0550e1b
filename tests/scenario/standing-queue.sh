# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153,SC2154
#
# Promise 2b: no more of a guest is under way in dom0 than keeps the way out busy. Floods
# go through queues that a NIC of dom0's may have, with the limits they have by themselves:
# none drops a frame, the NIC is used, and what stands in it is short. ROWS says which, in
# lines of "GUESTS MBIT SIZE QDISC..."; GUESTS is the most.

# nic_queue MBIT QDISC...: the NIC sends so much, and QDISC decides what.
nic_queue()
{
	local mbit=$1
	shift
	fast_nic
	standing=1:
	case $* in
	*bandwidth*)
		tc qdisc add dev "$NIC" root handle 1: "$@"
		;;
	netem*)
		standing=10:
		tc qdisc add dev "$NIC" root handle 1: "$@"
		tc qdisc add dev "$NIC" parent 1:1 handle 10: \
			tbf rate "${mbit}mbit" burst 32kb limit 4mb
		;;
	*)
		tc qdisc add dev "$NIC" root handle 1: \
			tbf rate "${mbit}mbit" burst 32kb limit 4mb
		tc qdisc add dev "$NIC" parent 1:1 handle 10: "$@"
		;;
	esac
}

# dropped: by the queues of the NIC; each counts what those inside it drop.
dropped()
{
	tc -s qdisc show dev "$NIC" |
		awk '/ Sent / { gsub(/,/, "", $7); if ($7 > n) n = $7 } END { print n + 0 }'
}

# nic_stands: bytes in the queue $standing.
nic_stands()
{
	tc -s qdisc show dev "$NIC" | awk -v handle="$standing" '
		/^qdisc/ { here = $3 == handle; seen = 0 }
		here && / backlog / && !seen++ { print $2 + 0 }'
}

# look: "USEC FRAMES BYTES" so far, and what stands, a line each time, until told to end.
look()
{
	local pause packets
	exec {pause}<> <(:)
	until [ -e /run/look_end ]; do
		read -r packets <"/sys/class/net/$NIC/statistics/tx_packets"
		echo "${EPOCHREALTIME/./} $packets $(nic_stands)"
		read -r -t 0.1 -u "$pause"
	done
}

# share_between SIZE MBIT: percent of the rate, of what left the NIC between a fifth and
# nine tenths of all frames: without the burst that tbf lets pass first.
share_between()
{
	awk -v size="$1" -v rate="$2" '
		{ t[NR] = $1; n[NR] = $2 }
		END {
			all = n[NR] - n[1]
			for (i = 1; i <= NR; i++) {
				if (!a && n[i] - n[1] >= all / 5) a = i
				if (n[i] - n[1] <= all * 0.9) b = i
			}
			printf "%.1f\n", (n[b] - n[a]) * size * 8 / (t[b] - t[a]) / rate * 100
		}' /run/look
}

# median_standing: of the looks while the flood went on.
median_standing()
{
	awk '$3 { print $3 }' /run/look | median
}

# parked: frames of all guests so far.
parked()
{
	local n frames=0
	for ((n = 1; n <= GUESTS; n++)); do
		frames=$((frames + $(total "$(vif $n)" f2b_parked)))
	done
	echo $frames
}

# row GUESTS MBIT SIZE QDISC...
row()
{
	local guests=$1 mbit=$2 size=$3 n name count pids=() before parked most drops SNDBUF
	shift 3
	name="$guests guests, $size bytes at $mbit Mbit/s, $*"
	nic_queue "$mbit" "$@"
	count=$((mbit * 125000 / size / guests / SCALE))
	[ $count -ge 400 ] || count=400
	# It takes some round trips to fill a long way, and more than sockets mostly have.
	if [[ $* = netem* ]]; then
		count=$((3 * count))
		SNDBUF=400000
		guest 1 "echo $SNDBUF >/proc/sys/net/core/wmem_max"
	fi
	# What was seen of the way there was before is forgotten.
	sleep 1.2
	before=$(nic_frames)
	parked=$(parked)
	rm -f /run/look_end
	look >/run/look &
	for ((n = 1; n <= guests; n++)); do
		patient_flood $n "$size" $count >"/run/sent$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
	# Guests and dom0 share one CPU here. Where that keeps dom0 from its NIC for 3 ms twice
	# in 100, cake takes what stands for too much: it drops a frame.
	drops=0
	[ "$1" != cake ] || drops=$((count * guests / 1000 + 1))
	tap "$name: all leave" await 60 at_least $((before + count * guests - drops)) nic_frames
	touch /run/look_end
	wait
	most=$((mbit * 625))
	[ $most -ge $((3 * size)) ] || most=$((3 * size))
	tap "$name: nothing dropped" number_is dropped "$(dropped)" '<=' $drops
	# Of a way as long as this some are, before its length is known. A frame or two may
	# stand behind those of others for longer than its ring has seen.
	[[ $* = netem* ]] ||
		tap "$name: hardly anything was parked" \
			number_is parked $(($(parked) - parked)) '<=' $((count * guests / 100))
	timed "$name: the NIC is used" \
		number_is "share in percent" "$(share_between "$size" "$mbit")" '>=' 98
	[ "$guests" != 1 ] || timed "$name: what stands is short" \
		number_is "median of bytes" "$(median_standing)" '<=' "$most"
}

dom0_first
# Or the bridge would give each frame to all guests, and the one CPU were the way out.
bridge fdb replace $nowhere_mac dev "$NIC" master static
while read -r guests mbit size qdisc; do
	[ -n "$guests" ] || continue
	# shellcheck disable=SC2086
	row "$guests" "$mbit" "$size" $qdisc
done <<<"$ROWS"
fast_nic
for ((n = 1; n <= GUESTS; n++)); do
	tap "credit of guest $n" accounts_right "$(vif $n)"
done
