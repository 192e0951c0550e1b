#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The in-tree backend takes no blank checksum of a frame with a tag: TCP over VLAN interfaces
# is completed and segmented before it.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back intree <<'END'
modprobe 8021q
ip link add link xenbr0 name vlan5 type vlan id 5
ip addr add 10.5.0.1/24 dev vlan5
ip link set vlan5 up
guest 1 "modprobe 8021q; ip link add link eth0 name eth0.5 type vlan id 5
	ip addr add 10.5.0.11/24 dev eth0.5; ip link set eth0.5 up"
iperf3 -s -D
tap "ping" await 20 ping -q -c 3 -i 0.2 -W 5 -s 1400 10.5.0.11
tap "TCP to dom0" guest 1 "iperf3 -c 10.5.0.1 -n 10M --connect-timeout 5000"
tap "TCP to the guest" guest 1 "iperf3 -c 10.5.0.1 -n 10M --connect-timeout 5000 -R"
tap "the backend refuses nothing" number_is rx_errors "$(cat "/sys/class/net/$VIF1/statistics/rx_errors")" == 0
tap "guest works" answers 1
END
