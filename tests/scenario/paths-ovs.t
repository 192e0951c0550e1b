#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Open vSwitch in place of the bridge: a guest's flood comes out of the NIC as it went in,
# and its credit with it.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/paths.sh tests/scenario/ovs.sh - <<'SCRIPT'
# port_of DEVICE: its number in the switch.
port_of()
{
	ovs-vsctl get interface "$1" ofport
}

tap "the switch takes vif and NIC" switch_up
vif_port=$(port_of "$VIF1") nic_port=$(port_of "$NIC")

# normal: as the bridge does
ovs-appctl fdb/add ovs0 "$NIC" 0 $nowhere_mac
path normal

ovs-ofctl del-flows ovs0
ovs-ofctl add-flow ovs0 "in_port=$vif_port,actions=output:$nic_port"
path "a flow"

ovs-ofctl del-flows ovs0
ovs-ofctl add-flow ovs0 "table=0,ip,ct_state=-trk,actions=ct(table=1)"
ovs-ofctl add-flow ovs0 "table=0,arp,actions=normal"
ovs-ofctl add-flow ovs0 "table=1,ip,ct_state=+trk+new,actions=ct(commit),output:$nic_port"
ovs-ofctl add-flow ovs0 "table=1,ip,ct_state=+trk+est,actions=output:$nic_port"
path "ct"
tap "ct: conntrack knows the flow" grep 'dport=9 ' /proc/net/nf_conntrack

ovs-ofctl del-flows ovs0
ovs-ofctl add-flow ovs0 actions=normal
ovs-vsctl set port "$VIF1" tag=5
ovs-appctl fdb/add ovs0 "$NIC" 5 $nowhere_mac
out_of_nic vlan id 5 udp dport 9
path "a tag"

ovs-vsctl clear port "$VIF1" tag
switch_has_address
tap "guest works" answers 1
SCRIPT
} | in_lab --topology bridge --back-param check_ledger=1
