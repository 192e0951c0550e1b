# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# How costs grow, behind workloads.sh: what a packet takes in instructions with GUESTS
# guests of QUEUES queues, all in a flood, and the memory of an interface.

SHARED=400000 # packets, of all together

# flood_all: each guest by each of its queues, from a CPU of the queue's own.
flood_all()
{
	local guest queue lines count=$((SHARED / GUESTS / QUEUES))
	local -a floods
	for ((guest = 1; guest <= GUESTS; guest++)); do
		lines=$(for ((queue = 0; queue < QUEUES; queue++)); do
			pktgen_setup eth0@$queue 60 $count queue_map_min=$queue queue_map_max=$queue
		done)
		guest "$guest" "$lines; echo start >pgctrl" &
		floods+=($!)
	done
	wait "${floods[@]}"
}

grow()
{
	local before spinning
	mapfile -t spinning < <(seq -f 'guest%.0f' "$GUESTS")
	weights "${spinning[@]}"
	before=$(packets 0 "$NIC" tx)
	nic_watch_start
	flood_all
	await 30 settled packets 0 "$NIC" tx
	nic_watch_stop
	value "f2b-60/instructions-$GUESTS-guests-$QUEUES-queues" \
		"$(per $((nic_usec * 1000)) $(($(packets 0 "$NIC" tx) - before)))" "per packet"
}

# memory 0|GUEST: kB in use that no cache can give back.
memory()
{
	on "$1" "echo 3 >/proc/sys/vm/drop_caches
		awk '{ n[\$1] = \$2 } END { print n[\"MemTotal:\"] - n[\"MemFree:\"] - n[\"Buffers:\"] -
			n[\"Cached:\"] - n[\"SReclaimable:\"] }' /proc/meminfo"
}

# More interfaces for guest 1, up but idle.
interfaces()
{
	local more=4 i where before
	before=("$(memory 0)" "$(memory 1)")
	for ((i = 1; i <= more; i++)); do
		attach eth$i 00:16:3e:00:02:0$i
	done
	sleep 1
	for where in 0 1; do
		value "memory-$([ $where = 0 ] && echo dom0 || echo guest)/$QUEUES-queues" \
			"$(per $(($(memory $where) - before[where])) $more)" "kB per interface"
	done
}

grow
[ "$GUESTS" != 1 ] || interfaces
exit 0
