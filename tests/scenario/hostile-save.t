#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest can be saved whatever the other end of its interface does meanwhile, or its own:
# no later than the deadlines of netfront let it be.
. "$(dirname "$0")/lib.sh"
make -s -C tests/hostile || exit 1
in_lab --topology bridge --file build/hostile/peer --back-param check_ledger=1 \
	--allow 'xen:grant_table: WARNING: g\.e\. 0x[0-9a-f]+ still in use!' <<'END'
image=/tmp/guest1.saved
driver=/sys/bus/xen-backend/drivers/netback
# All answers on the control ring together may take that long, in milliseconds, and a user
# who asked for something has RTNL as long.
deadline=5000

# saves: sets took to the milliseconds it took.
saves()
{
	local start=${EPOCHREALTIME/./} status
	rm -f $image
	timeout 300 xl save guest1 $image
	status=$?
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	return $status
}

# comes_back: with netback at the other end again.
comes_back()
{
	xl restore $image && VIF1=$(vif 1) && guest_wait 1
}

# in_guest LINE: in the background, and without a channel to the guest, with which it could
# not be saved.
in_guest()
{
	guest 1 "setsid bash -c '$1' </dev/null >/dev/null 2>&1 &"
}

# is_taken_up DOMID: the peer is its backend, and not, by what it offers, netback.
is_taken_up()
{
	local back=/local/domain/0/backend/vif/$1/0
	[ "$(xenstore-read "$back/feature-multicast-control")" = 0 ] &&
		[ "$(xenstore-read "$back/state")" = 4 ]
}

# attacked_by ATTACK [LINE]: guest 1 is saved while its backend makes ATTACK, and LINE runs
# in it.
attacked_by()
{
	local domid peer status
	domid=$(xl domid guest1)
	echo "vif-$domid-0" >$driver/unbind
	/root/in/peer back "$domid" "$1" >/run/answers 2>&1 &
	peer=$!
	await 20 is_taken_up "$domid" || return
	[ -z "${2-}" ] || in_guest "$2"
	pause 0.3
	saves
	status=$?
	kill $peer 2>/dev/null
	wait $peer
	return $status
}

# within LIMIT: milliseconds more than without an attack, and what a busy CPU takes.
within()
{
	number_is "milliseconds" "$took" '<=' $((base + $1 + 1500))
}

guest 1 ethtool -K eth0 rxhash on
in_guest 'while :; do echo . >/dev/udp/10.0.0.1/9; sleep 0.05; done'
saves
tap "a guest is saved" [ $? = 0 ]
base=$took
echo "# in $base ms"
tap "and comes back" comes_back
tap "it answers" answers 1

while IFS='|' read -r attack limit line; do
	attacked_by "$attack" "$line"
	tap "$attack: the guest is saved" [ $? = 0 ]
	echo "# in $took ms"
	timed "$attack: in time" within "$limit"
	tap "$attack: it comes back" comes_back
	tap "$attack: and answers" answers 1
done <<ATTACKS
tx-keep|0|
rx-flood|0|
storm|0|
ctrl-none|$deadline|ethtool -X eth0 equal 1
ATTACKS

# The other way round: guest 1 is the attacker.
guest 1 'modprobe -a xen-gntalloc; echo vif-0 >/sys/bus/xen/drivers/netfront/unbind'
in_guest 'until [ -e /run/enough ]; do /root/in/peer front flood chaos; done'
tap "guest 1 attacks" rises 100 total "$VIF1" f2b_slots
saves
tap "a guest that attacks is saved" [ $? = 0 ]
echo "# in $took ms"
timed "in time" within 0
tap "nothing of it is left" await 20 guest_gone
tap "it comes back" comes_back
guest 1 'touch /run/enough; pkill -x peer; echo vif-0 >/sys/bus/xen/drivers/netfront/bind'
tap "with a good frontend" await 30 guest 1 /etc/lab/net-up
tap "it answers" answers 1
tap "credit" accounts_right "$VIF1"
END
