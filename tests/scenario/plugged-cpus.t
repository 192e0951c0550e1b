#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest is given CPUs after its interface was found: ethtool -L gives them queues. Until
# then there are as many as there were CPUs, and no memory is spent on others.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param "check_ledger=1 max_queues=8" <<'END'
cpus()
{
	guest 1 nproc
}

cpus_are()
{
	number_is CPUs "$(cpus)" == "$1"
}

# plug N: the toolstack's part, and that of the guest's udev.
plug()
{
	local cpu
	xl vcpu-set --ignore-host guest1 "$1"
	for ((cpu = 1; cpu < $1; cpu++)); do
		await 20 guest 1 "online=/sys/devices/system/cpu/cpu$cpu/online
			grep -q 1 \$online || echo 1 >\$online" || return 1
	done
	cpus_are "$1"
}

# channels most|now: what ethtool -l says.
channels()
{
	guest 1 ethtool -l eth0 | awk '/^Combined:/ { print $2 }' |
		if [ "$1" = most ]; then head -n 1; else tail -n 1; fi
}

queues_are()
{
	ls "/sys/kernel/debug/netback/$VIF1"
	number_is "queues in the guest" "$(channels now)" == "$1" &&
		number_is "queues in dom0" \
			"$(find "/sys/kernel/debug/netback/$VIF1" -name 'q*' | wc -l)" == "$1" &&
		guest_carrier 1
}

# made_are N: queues that the guest has memory for.
made_are()
{
	number_is "queues made" "$(guest 1 'ls -d /sys/kernel/debug/netfront/eth0/q* | wc -l')" == "$1"
}

packets()
{
	guest 1 cat /sys/class/net/eth0/statistics/rx_packets
}

# each_sends: a datagram from each CPU, and each has a queue of its own.
each_sends()
{
	local before after cpu i
	read -r -a before < <(queue_packets)
	guest 1 'for ((cpu = 0; cpu < $(nproc); cpu++)); do
		for i in 1 2 3; do taskset $((1 << cpu)) bash -c "echo . >/dev/udp/10.0.0.1/9"; done
	done'
	read -r -a after < <(queue_packets)
	for ((i = 0; i < $1; i++)); do
		number_is "frames of queue $i" $((after[i] - before[i])) '>=' 3 || return 1
	done
}

queue_packets()
{
	local names=() i
	for i in 0 1 2 3; do names+=("q${i}_f2b_packets"); done
	figures "$(ethtool -S "$VIF1")" "${names[@]}" | paste -sd' '
}

guest_destroy 1
sed -i '/^vcpus/d' /etc/xen/guest1.cfg
printf '%s\n' 'vcpus = 2' 'maxvcpus = 4' >>/etc/xen/guest1.cfg
guest_start 1
tap "a guest of two CPUs that may have four" cpus_are 2
tap "two queues by default" queues_are 2
tap "of which there are no more" made_are 2
tap "guest answers" answers 1
tap "two CPUs are plugged" plug 4
tap "as many queues as before" queues_are 2
tap "there may be four" number_is "most queues" "$(channels most)" == 4
before=$(packets)
tap "ethtool -L" guest 1 ethtool -L eth0 combined 4
tap "there are four soon" await 20 queues_are 4
tap "made for it" made_are 4
tap "each CPU sends by its own" each_sends 4
tap "guest answers" answers 1
tap "its counters went on" at_least "$before" packets
tap "each queue says how it is" guest 1 cat "/sys/kernel/debug/netfront/eth0/q"{0,1,2,3}
tap "more than it may ever have CPUs: refused" fails guest 1 ethtool -L eth0 combined 5
tap "fewer again" guest 1 ethtool -L eth0 combined 1
tap "there is one soon" await 20 queues_are 1
tap "guest answers" answers 1
tap "and four once more" guest 1 ethtool -L eth0 combined 4
tap "there are four again" await 20 queues_are 4
tap "it is saved" xl save guest1 /run/image
tap "and restored" xl restore /run/image
VIF1=vif$(xl domid guest1).0
export VIF1
tap "guest answers" answers 1
tap "with four queues" await 20 queues_are 4
tap "credit" accounts_right "$VIF1"
END
