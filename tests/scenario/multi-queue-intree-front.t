#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# multi-queue-pair.sh: our backend, the in-tree frontend.
. "$(dirname "$0")/lib.sh"
{ echo OURS=back; cat tests/scenario/{queues,multi-queue-pair}.sh; } |
	in_lab --topology bridge --queues 2 --front intree
