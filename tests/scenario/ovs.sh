# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Open vSwitch in place of dom0's bridge, behind dom0.sh.

# switch_up: the switch's programs run, and the switch has vif and NIC.
switch_up()
{
	local db=/run/openvswitch/conf.db port
	mkdir -p /run/openvswitch /etc/openvswitch &&
		ovsdb-tool create $db /usr/share/openvswitch/vswitch.ovsschema &&
		ovsdb-server $db --remote=punix:/run/openvswitch/db.sock --pidfile --detach \
			-vconsole:off -vsyslog:off && ovs-vsctl --no-wait init &&
		/usr/lib/openvswitch-switch/ovs-vswitchd --pidfile --detach \
			-vconsole:off -vsyslog:off && ovs-vsctl add-br ovs0 || return
	for port in "$VIF1" "$NIC"; do
		ip link set "$port" nomaster && ovs-vsctl add-port ovs0 "$port" || return
	done
}

# switch_has_address: dom0's own is the switch's.
switch_has_address()
{
	ip addr flush dev xenbr0
	ip addr add 10.0.0.1/24 dev ovs0
	ip link set ovs0 up
}
