#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest has room for few grants: each interface comes up, with fewer queues where there is no
# room for more, and pages stay granted only where enough is left for others.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/grants.sh
	cat <<'END'
said()
{
	guest "$1" dmesg | grep "$2"
}

channels()
{
	guest 2 ethtool -L eth0 combined "$1"
}

guest_destroy 1
has 2 4 4
tap "4 frames, 4 CPUs: the guest answers" answers 2
tap "with two queues" queues_are 2 0 == 2
tap "as it says" said 2 '2 of 4 queues: no grants'
in_demand 2 eth0 2
tap "no page stays granted beside the rings'" mapped_are 2 0 '<=' 512
tap "another interface comes" attach 2 1
tap "and is reached" reached 2 1
tap "with a queue" queues_are 2 1 == 1
tap "fewer queues" channels 1
tap "are used" await 20 queues_are 2 0 == 1
tap "guest answers" answers 2
tap "more than there is room for" channels 4
tap "end with what there is" await 20 queues_are 2 0 '>=' 1
tap "guest answers" answers 2
tap "it is saved" xl save guest2 /run/image
tap "and restored" xl restore /run/image
export VIF2="vif$(xl domid guest2).0"
tap "guest answers" answers 2
tap "its other interface as well" reached 2 1
tap "credit" accounts_right "$VIF2"

has 2 2 8
tap "8 frames, 2 CPUs: the guest answers" answers 2
in_demand 2 eth0 2
tap "pages stay granted while half of the table is left" await 20 mapped_are 2 0 == 1024
tap "another interface comes" attach 2 1
tap "with as many queues" queues_are 2 1 == 2
for queue in 0 1; do
	guest 2 "ip netns exec n1 bash <<'END_OF_LINES'
$(pktgen nic1 60 2000 queue_map_min=$queue queue_map_max=$queue)
END_OF_LINES"
done
tap "only its rings' pages stay granted" await 20 mapped_are 2 1 == 512
tap "reached" reached 2 1
tap "and another" attach 2 2
tap "reached" reached 2 2

END
} | in_lab --topology bridge --guests 2 --back-param check_ledger=1
