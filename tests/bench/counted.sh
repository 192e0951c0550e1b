# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
#
# The counted part of the benchmark, behind workloads.sh. The machine has one CPU, and a
# nanosecond of its time is one instruction: what takes a packet's time is what was
# executed for it, by Xen, dom0 and guests together.

# activity: events of interfaces and context switches so far, of dom0 and of guest 1.
activity()
{
	local count="awk '/vif|eth0-q/ { for (i = 2; i <= NF && \$i ~ /^[0-9]+\$/; i++) n += \$i }
		END { printf \"%d \", n }' /proc/interrupts; awk '/^ctxt/ { print \$2 }' /proc/stat"
	echo "$(bash -c "$count") $(guest 1 "$count")"
}

# with_activity WORKLOAD COMMAND...: COMMAND sets amount, to what its costs are shared
# among.
with_activity()
{
	local workload=$1 before after i
	local -a name=(events-dom0 switches-dom0 events-guest switches-guest)
	shift
	read -ra before < <(activity)
	"$@"
	[ -n "$amount" ] || return
	read -ra after < <(activity)
	for i in 0 1 2 3; do
		value "$workload/${name[i]}" "$(per $((after[i] - before[i])) "$amount")" "per $unit"
	done
}

# traced AMOUNT COMMAND...: lines KIND COUNT, and "amount" as a kind.
traced()
{
	local PACKETS=$(($1 * 2000)) SECONDS_OF_TCP=$1 tracer
	xentrace -D -e 0x0020f000 -S 256 /run/trace 2>/dev/null &
	tracer=$!
	sleep 0.2
	"${@:2}" >/dev/null
	kill -INT $tracer
	wait $tracer
	/root/in/hypercalls </run/trace
	echo "amount $amount"
}

# with_hypercalls WORKLOAD COMMAND...: hypercalls by kind, of all domains; those within a
# multicall are counted as well. Twice, for what goes on around it is not to be counted.
with_hypercalls()
{
	local workload=$1 kind count
	traced 1 "${@:2}" >/run/few
	traced 3 "${@:2}" >/run/many
	while read -r kind count; do
		value "$workload/$kind" "$count" "per $unit"
	done < <(awk 'NR == FNR { few[$1] = $2; next }
		{ more[$1] = $2 - few[$1] }
		END { for (kind in more) if (kind != "amount" && more[kind] > more["amount"] / 100)
			printf "%s %.3f\n", kind, more[kind] / more["amount"] }' /run/few /run/many | sort)
}

# What remains without a PV NIC: the same bridge and NIC, and the same TCP.
floors()
{
	ip link add floor0 type veth peer name floor1
	ip link set floor1 master xenbr0 up
	ip link set floor0 up
	sleep 0.5
	for size in 60 1400; do
		counted "floor-$size" flood_on floor0 "$size" "$nowhere_mac" "$elsewhere" -- \
			packets 0 "$NIC" tx
	done
	ip link del floor0
	tcp floor-tcp 0 0 127.0.0.1
}

for workload in f2b-60 f2b-1400 b2f-60 b2f-1400 f2b-tcp b2f-tcp g2g-60 g2g-tcp \
	xdp-drop-60 xdp-tx-60 fwd-60 rr stands floors; do
	wanted $workload || continue
	case $workload in
	rr|stands)
		$workload
		;;
	floors)
		[ -z "${FLOORS-}" ] || floors
		;;
	*)
		[ $workload != fwd-60 ] || make_router
		with_activity $workload ${workload//-/_} &&
			with_hypercalls $workload ${workload//-/_}
		;;
	esac
done
exit 0
