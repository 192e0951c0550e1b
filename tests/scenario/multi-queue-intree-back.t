#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# multi-queue-pair.sh: our frontend, the in-tree backend.
. "$(dirname "$0")/lib.sh"
{ echo OURS=front; cat tests/scenario/{queues,rss,multi-queue-pair}.sh; } |
	in_lab --topology bridge --queues 2 --back intree
