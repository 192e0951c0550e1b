# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of a scenario: runs a script in the lab's dom0 and turns what it
# prints into TAP, with the lab's own verdict as the last test point.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

# in_lab [OPTIONS OF tests/lab/run] < SCRIPT: SCRIPT sees dom0.sh and tap.sh. Its
# test points pass through, its other output becomes comments. Ends the scenario.
in_lab()
{
	local script log status points
	script=$(mktemp) log=$(mktemp)
	cat tests/lib/tap.sh tests/scenario/dom0.sh - >"$script"
	tests/lab/run --timeout "${LAB_TIMEOUT:-600}" "$@" "$script" 2>&1 |
		sed -u -E '/^(ok|not ok) [0-9]+ /!{/^#/!s/^/# /}' | tee "$log"
	status=${PIPESTATUS[0]}
	points=$(grep -cE '^(ok|not ok) [0-9]+ ' "$log")
	points=$((points + 1))
	if [ "$status" = 0 ]; then
		echo "ok $points - the script ended and no log complains"
	else
		echo "not ok $points - the script ended and no log complains"
		echo "# tests/lab/run exited with $status"
	fi
	echo "1..$points"
	grep -q '^not ok' "$log" && status=1
	rm -f "$script" "$log"
	exit "$status"
}
