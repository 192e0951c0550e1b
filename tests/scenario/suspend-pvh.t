#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A PVH guest is saved and restored, and migrated to the same host (a PV guest cannot be
# migrated by this Xen, which has no shadow paging): under a flood, with credit held, and
# with a TCP connection that lives through it.
. "$(dirname "$0")/lib.sh"
# A second guest's memory is what the first needs while it is there twice.
in_lab --topology bridge --guest-type pvh --guests 2 --back-param check_ledger=1 < <(
	cat tests/scenario/{lives,suspend}.sh - <<'END'
guest_destroy 2
slow_nic 2mbit
stream_start
flood_quietly
works "at first"
held "at first"
save "with credit held"
back "restored" xl restore $image
works "restored"
held "restored"
back "migrated" xl migrate -s '' guest1 'xl migrate-receive'
works "migrated"
tap "migrated: ledger" ledger_right "$VIF1"
quiet
await 30 nic_drained
tap "the connection ends in order, nothing lost" stream_end
tap "guest answers" answers 1
tap "credit at the end" accounts_right "$VIF1"
END
)
