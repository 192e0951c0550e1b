# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# In dom0: gives guest 1 interfaces eth1 to eth4, joins the first two and the last two,
# and runs TESTS there. One that fails runs again on pairs of veth, joined in the same way:
# what fails there as well is nothing a NIC does.

# cable A B: what comes from one goes to the other, whatever it is.
cable()
{
	local from to=$2
	for from in "$1" "$2"; do
		ip link set "$from" nomaster up
		ip link set "$from" promisc on
		tc qdisc add dev "$from" clsact
	done
	tc filter add dev "$1" ingress matchall action mirred egress redirect dev "$to"
	tc filter add dev "$to" ingress matchall action mirred egress redirect dev "$1"
}

lib=lib/x86_64-linux-gnu
tools="export PATH=\$PATH:/tmp/tools/usr/bin:/tmp/tools/usr/sbin \
	LD_LIBRARY_PATH=/tmp/tools/$lib:/tmp/tools/usr/$lib"
id=$(xl domid guest1)
for i in 1 2 3 4; do
	xl network-attach guest1 mac=00:16:3e:00:02:0$i script=vif-bridge bridge=xenbr0 || exit
done
cable "vif$id.1" "vif$id.2"
cable "vif$id.3" "vif$id.4"
# The guest's end of dom0's bridge is none of the tests' business. They look on hosts for
# groups that these have not joined, as if every NIC let all groups in: these are told to.
# shellcheck disable=SC2016
guest 1 'mkdir /tmp/tools && tar xf /root/in/tools.tar -C /tmp/tools &&
	tar xf /root/in/tests.tar -C /tmp || exit
	for i in 1 2 3 4; do
		until ip link set eth$i allmulticast on; do sleep 0.1; done 2>/dev/null
	done
	ip link add probe type vrf table 10 && ip link del probe' || exit

# run TEST INTERFACE...
run()
{
	guest 1 "cd /tmp/selftests/${1%/*} && $tools
		for left in br0 br1; do ip link del \$left; done 2>/dev/null
		timeout 2400 ./${1##*/} ${*:2} 2>&1"
}

for test in "${TESTS[@]}"; do
	echo "RUN $test"
	run "$test" eth1 eth2 eth3 eth4 | tee /run/said
	status=${PIPESTATUS[0]}
	echo "END $test $status"
	case $status in
	0 | 4) grep -qE '\[FAIL\]|^FAIL: ' /run/said || continue ;;
	esac
	guest 1 'ip link add veth1 type veth peer name veth2 &&
		ip link add veth3 type veth peer name veth4' || exit
	echo "AGAIN $test"
	run "$test" veth1 veth2 veth3 veth4
	echo "END $test $?"
	guest 1 'ip link del veth1 && ip link del veth3' || exit
done
exit 0
