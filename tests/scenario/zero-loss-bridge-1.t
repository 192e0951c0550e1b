#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# zero-loss.sh: bridge, 1 guest(s).
. "$(dirname "$0")/lib.sh"
{ echo GUESTS=1; cat tests/scenario/zero-loss.sh; } |
	LAB_TIMEOUT=1100 in_lab --topology bridge --guests 1 --back-param check_ledger=1
