#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# standing-queue.sh: the in-tree frontend, which has no byte queue limits. All sizes.
. "$(dirname "$0")/lib.sh"
{
	echo 'GUESTS=3 ROWS=$(
	for qdisc in "pfifo limit 1000" pfifo_fast fq fq_codel cake sfq; do
		for size in 60 600 1400; do
			echo 1 8 $size $qdisc
			[ $size = 60 ] || echo 1 40 $size $qdisc
			[ $size = 60 ] || echo 3 40 $size $qdisc
		done
	done
	for size in 600 1400; do
		for mbit in 8 40; do
			echo 1 $mbit $size cake bandwidth ${mbit}mbit
			echo 1 $mbit $size netem delay 20ms limit 3000
		done
	done)'
	cat tests/scenario/standing-queue.sh
} | LAB_TIMEOUT=2400 in_lab --topology bridge --guests 3 --front intree --back-param check_ledger=1
