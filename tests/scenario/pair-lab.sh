# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of pair.sh: the sums of what is to be transferred are computed here, where
# a CPU is not emulated.

# stream MB FILE: random data, and between its copies a line that moves all that
# follows: no piece can be lost, repeated or moved without the sum telling.
stream()
{
	local i
	for ((i = 0; i < $1; i++)); do
		echo "megabyte $i"
		cat "$2"
	done
}

# What goes through two emulated CPUs takes its time.
export LAB_TIMEOUT=1100

# pair_in_lab BACK [OPTIONS OF tests/lab/run]: with PAIR_MB to dom0, a
# multiple of 40, and a quarter of it back.
pair_in_lab()
{
	local back=$1 bulk=${PAIR_MB:-40} mb random
	shift
	random=$(mktemp -d)
	# shellcheck disable=SC2064
	trap "rm -r '$random'" EXIT
	head -c 1M /dev/urandom >"$random/random"
	{
		echo "BACK=$back BULK=$bulk"
		for mb in 3 5 $((bulk / 40)) $((bulk / 10)) $((bulk / 4)) "$bulk"; do
			echo "sum[$mb]='$(stream $mb "$random/random" | sha256sum)'"
		done
		declare -f stream
		cat tests/scenario/pair.sh
	} >"$random/script"
	in_lab --file "$random/random" "$@" <"$random/script"
}
