#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The NIC's qdisc is replaced while a guest's credit waits in it: the packets are
# dropped or move on, their credit comes back, and the flood goes on.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
replace()
{
	tc qdisc replace dev "$NIC" root "$@" && rises 300 nic_frames
}

# qdisc NAME...: put it on the NIC in place of what is there, under the flood of $size.
qdisc()
{
	tap "$size bytes: $* takes over, the flood goes on" replace "$@"
	tap "$size bytes: $*: ledger" ledger_right "$VIF1"
}

for size in 60 1400; do
	slow_nic 1mbit
	flood_start 1 $size
	tap "$size bytes: credit waits in tbf" await 20 in_use "$VIF1" 64
	qdisc pfifo limit 1000
	qdisc tbf rate 4mbit burst 32kb limit 4mb
	qdisc fq_codel limit 1000
	qdisc netem delay 20ms
	qdisc netem delay 5ms duplicate 10% loss 10% reorder 10%
	qdisc tbf rate 4mbit burst 32kb limit 20kb
	flood_end 1
	await 30 nic_drained
	tap "$size bytes: credit" accounts_right "$VIF1"
done
fast_nic
tap "guest works" answers 1
END
