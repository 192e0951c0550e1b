#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tcpdump.sh: route.
. "$(dirname "$0")/lib.sh"
in_lab --topology route --back-param check_ledger=1 <tests/scenario/tcpdump.sh
