# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Readers of packet taps in dom0, on the vif and on the NIC, cost no frame. tcpdump
# reads a packet ring: the stack copies into it, and the frame goes its way.

# capture INTERFACE: tcpdump until capture_end, which shows its own counts.
capture()
{
	tcpdump -i "$1" -w /dev/null udp port 9 2>"/run/capture-$1" &
	captures+=($!)
	await 20 grep -q "listening on" "/run/capture-$1"
}

capture_end()
{
	kill -INT "${captures[@]}"
	wait "${captures[@]}"
	captures=()
}

# All frames sent came by a capture's tap: what it has read of them when it is ended is
# no matter, it is late by up to a second.
captured_all()
{
	cat "/run/capture-$1"
	awk -v want="$2" '/received by filter/ { n = $1 }
		END { exit n < want }' "/run/capture-$1"
}

for row in 60:500kbit:1500 1400:4mbit:1000; do
	IFS=: read -r size rate count <<<$row
	count=$(fewer "$count")
	name="$topology, $size bytes at $rate/s"
	captures=()
	slow_nic "$rate" 300
	capture "$VIF1"
	capture "$NIC"
	sent=$(patient_flood 1 "$size" "$count" | awk '{ print $2 }')
	await 60 nic_drained
	capture_end
	tap "$name: all frames sent" number_is sent "$sent" == "$count"
	tap "$name: the NIC paces the guest" at_least 20 stat "$VIF1" q0_f2b_full
	tap "$name: all frames leave the NIC" number_is "by the NIC" "$(nic_count sent)" '>=' "$count"
	tap "$name: nothing dropped" number_is dropped "$(nic_count dropped)" == 0
	tap "$name: tcpdump on the vif saw them" captured_all "$VIF1" "$count"
	tap "$name: tcpdump on the NIC saw them" captured_all "$NIC" "$count"
	tap "$name: credit" accounts_right "$VIF1"
done
tap "$topology: guest works" answers 1
