#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hostile-front.t where the backend maps long slots instead of copying them: what it
# mapped of a bad frame is unmapped, and of a dead guest as well.
. "$(dirname "$0")/lib.sh"
. tests/scenario/hostile-lab.sh
hostile_in_lab map --back-param "check_ledger=1 map_min=512" <<'SCRIPT'
bystander_start
users=$(users)
frontend_goes
attack '
good|okay 20|
bad-gref|error 1|f2b_grant_copy
bad-gref-long|error 3|f2b_grant_map
bad-gref-head|error 3|f2b_grant_copy
too-many|error 19|f2b_too_many_slots
empty-slots|okay 18|
crumbs|okay 18|
crosses-page-later|open 2|f2b_crosses_page
slot-flood|open 256|f2b_slot_flood'
tap "what was mapped is unmapped" nothing_mapped "$VIF1"
tap "guest 1 works again, with all its credit" works_again
counters "$VIF1" | sed 's/^[fb]2[fb]_//' >/run/counts
tap "grant_map was counted" every_reason_counted /run/counts
attacker_dies "$users"
tap "the bystander was never harmed" bystander_unharmed
tap "the bystander's credit" accounts_right "$VIF2"
SCRIPT
