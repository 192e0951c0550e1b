#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# parked.sh: Open vSwitch in dom0.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/ovs.sh - <<'SCRIPT'
tap "the switch takes vif and NIC" switch_up
switch_has_address
ovs-appctl fdb/add ovs0 "$NIC" 0 $nowhere_mac
CASES="ovs_fragments ovs_stopped"
SCRIPT
	cat tests/scenario/parked.sh
} | in_lab --topology bridge --back-param check_ledger=1
