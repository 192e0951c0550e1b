# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Two queues with an in-tree peer: both are used both ways, by frames and by TCP.
# Behind queues.sh and rss.sh. OURS is our end: front or back.

backend=/local/domain/0/backend/vif/$(xl domid guest1)/0

count()
{
	if [ "$OURS" = front ]; then front_stat "$@"; else stat "$VIF1" "$@"; fi
}

one_queue()
{
	xenstore-exists "$front/tx-ring-ref" && ! xenstore-exists "$front/queue-0" &&
		[ "$(xenstore-read "$backend/state")" = 4 ]
}

asks_for_filter()
{
	[ "$(xenstore-read "$front/request-multicast-control")" = 1 ]
}

tap "two queues" [ "$(xenstore-read "$front/multi-queue-num-queues")" = 2 ]
tap "connected" [ "$(xenstore-read "$backend/state")" = 4 ]
tap "guest answers" answers 1

# From both CPUs, which ours goes by, and of many flows, as the in-tree frontend does.
flows_from_guest()
{
	guest 1 'for ((i = 0; i < 24; i++)); do
		echo . | taskset $((1 << i % 2)) socat -u STDIN UDP4-SENDTO:10.0.0.1:9
	done'
}

tap "from the guest: both queues carry frames" both_rise f2b_packets flows_from_guest count
tap "to the guest: both queues carry frames" both_rise b2f_packets "datagrams 24 10.0.0.11" count
stream_start 0
stream_start 1
tap "guest answers beside TCP" answers 1
if [ "$OURS" = front ]; then
	tap "it takes the guest's multicast addresses" await 20 at_least 1 count q0_f2b_mcast_changes
	tap "all of them" number_is refused "$(count q0_drop_control)" == 0
	tap "and is asked to filter" await 20 asks_for_filter
	steered
	tap "ethtool -L: not fewer than the user's table names" fails \
		guest 1 ethtool -L eth0 combined 1
	guest 1 ethtool -X eth0 default
	tap "ethtool -L: one" guest 1 ethtool -L eth0 combined 1
	tap "that backend follows" await 20 one_queue
	tap "guest answers on one" answers 1
fi
stream_end 0
stream_end 1
tap "TCP from dom0" stream_whole 0
tap "TCP from the guest" stream_whole 1
[ "$OURS" = front ] || tap "accounts" accounts_right "$VIF1"
