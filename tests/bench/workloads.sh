# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
#
# What all of the benchmark shares in dom0, behind dom0.sh and xdp.sh of tests/scenario:
# the workloads, each a function of its name with _ for -.
#
# They print lines "value WORKLOAD VALUE UNIT". WORKLOAD/DETAIL says what a packet, or a
# megabyte, took of something.

: "${PACKETS:=100000}" "${SECONDS_OF_TCP:=4}"
LONGEST=20 # seconds a flood may take
: "${ASKED:=2000}"
elsewhere=10.9.9.9 # no station: guests drop what comes for it

# wanted WORKLOAD: by ONLY, or if that is empty, all but SKIP.
wanted()
{
	if [ -n "${ONLY-}" ]; then
		[[ " $ONLY " == *" $1 "* ]]
	else
		[[ " ${SKIP-} " != *" $1 "* ]]
	fi
}

value()
{
	echo "value $*"
}

per()
{
	awk -v n="$1" -v d="$2" 'BEGIN { printf "%.3f\n", n / d }'
}

# packets 0|GUEST INTERFACE WAY: how many it had.
packets()
{
	on "$1" "cat /sys/class/net/$2/statistics/$3_packets"
}

# settled COMMAND...: the number it prints rises no more.
settled()
{
	local before
	before=$("$@")
	sleep 0.3
	[ "$("$@")" = "$before" ]
}

# report WORKLOAD PACKETS USEC
report()
{
	amount=$2 unit=packet
	value "$1" "$(per $(($2 * 1000)) "$(per "$3" 1000)")" pps
	value "$1/instructions" "$(per $(($3 * 1000)) "$2")" "per packet"
}

# counted WORKLOAD COMMAND... -- COUNTER...: COMMAND is a flood; COUNTER says how many
# packets have come through. Without a report where the flood does not end.
counted()
{
	local workload=$1 before usec flood=()
	amount=
	shift
	while [ "$1" != -- ]; do
		flood+=("$1")
		shift
	done
	shift
	before=$("$@")
	usec=$("${flood[@]}" | awk '{ print $5 }')
	[ -n "$usec" ] || { echo "$workload: no end after $LONGEST s"; return 1; }
	await 30 settled "$@"
	report "$workload" $(($("$@") - before)) "$usec"
}

# flood_on INTERFACE SIZE MAC ADDRESS: as flood, by dom0's pktgen, from another station.
flood_on()
{
	timeout -s INT $LONGEST bash -c "$(pktgen "$1" "$2" "$PACKETS" dst_mac="$3" dst="$4" \
		src_mac=00:16:3e:00:00:c8 src_min=10.0.0.200 src_max=10.0.0.200)"
}

# tcp WORKLOAD SERVER CLIENT ADDRESS: 0 is dom0.
tcp()
{
	local mbit
	weights
	on "$2" 'iperf3 -s -1 -D'
	sleep 0.5
	mbit=$(on "$3" "iperf3 -c $4 -t $SECONDS_OF_TCP -f m" |
		awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Mbits/sec") print $(i - 1) }')
	amount=$(per "$(awk -v m="$mbit" -v s="$SECONDS_OF_TCP" 'BEGIN { print m * s }')" 8) unit=MB
	value "$1" "$(per "$mbit" 1000)" Gbit/s
	value "$1/instructions" "$(per 8000 "$mbit")" "per byte"
}

asked()
{
	local median most
	read -r median most < <(/root/in/rr "$1" 10.0.0.11 $ASKED)
	value "rr-$1-p50" "$(per "$median" 1000)" us
	value "rr-$1-p99" "$(per "$most" 1000)" us
}

# attach INTERFACE MAC: one more for guest 1, which is up then.
attach()
{
	xl network-attach guest1 mac="$2" script=vif-bridge bridge=xenbr0 || return
	guest 1 "until ip link set $1 up; do sleep 0.1; done 2>/dev/null
		until [ \$(cat /sys/class/net/$1/carrier) = 1 ]; do sleep 0.1; done"
}

# A guest with two interfaces that forwards from the first to the second.
make_router()
{
	attach eth1 00:16:3e:00:01:0b || return
	guest 1 "ip address add 10.0.9.11/24 dev eth1
		ip neigh replace 10.0.9.99 lladdr $nowhere_mac dev eth1 nud permanent
		sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.eth0.rp_filter=0"
}

# weights [DOMAIN...]: domains whose pktgen spins while it cannot send get what time others
# leave. Without one, all have the same.
weights()
{
	local domain weight
	for domain in $(xl list | awk 'NR > 1 { print $1 }'); do
		weight=16384
		[[ " $* " != *" $domain "* ]] || weight=64
		xl sched-credit2 -d "$domain" -w $weight
	done
}

f2b_60() { f2b 60; }
f2b_1400() { f2b 1400; }
b2f_60() { b2f 60; }
b2f_1400() { b2f 1400; }

f2b()
{
	weights guest1
	counted "f2b-$1" flood 1 "$1" "$PACKETS" -- packets 0 "$NIC" tx
}

b2f()
{
	weights Domain-0
	counted "b2f-$1" flood_on "$VIF1" "$1" $mac1 $elsewhere -- packets 1 eth0 rx
}

g2g_60()
{
	weights guest1
	counted g2g-60 flood 1 60 "$PACKETS" dst_mac=$mac2 dst=$elsewhere -- packets 2 eth0 rx
}

fwd_60()
{
	weights Domain-0
	counted fwd-60 flood_on "$VIF1" 60 $mac1 10.0.9.99 -- packets 0 "$NIC" tx
}

f2b_tcp() { tcp f2b-tcp 0 1 10.0.0.1; }
b2f_tcp() { tcp b2f-tcp 1 0 10.0.0.11; }
g2g_tcp() { tcp g2g-tcp 2 1 10.0.0.12; }

xdp_drop_60() { xdp drop packets 0 "$VIF1" tx; }
xdp_tx_60() { xdp tx packets 0 "$VIF1" rx; }

# xdp ACTION COUNTER...: what a program in the guest does with a flood.
xdp()
{
	local action=$1
	shift
	xdp_on 1 eth0 "$action"
	weights Domain-0
	counted "xdp-$action-60" flood_on "$VIF1" 60 $mac1 $elsewhere -- "$@"
	xdp_off 1
}

rr()
{
	weights
	guest 1 /root/in/rr serve &
	sleep 0.5
	asked udp
	asked tcp
	guest 1 pkill rr
}

# stands: a guest floods a wire of 16 Mbit/s. How much of it stands in dom0, in milliseconds
# of the wire's rate, and how long another guest's ping to the wire's far end takes.
stands()
{
	local i
	ip netns add far
	ip link add wire0 type veth peer name wire1 netns far
	ip link set wire0 address fe:ff:ff:ff:ff:fe
	ip link set wire0 master xenbr0 up
	ip -n far address add 10.0.0.50/24 dev wire1
	ip -n far link set wire1 up
	bridge fdb replace "$nowhere_mac" dev wire0 master static
	tc qdisc add dev wire0 root handle 1: tbf rate 16mbit burst 32kb limit 4mb
	tc qdisc add dev wire0 parent 1:1 handle 10: pfifo limit 1000
	guest 1 "$(sender 600 "$nowhere_ip" "$next_hop_mac")" &
	sleep 2
	guest 2 ping -c 50 -i 0.1 10.0.0.50 >/run/pings &
	for ((i = 0; i < 50; i++)); do
		tc -s qdisc show dev wire0 root | awk '/ backlog / { print $2 / 2000 }'
		sleep 0.1
	done >/run/standing
	guest 1 pkill socat
	wait
	value stands-ms "$(median </run/standing)" ms
	value stands-rtt "$(sed -n 's/.*time=\([0-9.]*\) ms/\1/p' /run/pings | median)" ms
	bridge fdb del "$nowhere_mac" dev wire0 master
	ip netns del far
	bridge fdb replace "$nowhere_mac" dev "$NIC" master static
}

mac1=00:16:3e:00:00:0b mac2=00:16:3e:00:00:0c
fast_nic
# What goes to the NIC goes nowhere else.
bridge fdb add "$nowhere_mac" dev "$NIC" master static
# Who is woken runs at once, as where there is a CPU for everybody.
xl sched-credit2 -s -r 0 >/dev/null
