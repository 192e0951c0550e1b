# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# How costs grow, behind workloads.sh: what a packet takes in instructions with GUESTS
# guests of QUEUES queues, all in a flood, and the memory of an idle interface. With MEMORY,
# only the latter.

STEADY=2 # seconds

# floods: lines for a guest's shell that set up a flood without end by each of its queues,
# from a CPU of the queue's own.
floods()
{
	local queue
	for ((queue = 0; queue < QUEUES; queue++)); do
		pktgen_setup eth0@$queue 60 0 queue_map_min=$queue queue_map_max=$queue
	done
}

# each_guest COMMAND: in each guest, at once.
each_guest()
{
	local guest
	for ((guest = 1; guest <= GUESTS; guest++)); do
		guest "$guest" "$1" &
	done
}

all_send()
{
	local guest
	for ((guest = 1; guest <= GUESTS; guest++)); do
		[ "$(packets 0 "$(vif "$guest")" rx)" -ge $((1000 * QUEUES)) ] || return
	done
}

# What a packet takes once all floods are under way.
grow()
{
	local spinning sent usec
	mapfile -t spinning < <(seq -f 'guest%.0f' "$GUESTS")
	weights "${spinning[@]}"
	each_guest "$(floods)"
	wait
	each_guest 'echo start >/proc/net/pktgen/pgctrl'
	await 30 all_send
	sent=$(packets 0 "$NIC" tx) usec=${EPOCHREALTIME/./}
	sleep $STEADY
	sent=$(($(packets 0 "$NIC" tx) - sent)) usec=$((${EPOCHREALTIME/./} - usec))
	each_guest 'echo stop >/proc/net/pktgen/pgctrl'
	wait
	value "f2b-60/instructions-$GUESTS-guests-$QUEUES-queues" \
		"$(per $((usec * 1000)) $sent)" "per packet"
}

# memory 0|GUEST: kB in use by the kernel that no cache can give back; what CPUs have on
# their lists of free pages is free.
memory()
{
	on "$1" "echo 3 >/proc/sys/vm/drop_caches
		awk '\$1 == \"MemTotal:\" { used += \$2 }
			\$1 ~ /^(MemFree|Buffers|Cached|SReclaimable|AnonPages|PageTables):/ { used -= \$2 }
			\$1 == \"count:\" { used -= 4 * \$2 }
			END { print used }' /proc/meminfo /proc/zoneinfo"
}

# More interfaces for guest 1, up but idle. One comes before it counts: a first one has the
# kernels and xl take what they keep for all.
interfaces()
{
	local more=4 i where before
	attach eth1 00:16:3e:00:02:01
	sleep 1
	before=("$(memory 0)" "$(memory 1)")
	for ((i = 2; i < 2 + more; i++)); do
		attach eth$i 00:16:3e:00:02:0$i
	done
	sleep 1
	for where in 0 1; do
		value "memory-$([ $where = 0 ] && echo dom0 || echo guest)/$QUEUES-queues" \
			"$(per $(($(memory $where) - before[where])) $more)" "kB per interface"
	done
}

[ -n "${MEMORY-}" ] || grow
[ "$GUESTS" != 1 ] || interfaces
exit 0
