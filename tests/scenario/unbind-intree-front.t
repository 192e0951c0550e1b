#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The backend is unbound and bound again while an in-tree frontend's frames are held by a
# slow NIC, and who sends them waits for their answers: it is told of them, and goes on.
# In-tree netfront has no timer that would look. And keys that a driver before it has left
# do not keep it out.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --front intree --back-param check_ledger=1 <<'SCRIPT'
device=vif-$(xl domid guest1)-0
driver=/sys/bus/xen-backend/drivers/netback

# All the sender may have underway waits in the ring, or for the NIC.
stands_still()
{
	in_use "$VIF1" 120
}

# rebound: guest 1's device, from its driver to its driver.
rebound()
{
	guest 1 'echo vif-0 >/sys/bus/xen/drivers/vif/unbind
		echo vif-0 >/sys/bus/xen/drivers/vif/bind'
	await 20 guest 1 /etc/lab/net-up
}

front=/local/domain/$(xl domid guest1)/device/vif/0
xenstore-write "$front/ctrl-ring-ref" 4000 "$front/event-channel-ctrl" 99
tap "keys of another driver's control ring: connected" rebound
tap "the guest answers, without one" answers 1
xenstore-rm "$front/ctrl-ring-ref"
xenstore-rm "$front/event-channel-ctrl"

for round in 1 2 3; do
	slow_nic 100kbit
	flood_start 1 600
	tap "round $round: its sender waits for answers" await 30 stands_still
	echo "$device" >"$driver/unbind"
	sleep 1
	echo "$device" >"$driver/bind"
	vif_online
	fast_nic
	tap "round $round: the guest sends again" rises 50 stat "$VIF1" q0_f2b_packets
	flood_end 1
	tap "round $round: the guest answers" answers 1
	tap "round $round: accounts" accounts_right "$VIF1"
done
SCRIPT
