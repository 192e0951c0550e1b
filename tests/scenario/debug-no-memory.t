#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory runs out, one allocation in three in dom0, where a page makes the heads of 16
# frames, and then one in ten in the guest: frames are dropped and counted, nothing else is
# lost. Needs the fault injection of the debug kernel.
. "$(dirname "$0")/lib.sh"
in_lab --debug-kernel --topology bridge --back-param check_ledger=1 <<'END'
# fail_allocations PERCENT: a line for a shell of either machine. Only what may not
# sleep fails: heads of packets, which the kernel's command line has marked for it, and
# pages.
fail_allocations()
{
	echo "cd /sys/kernel/debug
		echo Y >failslab/cache-filter
		for fault in failslab fail_page_alloc; do
			echo 0 >\$fault/verbose
			echo Y >\$fault/ignore-gfp-wait
			echo -1 >\$fault/times
			echo $1 >\$fault/probability
		done
		echo 0 >fail_page_alloc/min-order"
}

for size in 60 1400 8900; do
	[ $size -lt 1500 ] || {
		for dev in "$NIC" "$VIF1"; do ip link set "$dev" mtu 9000; done
		guest 1 ip link set eth0 mtu 9000
	}
	dropped=$(stat "$VIF1" q0_f2b_drop_no_memory)
	bash -c "$(fail_allocations 30)"
	patient_flood 1 $size 1000
	bash -c "$(fail_allocations 0)"
	await 30 all_free "$VIF1"
	tap "dom0, $size bytes: frames are dropped" number_is dropped \
		"$(stat "$VIF1" q0_f2b_drop_no_memory)" '>' "$dropped"
	tap "dom0, $size bytes: credit" accounts_right "$VIF1"
done
tap "dom0: it says so" grep -c . <(dmesg_has "frame from guest dropped: no memory")
tap "dom0: the guest answers again" answers 1

guest 1 "$(fail_allocations 10)"
for size in 56 1400 8000; do
	ping -q -i 0.01 -c 300 -s $size 10.0.0.11
done
guest 1 "$(fail_allocations 0)"
tap "guest: frames are dropped" number_is dropped "$(front_stat q0_drop_no_memory)" '>' 0
tap "guest: it answers again" answers 1
iperf3 -s -D
tap "guest: TCP both ways" guest 1 "iperf3 -c 10.0.0.1 -n 2M && iperf3 -c 10.0.0.1 -n 2M -R"
tap "guest: credit" accounts_right "$VIF1"
END
