#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# parked.sh: dom0 routes, two queues.
. "$(dirname "$0")/parked-lab.sh"
parked_lab route --queues 2
