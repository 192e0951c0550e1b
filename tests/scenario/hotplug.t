#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The guest sees Connected only after the hotplug script has reported "connected", and
# can reconnect afterwards without the script.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'END'
back=backend/vif/$(xl domid guest1)/0
front=/local/domain/$(xl domid guest1)/device/vif/0
init_wait=2 connected=4 closed=6

state_is()
{
	local state
	state=$(xenstore-read "$1/state")
	echo "$1/state is $state"
	[ "$state" = "$2" ]
}

hotplug_status()
{
	xenstore-read "$back/hotplug-status"
}

# A script that first waits for the frontend, and notes how things are a second later.
export front back
cat >/etc/xen/scripts/vif-slow <<-'SCRIPT'
	#!/bin/bash
	if [ "$1" = online ]; then
		until [ "$(xenstore-read $front/state)" = 4 ]; do sleep 0.1; done
		until [ -e "/sys/kernel/debug/netback/$vif/q0" ]; do sleep 0.1; done
		sleep 1
		xenstore-read $back/state >/run/state-meanwhile
		guest 1 "ip link set eth0 up; cat /sys/class/net/eth0/carrier" >/run/carrier-meanwhile
	fi
	exec /etc/xen/scripts/vif-bridge "$@"
SCRIPT
chmod +x /etc/xen/scripts/vif-slow

eth0_detach
eth0_attach script=vif-slow mtu=9000
tap "frontend connected, script not done: backend still waits" \
	grep -x $init_wait /run/state-meanwhile
tap "frontend connected, script not done: no carrier" grep -x 0 /run/carrier-meanwhile
tap "script done: backend shows Connected" await 10 state_is "$back" $connected
tap "guest sets it up" guest 1 /etc/lab/net-up
tap "guest has the MTU that xl was told" [ "$(guest 1 cat /sys/class/net/eth0/mtu)" = 9000 ]
tap "guest has carrier" guest_carrier 1
tap "guest works" answers 1
tap "credit" accounts_right "$VIF1"

ping -q -i 0.002 10.0.0.11 >/dev/null 2>&1 &
pinger=$!
for round in 1 2; do
	guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/unbind"
	tap "round $round: frontend unbound: backend closes" await 10 state_is "$back" $closed
	tap "round $round: hotplug-status stays" [ "$(hotplug_status)" = connected ]
	guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/bind"
	tap "round $round: frontend bound: backend connects" await 10 state_is "$back" $connected
	tap "round $round: guest sets it up" await 10 guest 1 /etc/lab/net-up
	tap "round $round: guest works" answers 1
done
kill $pinger

# blank 0|1 DEVICE ADDRESS: of 3 datagrams that dom0 (0) or the guest (1) sees on DEVICE,
# sent by the other to ADDRESS, how many come with a checksum left blank.
blank()
{
	on "$1" "timeout 60 tcpdump -l -c 3 -vv -i $2 udp port 9 2>/dev/null" >/run/seen &
	until ! kill -0 $! 2>/dev/null; do
		on $((1 - $1)) "echo . | socat -u STDIN UDP4-SENDTO:$3:9"
		sleep 0.2
	done
	echo "$(grep -c 'bad udp cksum' /run/seen) of $(grep -c 'udp' /run/seen)"
}

blank_are()
{
	local got
	got=$(blank "$2" "$3" "$4")
	echo "blank: $got"
	[ "$got" = "$1" ]
}

tap "checksums are left blank for the guest" blank_are "3 of 3" 1 eth0 10.0.0.11
tap "and for dom0" blank_are "3 of 3" 0 "$VIF1" 10.0.0.1
guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/unbind"
await 10 state_is "$back" $closed
xenstore-write "$front/feature-no-csum-offload" 1 "$back/feature-no-csum-offload" 1 \
	"$front/trusted" 0
guest 1 "echo vif-0 >/sys/bus/xen/drivers/netfront/bind"
tap "either end wants none blank: they connect" await 10 state_is "$back" $connected
await 10 guest 1 /etc/lab/net-up
tap "none is blank for the guest" blank_are "0 of 3" 1 eth0 10.0.0.11
tap "nor for dom0" blank_are "0 of 3" 0 "$VIF1" 10.0.0.1

# posted_and HOW: slots that guest 1 has posted, and frames it has copied HOW. Of the frames
# sent here each takes one slot; frames counted as sent are so only once they are answered.
posted_and()
{
	guest 1 ethtool -S eth0 | awk -v how="q0_f2b_$1:" '$1 == "q0_f2b_slots:" { posted = $2 }
		$1 == how { copied = $2 } END { print posted, copied }'
}

# all_copied HOW: while the guest answers, no frame is shown to the backend in place.
all_copied()
{
	local before after posted copied
	read -ra before < <(posted_and "$1")
	answers 1 || return 1
	read -ra after < <(posted_and "$1")
	posted=$((after[0] - before[0])) copied=$((after[1] - before[1]))
	number_is posted "$posted" '>=' 3 && number_is copied "$copied" '>=' "$posted"
}

in_demand 1 eth0 1
tap "a backend that is not trusted is shown copies only, in pages that stay granted" \
	await 20 all_copied static
guest 1 ethtool --set-priv-flags eth0 static-grants off
tap "or in fresh ones" all_copied bounced
tap "credit after reconnects" accounts_right "$VIF1"
END
