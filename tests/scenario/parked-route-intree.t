#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# parked.sh: dom0 routes, in-tree frontend.
. "$(dirname "$0")/parked-lab.sh"
parked_lab route --front intree
