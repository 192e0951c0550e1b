#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# XDP on what a guest receives, in netfront, with any backend.
. "$(dirname "$0")/lib.sh"
. tests/scenario/xdp-lab.sh
xdp_front_in_lab ours
