#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# standing-queue.sh: our frontend. Its byte queue limits are set aside by the floods.
. "$(dirname "$0")/lib.sh"
{
	cat <<'END'
GUESTS=3 ROWS='
1 8 60 fq_codel
1 8 600 fq_codel
1 8 1400 fq_codel
1 8 600 pfifo_fast
1 8 1400 cake bandwidth 8mbit
1 40 600 fq
1 40 1400 sfq
1 40 1400 cake
1 40 1400 netem delay 20ms limit 3000
3 40 600 fq_codel
3 40 1400 fq
3 40 600 sfq
'
END
	cat tests/scenario/standing-queue.sh
} | in_lab --topology bridge --guests 3 --back-param check_ledger=1
