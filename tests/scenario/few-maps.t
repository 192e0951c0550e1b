#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A Xen that lets dom0 map few pages: of these static grants take a quarter at most, so that
# there is always room for another guest's rings, and its disks; the first guests leave some to
# the next.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --guests 2 --queues 2 --back-param check_ledger=1 \
	--xen-param gnttab_max_maptrack_frames=8 <<'END'
# of_all: pages mapped for good, of all guests.
of_all()
{
	sed 's/ of .*//' /sys/kernel/debug/netback/static_grants
}

# mapped VIF: of its first queue.
mapped()
{
	sed -n 's/^static grants: \([0-9]*\) of .*/\1/p' "/sys/kernel/debug/netback/$1/q0"
}

# has_some VIF PAGES: so many at least.
has_some()
{
	number_is pages "$(mapped "$1")" '>=' "$2"
}

tap "Xen's limit is known" dmesg_has "at most 512 pages of all guests"
in_demand 1 eth0 2
tap "the first guest has some" await 20 has_some "$VIF1" 8
in_demand 2 eth0 2
tap "so has the second" await 20 has_some "$VIF2" 8
tap "all together no more than that" number_is pages "$(of_all)" '<=' 512
for i in 1 2 3 4; do
	xl network-attach guest2 mac=00:16:3e:00:01:0$i script=vif-bridge bridge=xenbr0
	await 20 guest 2 "[ -e /sys/class/net/eth$i ] && ip link set eth$i up"
	tap "interface $i connects" await 20 grep -qx 1 "/sys/class/net/${VIF2%.0}.$i/carrier"
done
in_demand 2 eth4 2
tap "the last has some" await 20 has_some "${VIF2%.0}.4" 4
tap "all together no more than that" number_is pages "$(of_all)" '<=' 512
tap "guest 1 answers" answers 1
tap "guest 2 answers" answers 2
tap "both have been refused nothing" number_is refused \
	$(($(stat "$VIF1" ctrl_grefs_no_room) + $(stat "$VIF2" ctrl_grefs_no_room))) == 0
tap "credit" accounts_right "$VIF1"
END
