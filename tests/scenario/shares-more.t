#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shares.sh: other queues, other frames.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/shares.sh
	cat <<'END'
alone 40 fq
alone 40 sfq
alone 40 cake
# one frame of 64 kB at a time, and then the time that this CPU takes to copy and to cut one
used=95
alone 8 pfifo
alone 8 sfq
row 8 pfifo 60 1400
row 40 pfifo 600 1400
row 40 pfifo 1400 600
# TCP sends no more than it thinks right
least=33
row 40 sfq tcp 600
# 64 of these beside a frame of 64 kB
least=25
row 40 pfifo tcp 600
row 40 pfifo 600 tcp
least=40
intree_in_second
row 40 pfifo 1400 600
least=33
row 40 pfifo tcp 1400
row 40 fq_codel tcp 600
END
} | in_lab --topology bridge --guests 2 --back-param check_ledger=1
