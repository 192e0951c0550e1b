#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# parked.sh: dom0 bridges.
. "$(dirname "$0")/parked-lab.sh"
parked_lab bridge
