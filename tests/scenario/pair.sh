# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# One pairing of frontend and backend: ping, TCP both ways, every byte compared, with
# offloads off and on at both ends, MTU 1500 and 9000, IPv4 and IPv6.
# pair-lab.sh puts in front: BACK (ours or intree), BULK (MB), stream, sum[MB].

vif=$VIF1 port=5000
vif_stats=/sys/class/net/$vif/statistics

# address 0|1 [4|6]: of dom0 or the guest, as socat wants it.
address()
{
	local v4=(10.0.0.1 10.0.0.11) v6=('[fd00::1]' '[fd00::11]')
	if [ "${2:-4}" = 4 ]; then echo "${v4[$1]}"; else echo "${v6[$1]}"; fi
}

# transfer FROM MB [4|6]: from dom0 (0) or the guest (1) to the other.
transfer()
{
	local from=$1 to=$((1 - $1)) mb=$2 ip=${3:-4} peer
	peer=TCP$ip:$(address $to "$ip"):$port
	on $to "timeout 300 socat -u -b 131072 TCP$ip-LISTEN:$port,reuseaddr STDOUT | sha256sum" \
		>"/run/received" &
	on "$from" "$(declare -f stream); stream $mb /root/in/random |
		socat -u -b 131072 STDIN $peer,retry=100,interval=0.1" || return 1
	wait $!
	echo "sent ${sum[$mb]}, received $(cat /run/received)"
	[ "${sum[$mb]}" = "$(cat /run/received)" ]
}

# frame_size rx|tx COMMAND...: prints the bytes of a mean frame of the vif meanwhile.
frame_size()
{
	local dir=$1 bytes packets
	shift
	bytes=$(cat "$vif_stats/${dir}_bytes") packets=$(cat "$vif_stats/${dir}_packets")
	"$@" >&2 || return 1
	bytes=$(($(cat "$vif_stats/${dir}_bytes") - bytes))
	echo $((bytes / ($(cat "$vif_stats/${dir}_packets") - packets)))
}

# transfer_sized OPERATOR BYTES FROM MB...: a transfer in frames of that mean size.
transfer_sized()
{
	local operator=$1 limit=$2 from=$3 dir=tx size
	shift 2
	[ "$from" = 0 ] || dir=rx
	size=$(frame_size $dir transfer "$@") &&
		number_is "bytes of a mean frame" "$size" "$operator" "$limit"
}

# offload FEATURE on|off...: at both ends.
offload()
{
	ethtool -K "$vif" "$@" && guest 1 ethtool -K eth0 "$@"
}

# toggle ROUNDS: all features at both ends, each on, off, or every other one.
toggle()
{
	local round k states features=(rx tx sg tso gso gro) words
	for ((round = 0; round < $1; round++)); do
		words=
		for k in "${!features[@]}"; do
			states=(off on off on)
			[ $((k % 2)) = 0 ] || states=(off on on off)
			words+=" ${features[k]} ${states[round % 4]}"
		done
		# what depends on what is off does not follow, and is complained about
		on 0 "ethtool -K $vif $words" >/dev/null 2>&1
		on 1 "ethtool -K eth0 $words" >/dev/null 2>&1
	done
	offload rx on tx on sg on tso on gso on gro on >/dev/null 2>&1
}

features()
{
	ethtool -k "$vif"
	guest 1 ethtool -k eth0
}

# toggled_under_tcp ROUNDS: transfers both ways, one after the other, meanwhile.
toggled_under_tcp()
{
	local toggler from=0 before
	offload rx on tx on sg on tso on gso on gro on >/dev/null 2>&1
	before=$(features)
	toggle "$1" &
	toggler=$!
	while kill -0 $toggler 2>/dev/null; do
		transfer $from 3 || return 1
		from=$((1 - from))
	done
	diff <(echo "$before") <(features)
}

set_mtu()
{
	ip link set "$NIC" mtu "$1" && ip link set "$vif" mtu "$1" &&
		ip link set xenbr0 mtu "$1" && guest 1 ip link set eth0 mtu "$1"
}

both_ways()
{
	local what=$1 operator=$2 limit=$3
	shift 3
	tap "$what: guest to dom0" transfer_sized "$operator" "$limit" 1 "$@"
	tap "$what: dom0 to guest" transfer_sized "$operator" "$limit" 0 "$@"
}

# Checksum errors of all protocols, the lines of /proc/net/snmp and snmp6.
csum_errors()
{
	on "$1" "awk '/^[A-Z].*: [A-Z]/ { split(\$0, name); next }
		{ for (i = 2; i <= NF; i++)
			if (name[i] == \"InCsumErrors\" && \$i) print \$1, \$i }
		' /proc/net/snmp; awk '/InCsumErrors/ && \$2' /proc/net/snmp6"
}

# One after the other: dom0 may be slow, but must lose none.
no_loss()
{
	local n
	for n in 1 2 3 4 5; do
		ping -q -c 1 -W 20 "$@" || { echo "ping $n has no answer"; return 1; }
	done
}

ip -6 addr add fd00::1/64 dev xenbr0 nodad
guest 1 ip -6 addr add fd00::11/64 dev eth0 nodad
iperf3 -s -D

tap "ping" no_loss 10.0.0.11
tap "ping, IPv6" no_loss fd00::11
tap "ping, fragments" no_loss -s 20000 10.0.0.11
tap "iperf3, guest to dom0" guest 1 iperf3 -c 10.0.0.1 -t 1
tap "iperf3, dom0 to guest" guest 1 iperf3 -c 10.0.0.1 -t 1 -R
tap "iperf3, UDP" guest 1 iperf3 -c 10.0.0.1 -u -b 5M -t 1
BULK=$((BULK / SCALE))
tap "$BULK MB, guest to dom0" transfer 1 $BULK
tap "$((BULK / 4)) MB, dom0 to guest" transfer 0 $((BULK / 4))

both_ways "all offloads" '>' 3000 5
both_ways "all offloads, IPv6" '>' 3000 5 6
tap "TSO off" offload tso off
both_ways "TSO off" '<=' 1514 3
tap "GSO off" offload gso off
both_ways "GSO off" '<=' 1514 3
tap "scatter-gather off" offload tso on gso on sg off
both_ways "scatter-gather off" '<=' 1514 3
# The sums are computed by the sender and checked by the receiver. The in-tree frontend
# cannot turn those of IPv4 off, nor with them TSO by itself.
tap "checksums off" offload sg on tso off gso off tx off
both_ways "checksums off" '<=' 1514 3
both_ways "checksums off, IPv6" '<=' 1514 3 6
tap "all on again" offload tx on gso on tso on
both_ways "all on again" '>' 3000 5

tap "MTU 9000" set_mtu 9000
tap "MTU 9000: ping" no_loss -M 'do' -s 8972 10.0.0.11
both_ways "MTU 9000" '>' 3000 5
tap "MTU 9000: offloads off" offload tso off gso off tx off
both_ways "MTU 9000, offloads off" '>' 3000 5
tap "MTU 1500" set_mtu 1500
both_ways "MTU 1500 again" '<=' 1514 3

if [ "$BACK" = ours ] && guest 1 lsmod | grep -q '^netfront '; then
	tap "every feature changed 20 times at both ends, under TCP" toggled_under_tcp $((40 / SCALE))
fi
tap "no checksum error in dom0" silent csum_errors 0
tap "no checksum error in the guest" silent csum_errors 1
[ "$BACK" = intree ] || tap "accounts" accounts_right "$vif"
