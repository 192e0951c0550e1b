#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest is saved and restored, with our backend and with the in-tree one, also while it was
# about to connect anew, has a snapshot taken, is paused: under a flood, with credit held, and with a TCP connection that lives
# through it all.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 < <(
	cat tests/scenario/{lives,suspend}.sh - <<'END'
# restore_closing: as when a worker, held up since before it was saved, closes the old
# connection in the new place.
restore_closing()
{
	xl restore -p $image &&
		xenstore-write "/local/domain/$(xl domid guest1)/device/vif/0/state" 5 &&
		xl unpause guest1
}

slow_nic 2mbit
stream_start
flood_quietly
works "at first"
held "at first"
save "with credit held"
back "restored" xl restore $image
works "restored"
tap "restored: ledger" ledger_right "$VIF1"

held "snapshot"
tap "snapshot taken" xl save -c guest1 $image
works "after the snapshot"

held "paused"
tap "paused" xl pause guest1
tap "no frame stays in dom0" await 30 nic_drained
tap "unpaused" xl unpause guest1
works "unpaused"
quiet
await 30 nic_drained
tap "credit" accounts_right "$VIF1"

save "for the in-tree backend"
tap "netback goes" await 10 rmmod netback
modprobe xen-netback
back "restored on the in-tree backend" restore_closing
save "for ours"
tap "xen-netback goes" await 10 rmmod xen-netback
insmod /root/netback.ko check_ledger=1
back "restored on ours" restore_closing
tap "the connection ends in order, nothing lost" stream_end
tap "guest answers" answers 1
tap "credit at the end" accounts_right "$VIF1"
END
)
