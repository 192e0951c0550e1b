#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tcpdump.sh: bridge.
. "$(dirname "$0")/lib.sh"
in_lab --topology bridge --back-param check_ledger=1 <tests/scenario/tcpdump.sh
