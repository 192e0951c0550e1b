# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# The part of the benchmark that a clock measures, behind workloads.sh: two CPUs, ours and
# the in-tree pair by turns in one boot, ROUNDS times. Lines "round PAIR WORKLOAD VALUE".

# both_use ours|intree: dom0 and both guests.
both_use()
{
	local guest load_back=insmod\ /root/netback.ko load_front=insmod\ /root/netfront.ko
	[ "$1" = ours ] || load_back=modprobe\ xen-netback load_front=modprobe\ xen-netfront
	for guest in 1 2; do
		xl network-detach guest$guest 0
		xl network-detach guest$guest 1 2>/dev/null # the router's
		await 20 fails ip link show "$(vif $guest)"
		guest $guest "rmmod netfront xen-netfront 2>/dev/null"
	done
	rmmod netback xen-netback 2>/dev/null
	$load_back
	for guest in 1 2; do
		guest $guest "$load_front"
		xl network-attach guest$guest mac="00:16:3e:00:00:0$(printf %x $((10 + guest)))" \
			script=vif-bridge bridge=xenbr0
		await 30 guest $guest /etc/lab/net-up
		await 30 ping -q -c 1 -W 1 10.0.0.$((10 + guest))
	done
}

# Not xdp-tx-60: tests/bench/run says why.
for ((round = 0; round < ROUNDS; round++)); do
	for pair in intree ours; do
		both_use $pair >/dev/null 2>&1
		for workload in f2b-60 f2b-1400 b2f-60 b2f-1400 f2b-tcp b2f-tcp g2g-60 g2g-tcp rr \
			xdp-drop-60 fwd-60; do
			wanted $workload || continue
			[ $workload != fwd-60 ] || make_router
			${workload//-/_} | sed -n "s|^value \([a-z0-9-]*\) \([0-9.]*\) .*|round $pair \1 \2|p"
		done
	done
done
exit 0
