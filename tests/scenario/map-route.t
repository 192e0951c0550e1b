#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# map.sh: routed.
. "$(dirname "$0")/lib.sh"
in_lab --topology route --back-param "check_ledger=1 map_min=512" <tests/scenario/map.sh
