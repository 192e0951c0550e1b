#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# xdp-front.sh: our frontend, the in-tree backend.
. "$(dirname "$0")/lib.sh"
. tests/scenario/xdp-lab.sh
xdp_front_in_lab intree
