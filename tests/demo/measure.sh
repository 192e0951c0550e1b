# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# The demo's part in dom0, after tests/scenario/dom0.sh: floods the slow NIC with
# frames of several sizes and with TCP, and prints one line for each, the fields
# separated by blanks. What every slot did meanwhile goes to /out/WHAT.samples.

# Slots of guest 1's transmit ring as "free posted held", ours or in-tree.
if [ -d /sys/kernel/debug/netback ]; then
	slots_file=/sys/kernel/debug/netback/$VIF1/q0
	slots_now()
	{
		local line
		while read -r line; do
			[[ $line =~ ^credit:\ free\ ([0-9]+)\ posted\ ([0-9]+)\ held\ ([0-9]+) ]] || continue
			slots="${BASH_REMATCH[*]:1}"
			return
		done <"$slots_file"
	}
else
	slots_file=/sys/kernel/debug/xen-netback/$VIF1/io_ring_q0
	# In parentheses: requests produced and consumed, counted from the last answer.
	slots_now()
	{
		local line produced consumed
		while read -r line; do
			[[ $line =~ ^req\ prod\ [0-9]+\ \((-?[0-9]+)\)\ cons\ [0-9]+\ \((-?[0-9]+)\) ]] || continue
			produced=${BASH_REMATCH[1]} consumed=${BASH_REMATCH[2]}
			slots="$((256 - produced)) $((produced - consumed)) $consumed"
			return
		done <"$slots_file"
	}
fi

# sample WHAT: until /run/sampled exists, a line "seconds free posted held bytes" ten
# times a second; bytes are those the NIC has sent.
sample()
{
	local start=${EPOCHREALTIME/./} now bytes pause slots
	exec {pause}<> <(:)
	until [ -e /run/sampled ]; do
		slots_now
		read -r bytes <"/sys/class/net/$NIC/statistics/tx_bytes"
		now=$(((${EPOCHREALTIME/./} - start) / 1000))
		printf '%d.%03d %s %s\n' $((now / 1000)) $((now % 1000)) "$slots" "$bytes"
		read -r -t 0.1 -u "$pause"
	done >"/out/$1.samples"
}

# observe WHAT MBIT COMMAND...: slow the NIC, run COMMAND (it prints how many packets
# the guest sent), wait until the NIC is done, print the line.
observe()
{
	local what=$1 mbit=$2 sent bytes sampler
	shift 2
	slow_nic "${mbit}mbit"
	rm -f /run/sampled
	nic_watch_start
	sample "$what" &
	sampler=$!
	sent=$("$@")
	await 60 nic_drained
	nic_watch_stop
	await 10 slots_free
	touch /run/sampled
	wait $sampler
	bytes=$(nic_count bytes)
	slots_now
	echo "row $topology $what $mbit $sent $(nic_count sent) $(nic_count dropped)" \
		"$(awk -v b="$bytes" -v u="$nic_usec" -v r="$mbit" 'BEGIN { printf "%.0f", b * 8 / u / r * 100 }')" \
		"$(awk '$4 > most { most = $4 } END { print most + 0 }' "/out/$what.samples")" "${slots%% *}"
}

slots_free()
{
	slots_now
	[ "${slots%% *}" = 256 ]
}

udp()
{
	flood 1 "$1" "$2" | awk '{ print $2 }'
}

# A station behind a NIC of its own, one that leads somewhere: a network namespace.
far_station()
{
	ip netns add far
	ip link add far0 type veth peer name far1 netns far
	ip -n far link set far1 up
	ip link set far0 up
	if [ "$topology" = bridge ]; then
		ip link set far0 master xenbr0
		far_ip=10.0.0.50
		ip -n far address add $far_ip/24 dev far1
	else
		far_ip=10.0.2.2
		ip address add 10.0.2.1/24 dev far0
		ip -n far address add $far_ip/24 dev far1
		ip -n far route add default via 10.0.2.1
	fi
	NIC=far0
	ip netns exec far iperf3 -s -D >/dev/null
}

guest_packets()
{
	guest 1 cat /sys/class/net/eth0/statistics/tx_packets
}

# Without segmentation in dom0, so that packets can be compared.
tcp()
{
	local before
	guest 1 ethtool -K eth0 tso off gso off >/dev/null 2>&1
	before=$(guest_packets)
	guest 1 iperf3 -c $far_ip -t "$1" >/dev/null
	echo $(($(guest_packets) - before))
}

observe 60 1 udp 60 10000
observe 128 2 udp 128 10000
observe 129 2 udp 129 10000
observe 600 8 udp 600 8000
observe 1400 8 udp 1400 4000
far_station
observe TCP 8 tcp 6
