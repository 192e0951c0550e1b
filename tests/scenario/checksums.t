#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Checksums that whoever reads a raw socket finds in UDP datagrams: blank as a rule, for that
# is faster, but right for DHCP, and everywhere once the user has said so.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
in_lab --topology bridge --guests 2 --file build/programs/sums --back-param check_ledger=1 <<'SCRIPT'
n=5

# sends ADDRESS PORT: for a shell, here or there; a socket that leaves checksums to the NIC.
sends()
{
	echo "for i in 1 2 3 4 5; do echo datagram; sleep 0.1; done |
		socat -u - UDP4-SENDTO:$1:$2"
}

# carry READER DEV SENDER ADDRESS PORT: what who reads from DEV sees.
carry()
{
	$1 "/root/in/sums $2 $5 $n" >/run/sums &
	sleep 1
	$3 "$(sends "$4" "$5")"
	wait $!
	cat /run/sums
}

to_guest()
{
	carry "guest 1" eth0 eval 10.0.0.11 "$1"
}

from_guest()
{
	carry eval xenbr0 "guest 1" 10.0.0.1 "$1"
}

between_guests()
{
	carry "guest 2" eth0 "guest 1" 10.0.0.12 "$1"
}

# sums_are RIGHT WAY PORT
sums_are()
{
	local seen
	seen=$($2 "$3")
	echo "$seen"
	[ "$seen" = "$1 right, $((n - $1)) wrong" ]
}

for way in to_guest from_guest between_guests; do
	tap "$way: blank as a rule" sums_are 0 $way 9
	tap "$way: to a DHCP client" sums_are $n $way 68
	tap "$way: to a DHCP server" sums_are $n $way 67
	tap "$way: to one of IPv6" sums_are $n $way 547
	tap "$way: to a client of IPv6" sums_are $n $way 546
done
guest 1 ethtool -K eth0 rx off
tap "rx off: filled in" sums_are $n to_guest 9
tap "rx off: the other way as before" sums_are 0 from_guest 9
guest 1 ethtool -K eth0 rx on
tap "rx on: blank again" sums_are 0 to_guest 9
guest 1 ethtool -K eth0 tx off
tap "tx off: all are right" sums_are $n from_guest 9
guest 1 ethtool -K eth0 tx on
ethtool -K "$VIF1" tx off
tap "tx of the vif off: all are right" sums_are $n to_guest 9
ethtool -K "$VIF1" tx on

# It leaves all sums blank, and our backend completes what a DHCP program reads.
tap "the in-tree frontend" front_intree 1
for way in from_guest between_guests; do
	tap "in-tree, $way: blank as a rule" sums_are 0 $way 9
	for port in 67 68 546 547; do
		tap "in-tree, $way: to port $port" sums_are $n $way $port
	done
done
tap "credit" accounts_right "$VIF1"
SCRIPT
