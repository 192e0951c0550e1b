#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# netback is replaced under static grants: the next one is asked for them, at rest and after
# a message that nobody was there to answer, too.
. "$(dirname "$0")/lib.sh"
{
	cat <<'SCRIPT'
bridge fdb replace $nowhere_mac dev "$NIC" master static
device=vif-$(xl domid guest1)-0
driver=/sys/bus/xen-backend/drivers/netback

statics_are()
{
	number_is pages "$(sed -n 's/^static grants: \([0-9]*\) of .*/\1/p' \
		"/sys/kernel/debug/netback/$VIF1/q0")" == "$1"
}

# replaced SECONDS: there is none for so long.
replaced()
{
	echo "$device" >$driver/unbind
	sleep "$1"
	echo "$device" >$driver/bind
	vif_online && await 20 answers 1
}

in_demand 1 eth0 1
tap "all pages are mapped" await 20 statics_are 512
tap "another backend" replaced 1
in_demand 1 eth0 1
tap "maps them as well" await 20 statics_are 512
sleep 14
tap "none at rest" statics_are 0
in_demand 1 eth0 1
tap "and all again" await 20 statics_are 512
tap "another backend, after half a minute" replaced 30
in_demand 1 eth0 1
tap "maps them as well" await 20 statics_are 512
tap "the guest has its frames hashed there" guest 1 ethtool -K eth0 rxhash on
tap "which this backend does" await 20 grep -q 'receive-hashing: on' <(guest 1 ethtool -k eth0)
sleep 14
tap "none at rest" statics_are 0
tap "its pages are free" number_is lines \
	"$(guest 1 cat /sys/kernel/debug/netfront/eth0/q0 | grep -c 'static grants: 0')" == 2
tap "accounts" accounts_right "$VIF1"
SCRIPT
} | in_lab --topology bridge --back-param check_ledger=1
