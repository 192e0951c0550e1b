#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest is short of memory when it connects: it starts with fewer buffers, which go round,
# or with fewer queues, says so, and has all of them once there is memory.
. "$(dirname "$0")/lib.sh"
[ -z "${LAB_DEBUG-}" ] || { echo '1..0 # SKIP the module is for the ordinary kernel'; exit; }
test_modules || exit 1
in_lab --topology bridge --queues 2 --back-param check_ledger=1 \
	--file build/modules/starve.ko <<'END'
# pages N: so many more for buffers; -1: no end of them.
pages()
{
	guest 1 "echo $1 >/sys/module/starve/parameters/pages"
}

# connect_with N: eth0 comes anew, with so many pages.
connect_with()
{
	guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/unbind
		dmesg -C
		echo $1 >/sys/module/starve/parameters/pages
		echo vif-0 >/sys/bus/xen/drivers/netfront/bind"
	await 20 guest 1 /etc/lab/net-up
}

said()
{
	guest 1 dmesg | grep -F "$1"
}

# posted_are QUEUE OPERATOR N
posted_are()
{
	number_is "buffers of queue $1" "$(front_stat "q$1_b2f_posted")" "$2" "$3"
}

queues_are()
{
	number_is queues "$(guest 1 ethtool -l eth0 | awk '/^Combined:/ { n = $2 } END { print n }')" == "$1"
}

# pings: more than a ring has slots, each small enough to be copied, and none is lost.
pings()
{
	ping -q -i 0.005 -c 600 10.0.0.11 | tee /run/pings
	grep -q ' 0% packet loss' /run/pings
}

tap "page pools can run dry" guest 1 insmod /root/in/starve.ko
tap "a guest has 100 pages, and connects" connect_with 100
tap "with fewer buffers, as it says" said 'queue 0: 100 of 256 buffers for now'
tap "and fewer queues, as it says" said '1 of 2 queues: no memory'
tap "there is one" queues_are 1
tap "so many are posted" posted_are 0 == 100
tap "they go round: no ping is lost" pings
tap "there are no more meanwhile" posted_are 0 '<=' 100
tap "larger frames have no pages to go to" fails ping -q -c 2 -i 0.2 -W 1 -s 1400 10.0.0.11
tap "as it is counted" at_least 2 front_stat q0_drop_no_memory
pages 50
tap "a few more pages" await 20 posted_are 0 '>' 100
tap "are not all" posted_are 0 '<=' 150
tap "no ping is lost" pings
pages -1
tap "there is memory: all buffers soon" await 20 posted_are 0 == 256
tap "guest answers" answers 1
iperf3 -s -D
tap "TCP both ways" guest 1 "iperf3 -c 10.0.0.1 -n 2M && iperf3 -c 10.0.0.1 -n 2M -R"
tap "it wants both queues" guest 1 ethtool -L eth0 combined 2
tap "and has them soon" await 20 queues_are 2
tap "with all buffers" await 20 posted_are 1 == 256
tap "guest answers on both" answers 1

guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/unbind; dmesg -C
	echo 31 >/sys/module/starve/parameters/pages; echo vif-0 >/sys/bus/xen/drivers/netfront/bind"
tap "31 pages are too few for a connection" await 10 said 'setting up rings'
guest 1 'echo vif-0 >/sys/bus/xen/drivers/netfront/unbind'
tap "with memory the interface comes" connect_with -1
tap "with both queues" await 20 queues_are 2
tap "guest answers in the end" answers 1
tap "credit" accounts_right "$VIF1"
END
