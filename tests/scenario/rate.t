#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# rate=: what a guest sends follows the limit the toolstack sets, and every change of
# its key, while the guest floods.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <<'SCRIPT'
# shaped: how often frames had to wait.
shaped()
{
	stat "$vif" q0_f2b_shaped
}

waits()
{
	local before
	before=$(shaped)
	sleep 1
	[ "$(shaped)" -gt "$before" ]
}

# limited KBIT: once the bucket is empty.
limited()
{
	await 20 waits && kbit_is "$vif" "$1"
}

# unlimited KBIT: much faster than that, and never told to wait.
unlimited()
{
	local before
	await 20 fails waits || return 1
	before=$(shaped)
	number_is "kbit/s" "$(kbit "$vif" 2)" '>=' $(($1 * 3)) &&
		number_is waits "$(shaped)" == "$before"
}

told()
{
	dmesg | grep -q 'rate "fast" is not'
}

eth0_detach
eth0_attach rate=1Mb/s
await 30 guest 1 /etc/lab/net-up
vif=$(vif 1)
key=/local/domain/0/backend/vif/$(xl domid guest1)/0/rate

flood_start 1 1400
timed "rate=1Mb/s of the toolstack" limited 1000
xenstore-write "$key" 12500,50000
timed "2 Mbit/s by the changed key" limited 2000
xenstore-rm "$key"
timed "no limit once the key is gone" unlimited 2000
xenstore-write "$key" 6250,50000
timed "1 Mbit/s by a new key" limited 1000
xenstore-write "$key" fast
tap "nonsense in the key is reported" await 20 told
timed "no limit by nonsense" unlimited 2000
xenstore-write "$key" 4294967295,50000
timed "no limit by the largest value" unlimited 2000
flood_end 1
tap "accounts" accounts_right "$vif"
SCRIPT
