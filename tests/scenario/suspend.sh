# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What scenarios share in which a guest is suspended: under a flood, with credit held, and
# with a TCP connection (lives.sh) that lives through it.

image=/tmp/guest1.saved

# Of the kind that holds no channel to the guest.
flood_quietly()
{
	guest 1 "touch /run/flooding; setsid bash -c '
		while [ -e /run/flooding ]; do
			$(sender 300 $nowhere_ip $next_hop_mac)
			sleep 0.3
		done' </dev/null >/dev/null 2>&1 &"
}

quiet()
{
	guest 1 'rm /run/flooding; pkill -f UDP4-SENDTO'
}

# back ROUND COMMAND...: COMMAND brings the guest back, as another domain.
back()
{
	tap "$1, and neighbours are told" announced "${@:2}"
	VIF1=$(vif 1)
	tap "$1: it takes commands" guest_wait 1
	tap "$1: the connection goes on" stream_flows
}

# save ROUND: what is saved is in $image, and nothing of the guest is left here.
save()
{
	rm -f $image
	tap "saved, $1" xl save guest1 $image
	tap "nothing of it is left, $1" await 10 guest_gone
}

# announced COMMAND...: it succeeds, and neighbours are told where the guest is then.
announced()
{
	local tcpdump
	timeout 300 tcpdump -n -l -c 1 -i xenbr0 arp and arp[24:4] = 0x0a00000b \
		and arp[14:4] = 0x0a00000b >/run/announced 2>/dev/null &
	tcpdump=$!
	"$@" || return 1
	await 20 fails kill -0 $tcpdump || return 1
	cat /run/announced
	[ -s /run/announced ]
}

# works ROUND: the connection goes on, and so does the flood, the NIC pacing it.
works()
{
	tap "$1: the connection goes on" stream_flows
	tap "$1: the flood goes on" rises 300 nic_count sent
}

held()
{
	tap "$1: with credit held" await 30 in_use "$VIF1" 100
}
