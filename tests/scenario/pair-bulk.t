#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pair.sh: both ours, with 200 MB in one piece.
. "$(dirname "$0")/lib.sh"
. tests/scenario/pair-lab.sh
export PAIR_MB=200
pair_in_lab ours --back-param check_ledger=1
