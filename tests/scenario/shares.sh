# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Promise 2b: TCP of one guest uses a NIC fully and loses nothing in dom0. Two guests that
# both send as fast as they can share it evenly, whoever came first, whatever their frontends
# and the sizes of their frames.

far_ip=10.0.0.50 wire_mac=fe:ff:ff:ff:ff:fe least=40 used=98
dom0_first

# A wire with a host at its far end, for TCP.
ip netns add far
ip link add wire0 type veth peer name wire1 netns far
ip link set wire0 address $wire_mac
ip link set wire0 master xenbr0 up
ip -n far address add $far_ip/24 dev wire1
ip -n far link set wire1 up
far_mac=$(ip netns exec far cat /sys/class/net/wire1/address)
ip netns exec far iperf3 -s -D >/dev/null

# wire MBIT QDISC...
wire()
{
	local mbit=$1
	shift
	tc qdisc del dev wire0 root 2>/dev/null
	if [[ $* = *bandwidth* ]]; then
		tc qdisc add dev wire0 root handle 1: "$@"
		return
	fi
	tc qdisc add dev wire0 root handle 1: tbf rate "${mbit}mbit" burst 32kb limit 4mb
	tc qdisc add dev wire0 parent 1:1 handle 10: "$@"
}

# sends GUEST SIZE|tcp: until sends_end.
sends()
{
	if [ "$2" = tcp ]; then
		guest "$1" "setsid iperf3 -c $far_ip -t 3600 </dev/null >/run/iperf3 2>&1 &"
		await 30 at_least $(($(total "$(vif "$1")" f2b_bytes) + 100000)) \
			total "$(vif "$1")" f2b_bytes
	else
		flood_start "$1" "$2" $far_ip "$far_mac"
	fi
}

sends_end()
{
	if [ "$2" = tcp ]; then
		guest "$1" pkill -INT -x iperf3
	else
		flood_end "$1"
	fi
}

wire_bytes()
{
	cat /sys/class/net/wire0/statistics/tx_bytes
}

wire_dropped()
{
	tc -s qdisc show dev wire0 | awk '/ Sent / { gsub(/,/, "", $7); n += $7 } END { print n + 0 }'
}

# alone MBIT QDISC...: the first guest's TCP.
alone()
{
	local mbit=$1 bytes
	shift
	wire "$mbit" "$@"
	sleep 1.2
	sends 1 tcp
	sleep 1
	bytes=$(wire_bytes)
	sleep 2
	bytes=$(($(wire_bytes) - bytes))
	sends_end 1 tcp
	await 30 balanced "$VIF1"
	tap "$mbit Mbit/s, $*, tcp alone: nothing dropped" number_is dropped "$(wire_dropped)" == 0
	timed "$mbit Mbit/s, $*, tcp alone: the wire is used" number_is "share in percent" \
		$((bytes / (mbit * 2500))) '>=' $used
}

# row MBIT QDISC FIRST SECOND: what each guest sends.
row()
{
	local mbit=$1 qdisc=$2 first=$3 second=$4 before after
	wire "$mbit" "$qdisc"
	sleep 1.2
	sends 1 "$first"
	sleep 0.5
	sends 2 "$second"
	sleep 0.5
	before=("$(total "$VIF1" f2b_bytes)" "$(total "$(vif 2)" f2b_bytes)")
	sleep 3
	after=("$(total "$VIF1" f2b_bytes)" "$(total "$(vif 2)" f2b_bytes)")
	sends_end 1 "$first"
	sends_end 2 "$second"
	await 30 balanced "$VIF1"
	await 30 balanced "$(vif 2)"
	tap "$mbit Mbit/s, $qdisc, $first and $second${also:-}: even shares" is_even \
		$((after[0] - before[0])) $((after[1] - before[1]))
}

# is_even BYTES BYTES: each within 20 % of the half, or has $least percent.
is_even()
{
	number_is "percent of the first" $((100 * $1 / ($1 + $2))) '>=' "$least" &&
		number_is "percent of the second" $((100 * $2 / ($1 + $2))) '>=' "$least"
}

# intree_in_second: from here on.
intree_in_second()
{
	front_intree 2
	await 30 answers 2
	also=', in-tree in the second'
}
