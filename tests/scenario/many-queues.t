#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest of eight CPUs has eight interfaces, whose queues need more grants than a guest may
# have by default: all come up, the last with fewer queues.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/grants.sh
	cat <<'END'
guest_destroy 1
guest_destroy 2
has 1 8 64 448
tap "8 CPUs: the guest answers" answers 1
tap "with eight queues" queues_are 1 0 == 8
for i in {1..7}; do
	tap "interface $i comes" attach 1 $i
	tap "interface $i is reached" reached 1 $i
done
for i in {0..7}; do queues 1 $i; mapped 1 $i; done
tap "six of them have all queues" queues_are 1 5 == 8
tap "guest answers" answers 1
tap "credit" accounts_right "$VIF1"
END
} | in_lab --topology bridge --guests 2 --back-param check_ledger=1
