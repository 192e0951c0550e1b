#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A backend goes with frames of the guest mapped that it has not answered: as long as it can
# read them, the guest puts nothing else there; afterwards it has its memory back.
. "$(dirname "$0")/lib.sh"
make -s -C tests/hostile || exit 1
{
	embed build/hostile/peer
	cat <<'END'
device=vif-$(xl domid guest1)-0
driver=/sys/bus/xen-backend/drivers/netback

# lingering: slots of past connections that have not ended.
lingering()
{
	guest 1 cat /sys/kernel/debug/netfront/lingering
}

lingers()
{
	number_is slots "$(lingering)" "$@"
}

# untouched: what the peer has seen of the frames it kept.
untouched()
{
	cat /run/kept
	grep -q "^tx-keep: 0 of 8 changed" /run/kept
}

# Frames that lie in the guest's own memory, one after the other, at any time.
guest 1 "echo 0 >/sys/module/netfront/parameters/static_grants
	ip neigh replace $nowhere_ip lladdr $nowhere_mac dev eth0 nud permanent
	ping -i 0.05 $nowhere_ip >/dev/null 2>&1 &"
echo "$device" >$driver/unbind
/run/peer back "$(xl domid guest1)" tx-keep >/run/kept 2>&1 &
peer=$!
tap "a backend goes with frames mapped: they linger" await 30 lingers '==' 8
wait $peer
tap "nobody else's bytes come to lie there" untouched
tap "they go when it lets go" await 10 lingers '==' 0

echo "$device" >$driver/bind
vif_online
tap "guest works" answers 1
guest 1 'pkill ping'
tap "credit" accounts_right "$VIF1"
tap "guest's slots are all free" [ "$(front_stat q0_f2b_free)" = 256 ]

echo "$device" >$driver/unbind
/run/peer back "$(xl domid guest1)" tx-keep >/run/kept 2>&1 &
peer=$!
guest 1 "ping -i 0.05 $nowhere_ip >/dev/null 2>&1 &"
await 30 lingers '==' 8
tap "netfront is unloaded meanwhile" guest 1 'echo vif-0 >/sys/bus/xen/drivers/netfront/unbind && rmmod netfront'
wait $peer
tap "nobody else's bytes come to lie there either" untouched
guest 1 insmod /root/netfront.ko
echo "$device" >$driver/bind
vif_online
tap "and loaded again" await 20 guest 1 /etc/lab/net-up
tap "guest works again" answers 1
END
} | in_lab --topology bridge --back-param check_ledger=1
