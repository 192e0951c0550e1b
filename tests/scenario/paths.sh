# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What the scenarios of paths through dom0 share, behind dom0.sh. A path is set up, its
# last link made narrow, and guest 1 floods it: what the guest sent is what comes out.

# A ring is 256 slots. Where the guest gets its credit too early, a queue of little more
# overflows.
flood_frames=450
queue_limit=270

# Where frames leave dom0 nft counts those of the flood; out_of_nic says what they look like.
nft add table netdev paths
nft add chain netdev paths out "{ type filter hook egress device \"$NIC\" priority 0; }"
nft add counter netdev paths left

# The device whose queue is the narrow one: the path's slowest link.
narrow=$NIC

# No station is asked for, nobody looks for routers: what leaves dom0 are the guest's frames.
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1

# out_of_nic MATCH...: such frames are counted where they go into the NIC's queue.
out_of_nic()
{
	nft flush chain netdev paths out
	nft add rule netdev paths out "$@" counter name left
}

# packets FAMILY TABLE COUNTER: of nft's, so far.
packets()
{
	nft list counter "$@" | awk '$1 == "packets" { print $2 }'
}

# left: how many have left by now; left_none: from now on.
left()
{
	packets netdev paths left
}

left_none()
{
	nft reset counter netdev paths left >/dev/null
}

# make_narrow KBIT: the narrow link sends so much, without the large burst of slow_nic:
# how well the link is used is not in question here. The first line is for the others to
# begin anew.
make_narrow()
{
	tc -batch - <<-END
		qdisc replace dev $narrow root handle 2: pfifo limit $queue_limit
		qdisc replace dev $narrow root handle 1: tbf rate $(($1 / ${SCALE:-1}))kbit burst 4kb limit 4mb
		qdisc add dev $narrow parent 1:1 handle 10: pfifo limit $queue_limit
	END
}

# make_wide: no link is narrow any more, and it is the NIC's turn again.
make_wide()
{
	tc qdisc del dev "$narrow" root 2>/dev/null
	narrow=$NIC
}

narrow_count()
{
	NIC=$narrow nic_count "$1"
}

narrow_drained()
{
	NIC=$narrow nic_drained
}

# passes COMMAND...: a frame that guest 1 sends now on the way of its flood is counted by
# COMMAND soon.
passes()
{
	local before
	before=$("$@")
	guest 1 "echo . >/dev/udp/$to/9"
	pause 0.1
	[ "$("$@")" -gt "$before" ]
}

# opens COMMAND...: frames pass, soon. A NIC that has got another master has no link for
# some seconds, and drops what it is given.
opens()
{
	guest 1 ip neigh replace "$to" lladdr "$by" dev eth0 nud permanent
	await 20 grep -q up "/sys/class/net/$NIC/operstate"
	await 10 passes "$@"
}

# all_of COUNT SENT: all were sent, says patient_flood, and as many counted, and nothing
# was dropped.
all_of()
{
	number_is "sent by the guest" "${2//[^0-9]/}" == $flood_frames &&
		number_is "frames that came out" "$1" == $flood_frames &&
		number_is "dropped by $narrow" "$(narrow_count dropped)" == 0
}

# path NAME [COMMAND...]: as it is set up now, it takes floods of small, middle-sized and
# large frames from guest 1 to $to by way of $by without loss. COMMAND prints how many
# have come out, left unless told otherwise.
path()
{
	local name=$1 row size before after sent
	shift
	[ $# -gt 0 ] || set -- left
	tap "$name: the path is open" opens "$@"
	# What was seen of the way there was before is forgotten.
	sleep 1.2
	after=$("$@")
	for row in 60:250 600:2500 1400:6000; do
		size=${row%:*} before=$after
		sent=$(make_narrow "${row#*:}" &&
			patient_flood 1 "$size" $flood_frames "$to" "$by")
		await 60 narrow_drained
		await 20 at_least $((before + flood_frames)) "$@" >/dev/null
		after=$("$@")
		tap "$name: all frames of $size bytes come out" all_of $((after - before)) "$sent"
	done
	tap "$name: credit" accounts_right "$VIF1"
	make_wide
}

to=$nowhere_ip by=$next_hop_mac
out_of_nic udp dport 9
