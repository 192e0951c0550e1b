#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The in-tree frontend's XDP: it runs none without room before frames, asks for that while
# connected, and waits for the answer.
. "$(dirname "$0")/lib.sh"
make -s -C tests/programs || exit 1
{
	cat tests/scenario/xdp.sh - <<'SCRIPT'
front=/local/domain/$(xl domid guest1)/device/vif/0
backend=/local/domain/0/backend/vif/$(xl domid guest1)/0
declare -A marked

pings()
{
	ping -q -c 20 -i 0.05 -W 1 -s "$1" 10.0.0.11 | grep -oE '[0-9]+ received'
}

# under ACTION RECEIVED: of 20 pings of either size, that many are answered.
under()
{
	local size got
	xdp_on 1 eth0 "$1"
	tap "$1: the guest has its room" [ "$(xenstore-read "$front/xdp-headroom")" = 256 ]
	tap "$1: all are Connected again" await 10 connected
	for size in 18 1400; do
		got=$(pings $size)
		tap "$1, $size bytes" [ "${got% *}" -eq "$2" ]
	done
	xdp_off 1
	tap "$1: the program saw them" number_is seen "$seen" '>=' 40
	tap "$1: and none without" [ "$(xenstore-read "$front/xdp-headroom")" = 0 ]
}

connected()
{
	[ "$(xenstore-read "$front/state")" = 4 ] && [ "$(xenstore-read "$backend/state")" = 4 ]
}

ping -c 1 -W 5 10.0.0.11 >/dev/null
ip neigh replace 10.0.0.11 lladdr 00:16:3e:00:00:0b dev xenbr0 nud permanent
under pass 20
under room 20
under drop 0
tap "guest answers without a program" answers 1
tap "credit" accounts_right "$VIF1"
tap "netback dropped none" number_is drops "$(total "$VIF1" b2f_drop_grant_copy)" == 0
SCRIPT
} | in_lab --topology bridge --front intree --file build/programs/xdp --back-param check_ledger=1
