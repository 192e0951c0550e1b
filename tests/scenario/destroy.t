#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest is destroyed while its packets wait in dom0's queue with all slots it can
# use. The domain goes at once, the packets go their way, and only then the module can.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --back-param check_ledger=1 <<'END'
no_vif()
{
	! ls -d /sys/class/net/vif*
}

# speed RATE: the slow NIC's, without touching what waits in its queue.
speed()
{
	tc qdisc change dev "$NIC" root handle 1: tbf rate "$1" burst 32kb limit 4mb
}

# The frontend stops when the largest packet would not fit any more.
full()
{
	in_use "$1" 230
}

# Only now slow: until the first frames have left, byte queue limits let no more than a few
# go to the ring.
slow_nic 4mbit
flood_start 1 60
flood_start 2 60
speed 2kbit
tap "the slots of guest 1 wait in dom0" await 30 full "$VIF1"
tap "the slots of guest 2 wait in dom0" await 30 full "$VIF2"
gone=$VIF1
start=${EPOCHREALTIME/./}
guest_destroy 1
echo "xl destroy took $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
tap "guest 1 destroyed: its domain is gone within 5 s" await 5 guest_gone
tap "guest 1 destroyed: its vif is gone" await 5 fails [ -e "/sys/class/net/$gone" ]
tap "guest 1 destroyed: its packets still wait" at_least 257 nic_count backlog
tap "guest 1 destroyed: its queue waits for them" users_are 3
tap "guest 2: its flood goes on" rises 10 nic_count sent
tap "guest 2: ledger" ledger_right "$VIF2"
speed 4mbit
tap "guest 2: its flood goes on at full speed" rises 1000 stat "$VIF2" q0_f2b_packets
flood_end 2
await 30 nic_drained
tap "nothing dropped at the NIC" number_is dropped "$(nic_count dropped)" == 0
tap "guest 2: credit" accounts_right "$VIF2"
tap "no queue is left of guest 1" users_are 2

guest_start 1
tap "a new guest 1 works" answers 1
tap "a new guest 1: credit" accounts_right "$VIF1"
tap "guest 2 works" answers 2

flood_start 1 60
speed 2kbit
await 30 full "$VIF1"
guest_destroy 1
guest_destroy 2
tap "both destroyed: no vif is left" await 10 no_vif
tap "both destroyed: the module waits for the packets" refuses "in use" rmmod netback
speed 4mbit
await 30 nic_drained
tap "packets sent: the module goes" await 10 rmmod netback
END
