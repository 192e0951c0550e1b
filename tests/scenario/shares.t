#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shares.sh: what most users have.
. "$(dirname "$0")/lib.sh"
{
	cat tests/scenario/shares.sh
	cat <<'END'
alone 40 pfifo
alone 40 fq_codel
alone 8 cake bandwidth 8mbit
row 8 pfifo 1400 60
row 40 fq_codel 1400 600
# TCP sends no more than it thinks right
least=33
row 40 fq_codel tcp 1400
row 40 pfifo tcp 1400
intree_in_second
row 40 fq_codel 1400 tcp
least=40
row 8 pfifo 60 1400
END
} | in_lab --topology bridge --guests 2 --back-param check_ledger=1
