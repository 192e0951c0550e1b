# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scenarios share in dom0. NIC, VIF1... and guest come from the lab.

# The frames of every flood go to a station nobody is, beyond the NIC.
nowhere_mac=02:00:00:00:00:99
if ip link show xenbr0 >/dev/null 2>&1; then
	topology=bridge nowhere_ip=10.0.0.99 next_hop_mac=$nowhere_mac
else
	topology=route nowhere_ip=10.0.1.99 next_hop_mac=fe:ff:ff:ff:ff:ff
	ip neigh replace $nowhere_ip lladdr $nowhere_mac dev "$NIC" nud permanent
fi

# slow_nic RATE: the NIC sends RATE (as tc knows it), behind a queue of 1000 packets.
# The burst covers some 30 ms: dom0 is not always on a CPU when a token is due.
slow_nic()
{
	tc qdisc del dev "$NIC" root 2>/dev/null
	tc qdisc add dev "$NIC" root handle 1: tbf rate "$1" burst 32kb limit 4mb
	tc qdisc add dev "$NIC" parent 1:1 handle 10: pfifo limit 1000
}

fast_nic()
{
	tc qdisc del dev "$NIC" root 2>/dev/null
}

# nic_count sent|bytes|dropped|backlog: counters of the slow NIC's queue.
nic_count()
{
	tc -s qdisc show dev "$NIC" root | awk -v what="$1" '
		/Sent/ { bytes = $2; sent = $4; gsub(/[,)]/, "", $7); dropped = $7 }
		/backlog/ { backlog = $3; sub(/p/, "", backlog) }
		END { print what == "sent" ? sent : what == "bytes" ? bytes :
			what == "dropped" ? dropped : backlog }'
}

# nic_watch_start, nic_watch_stop: the second prints how many microseconds passed
# between the NIC's first and last frame since the first.
nic_watch_start()
{
	rm -f /run/nic_watch_end
	nic_watch >/run/nic_watch &
	nic_watch_pid=$!
}

nic_watch_stop()
{
	touch /run/nic_watch_end
	wait $nic_watch_pid
	cat /run/nic_watch
}

nic_watch()
{
	local before now start='' end=0 pause
	exec {pause}<> <(:)
	read -r before <"/sys/class/net/$NIC/statistics/tx_packets"
	until [ -e /run/nic_watch_end ]; do
		read -r now <"/sys/class/net/$NIC/statistics/tx_packets"
		if [ "$now" != "$before" ]; then
			end=${EPOCHREALTIME/./} before=$now
			: "${start:=$end}"
		fi
		read -r -t 0.02 -u "$pause"
	done
	echo $((end - start))
}

# flood GUEST SIZE COUNT [KEY=VALUE...]: the guest's pktgen sends COUNT frames of SIZE
# bytes (without checksum) to nowhere as fast as it can; COUNT 0: until flood_stop.
# Ends with the guest's figures: "sent N packets in U usec".
flood()
{
	local guest=$1 size=$2 count=$3 key
	shift 3
	{
		echo 'modprobe -q pktgen; cd /proc/net/pktgen'
		echo 'echo rem_device_all >kpktgend_0; echo add_device eth0 >kpktgend_0'
		for key in "count $count" "pkt_size $size" "delay 0" "dst_mac $next_hop_mac" \
			"dst $nowhere_ip" "udp_dst_min 9" "udp_dst_max 9" "${@/=/ }"; do
			echo "echo $key >eth0"
		done
		echo 'echo start >pgctrl'
		echo "sed -n 's/.*OK: \\([0-9]*\\)(.*) usec, \\([0-9]*\\) .*/sent \\2 packets in \\1 usec/p' eth0"
	} >"/run/flood$guest"
	guest "$guest" "$(cat "/run/flood$guest")"
}

flood_stop()
{
	guest "$1" 'echo stop >/proc/net/pktgen/pgctrl'
}

# stat VIF NAME: one counter of a backend interface, as ethtool -S shows it.
stat()
{
	ethtool -S "$1" | awk -v name="$2:" '$1 == name { print $2 }'
}

# await SECONDS COMMAND...: until COMMAND succeeds.
await()
{
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || { echo "not within the time: $*"; "$@"; return 1; }
		sleep 0.2
	done
}

nic_drained()
{
	[ "$(nic_count backlog)" = 0 ]
}

# all_free VIF: no credit is out, nothing posted is waiting.
all_free()
{
	[ "$(stat "$1" q0_f2b_free)" = 256 ] || { credit_line "$1"; return 1; }
}

credit_line()
{
	ethtool -S "$1" | awk '/f2b_(free|posted|held|held_high|slots|answered|holds|end_[a-z]*):/ {
		sub(/q0_f2b_/, ""); printf "%s%s ", $1, $2 } END { print "" }'
}

# accounts_right VIF: at rest, every slot was answered once and every hold has ended.
# Run the backend with check_ledger=1: it then proved the same at every poll.
accounts_right()
{
	local vif=$1 holds ended slots answered invalid
	await 10 all_free "$vif" || return 1
	slots=$(stat "$vif" q0_f2b_slots) answered=$(stat "$vif" q0_f2b_answered)
	holds=$(stat "$vif" q0_f2b_holds) invalid=$(stat "$vif" q0_f2b_ledger_invalid)
	ended=$(ethtool -S "$vif" | awk '/q0_f2b_end_/ { n += $2 } END { print n }')
	credit_line "$vif"
	[ "$slots" = "$answered" ] && [ "$holds" = "$ended" ] && [ "$invalid" = 0 ]
}

# number_is WHAT VALUE OPERATOR LIMIT: compare and say so; numbers may have decimals.
number_is()
{
	echo "$1: $2, wanted $3 $4"
	awk -v v="$2" -v l="$4" "BEGIN { exit !(v $3 l) }"
}
