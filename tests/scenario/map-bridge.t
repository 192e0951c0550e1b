#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# map.sh: bridged; then TCP from mapped pages to dom0 and to another guest, with
# tcpdump looking on; and a guest destroyed while its pages are mapped.
. "$(dirname "$0")/lib.sh"
{ cat tests/scenario/map.sh; cat <<'SCRIPT'; } |
guest 2 ethtool --set-priv-flags eth0 static-grants off
iperf3 -s -D
guest 2 iperf3 -s -D
tcpdump -q -n -s 128 -i "$VIF1" -w /run/seen 2>/run/tcpdump &
await 20 grep -q listening /run/tcpdump
tap "TCP to dom0" guest 1 iperf3 -c 10.0.0.1 -t 1
tap "TCP from guest to guest, seen by tcpdump" guest 1 iperf3 -c 10.0.0.12 -t 1
kill -INT %% && wait %%
tap "TCP from guest to guest" guest 1 iperf3 -c 10.0.0.12 -t 1
tap "TCP from guest to guest, the other way" guest 1 iperf3 -c 10.0.0.12 -t 1 -R
guest 2 ethtool --set-priv-flags eth0 static-grants on
copies=$(stat "$VIF2" q0_b2f_static_copies)
tap "TCP from guest to guest, from mapped pages to static grants" guest 1 iperf3 -c 10.0.0.12 -t 1
tap "these were used" at_least $((copies + 100)) stat "$VIF2" q0_b2f_static_copies
tap "tcpdump saw it" number_is "bytes captured" "$(wc -c </run/seen)" '>' $((1000000 / SCALE))
tap "guest 2 got pages mapped from guest 1" number_is foreign "$(stat "$VIF2" q0_b2f_foreign)" '>' 0
for vif in "$VIF1" "$VIF2"; do
	tap "$vif: accounts" accounts_right "$vif"
	tap "$vif: no mapping left" nothing_mapped "$vif"
done

# Every domain is a line of the list.
domains()
{
	xl list | wc -l
}

# fewer_by N COMMAND BEFORE
fewer_by()
{
	number_is "$2" "$($2)" == $(($3 - $1))
}

users=$(users) domains=$(domains)
slow_nic 100kbit
flood_start 1 8900
await 20 something_mapped "$VIF1"
tap "guest 1 dies with pages mapped" something_mapped "$VIF1"
guest_destroy 1
tap "its interface goes" await 30 fails ip link show "$VIF1"
fast_nic
tap "its memory goes with the last packet" await 30 fewer_by 1 domains "$domains"
tap "its device and queue go with the last packet" await 30 fewer_by 2 users "$users"
tap "guest 2 is still served" ping -q -c 3 -i 0.2 10.0.0.12
tap "guest 2: accounts" accounts_right "$VIF2"
SCRIPT
in_lab --topology bridge --guests 2 --back-param "check_ledger=1 map_min=512"
