#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# attach-detach.sh: 12 times.
. "$(dirname "$0")/lib.sh"
{ echo ROUNDS=12; cat tests/scenario/attach-detach.sh; } |
	in_lab --topology bridge --back-param check_ledger=1
