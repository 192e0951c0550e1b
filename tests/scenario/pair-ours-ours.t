#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pair.sh: frontend ours, backend ours.
. "$(dirname "$0")/lib.sh"
. tests/scenario/pair-lab.sh
pair_in_lab ours --back-param check_ledger=1
