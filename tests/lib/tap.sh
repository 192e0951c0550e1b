# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP for bash. Source it, call tap for every test point, end with tap_done.

tap_count=0
tap_failed=0

# tap DESCRIPTION COMMAND...: one test point, passed when COMMAND succeeds; what
# COMMAND printed is shown when it does not. In a function given as COMMAND errexit
# has no effect: chain with &&.
tap()
{
	local description=$1 output result=ok
	shift
	output=$("$@" 2>&1) || result='not ok'
	tap_count=$((tap_count + 1))
	echo "$result $tap_count - $description"
	[ "$result" = ok ] && return
	tap_failed=$((tap_failed + 1))
	# shellcheck disable=SC2001
	sed 's/^/# /' <<<"$output"
}

# silent COMMAND...: COMMAND must print nothing (as grep, when nothing matches).
silent()
{
	local output
	output=$("$@" 2>&1)
	[ -z "$output" ] || { echo "$output"; return 1; }
}

# refuses TEXT COMMAND...: COMMAND must fail and say TEXT (a regular expression).
refuses()
{
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		echo "it succeeded: $output"
		return 1
	fi
	grep -q -e "$text" <<<"$output" || { echo "$output"; return 1; }
}

tap_done()
{
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}
