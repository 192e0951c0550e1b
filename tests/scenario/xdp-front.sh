# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# A guest with two interfaces, and programs on them. BACK: ours or intree.

declare -A marked
count=$((500 / SCALE))
nobody=10.9.9.9

VIF1B=${VIF1%.0}.1

# second_interface: eth1, behind VIF1B.
second_interface()
{
	xl network-attach guest1 mac=00:16:3e:00:01:0b script=vif-bridge bridge=xenbr0 || return
	# What eth1 sends on for eth0 would come back, and go on again.
	ip link set "$VIF1B" nomaster
	guest 1 'until [ -e /sys/class/net/eth1 ]; do sleep 0.1; done
		ip link set eth1 up
		until [ $(cat /sys/class/net/eth1/carrier) = 1 ]; do sleep 0.1; done'
}

# to_guest SIZE: count frames from dom0 to eth0, of a flow each knows nothing about.
to_guest()
{
	local payload=$(($1 - 42))
	ip route replace $nobody dev xenbr0
	ip neigh replace $nobody lladdr 00:16:3e:00:00:0b dev xenbr0 nud permanent
	socat -u -b $payload OPEN:/dev/zero,readbytes=$((payload * count)) \
		UDP4-SENDTO:$nobody:9,sndbuf=20000
	sleep 1
}

# from_vif VIF: frames it has had from the guest.
from_vif()
{
	cat "/sys/class/net/$1/statistics/rx_packets"
}

# under ACTION COUNTER SIZE [OTHER]: each frame is seen, and counted as that.
under()
{
	mark counter front_stat "q0_b2f_$2"
	xdp_on 1 eth0 "$1" "${4-}"
	to_guest "$3"
	xdp_off 1
	tap "$1, $3 bytes: the program sees each" number_is seen "$seen" '>=' $count
	tap "$1, $3 bytes: so says the counter" \
		number_is "$2" "$(risen counter front_stat "q0_b2f_$2")" == "$seen"
}

accounts()
{
	if [ "$BACK" = ours ]; then accounts_right "$1"; else answers 1; fi
}

tap "a second interface" second_interface
for size in 60 1400; do
	under drop xdp_drop $size
	under abort xdp_aborted $size
	mark frames from_vif "$VIF1"
	under tx xdp_tx $size
	tap "tx, $size bytes: they come back" \
		number_is frames "$(risen frames from_vif "$VIF1")" '>=' $((count * 9 / 10))
	mark frames from_vif "$VIF1B"
	under redirect xdp_redirect $size eth1
	tap "redirect, $size bytes: eth1 sends them" \
		number_is frames "$(risen frames from_vif "$VIF1B")" '>=' $((count * 9 / 10))
	under pass xdp_pass $size
done
under redirect xdp_aborted 60 lo
tap "credit" accounts "$VIF1"

mark aborted front_stat q0_b2f_xdp_aborted
xdp_on 1 eth0 room
tap "room before a frame: guest answers" answers 1
tap "TCP to the guest, in segments of any size, under a program" transfer 0 4
tap "TCP from the guest" transfer 1 4
tap "frames too long for a page were seen as well" at_least 10 front_stat q0_b2f_xdp_late
tap "none failed" number_is aborted "$(risen aborted front_stat q0_b2f_xdp_aborted)" == 0
xdp_off 1

ping -i 0.01 10.0.0.11 >/dev/null &
flood=$!
for ((i = 0; i < 6 / SCALE + 2; i++)); do
	xdp_on 1 eth0 drop
	await 20 at_least 1 front_stat q0_b2f_xdp_drop
	xdp_off 1
done
kill $flood
wait $flood
tap "attached and detached under traffic: guest answers" answers 1
xdp_on 1 eth0 tx
tap "a program outlives a connection" guest 1 ethtool -G eth0 rx 128
mark seen_again front_stat q0_b2f_xdp_tx
sleep 2
to_guest 60
tap "and sees its frames" number_is frames "$(risen seen_again front_stat q0_b2f_xdp_tx)" '>=' $((count / 2))
xdp_off 1
tap "guest answers at the end" await 20 answers 1
tap "credit of eth0 at the end" accounts "$VIF1"
tap "credit of eth1" accounts "$VIF1B"
