#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels whose inner checksums are left to the NIC, which takes the outer ones only: made by
# the guest itself, and by a VM in it. The inner sums are right all the same.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
in_lab --topology bridge --guests 2 --file build/programs/inner --back-param check_ledger=1 <<'SCRIPT'
n=6

# carry READER DEV SENDER DEV MAC FROM TO: what who reads from DEV sees of them.
carry()
{
	$1 "/root/in/inner look $2 $n" >/run/inner &
	sleep 1
	$3 "/root/in/inner send $4 $5 $6 $7 $n"
	wait $!
	cat /run/inner
}

to_guest()
{
	carry "guest 1" eth0 eval xenbr0 00:16:3e:00:00:0b 10.0.0.1 10.0.0.11
}

from_guest()
{
	carry eval xenbr0 "guest 1" eth0 "$(cat /sys/class/net/xenbr0/address)" 10.0.0.11 10.0.0.1
}

between_guests()
{
	carry "guest 2" eth0 "guest 1" eth0 00:16:3e:00:00:0c 10.0.0.11 10.0.0.12
}

sums_are_right()
{
	local seen
	seen=$($1)
	echo "$seen"
	[ "$seen" = "$n right, 0 wrong" ]
}

for way in from_guest to_guest between_guests; do
	tap "$way: a VM's tunnel" sums_are_right $way
done

# vxlan ADDRESS REMOTE INNER: lines for a shell.
vxlan()
{
	echo "ip link add tunnel type vxlan id 9 local $1 remote $2 dstport 4789 $4
		ip addr add $3/24 dev tunnel; ip link set tunnel up"
}

transfer()
{
	guest 1 "iperf3 -c 10.9.0.1 -n 5M --connect-timeout 5000 $*"
}

iperf3 -s -D
for sums in noudpcsum udpcsum; do
	eval "$(vxlan 10.0.0.1 10.0.0.11 10.9.0.1 $sums)"
	guest 1 "$(vxlan 10.0.0.11 10.0.0.1 10.9.0.11 $sums)"
	tap "$sums: ping" await 20 ping -q -c 1 -W 5 10.9.0.11
	tap "$sums: TCP to dom0" transfer
	tap "$sums: TCP to the guest" transfer -R
	tap "$sums: nothing is wrong with what arrives" silent awk \
		'/^Tcp: [0-9]/ && ($14 || $16)' <(cat /proc/net/snmp; guest 1 cat /proc/net/snmp)
	ip link del tunnel
	guest 1 ip link del tunnel
done
tap "nothing is dropped" silent sed -n '/_drop_.*: [1-9]/p' <(ethtool -S "$VIF1"; guest 1 ethtool -S eth0)
tap "credit" accounts_right "$VIF1"
SCRIPT
