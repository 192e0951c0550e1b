# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of a scenario: runs a script in the lab's dom0 and turns what it
# prints into TAP, with the lab's own verdict as the last test point.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

# lab_options [OPTIONS OF tests/lab/run]: sets options to what this run is to have.
#
# In virtual time unless --cpus is given: what clocks drive - floods, timers, pings -
# then asks no more of a busy host than of an idle one, and a deadline in SCRIPT is one
# of the machine's own. With LAB_DEBUG the debug kernel runs, with LAB_DEBUG=smp on two
# CPUs in the host's time. SCALE is what a script divides its repetitions by, PATIENCE what
# it multiplies its deadlines by: that kernel is slow. LAB_KERNEL, LAB_GUEST_KERNEL, LAB_XEN
# and LAB_RT are what the options of their names are.
lab_options()
{
	local option timeout=${LAB_TIMEOUT:-1000} clock=--icount
	SCALE=1 PATIENCE=1
	options=("$@")
	for option; do
		[ "$option" != --cpus ] || clock=
	done
	[ "${LAB_DEBUG-}" != smp ] || clock=
	[ -z "${LAB_DEBUG-}" ] ||
		{ SCALE=10 PATIENCE=5 timeout=$((timeout * 3)); options+=(--debug-kernel); }
	options+=(${LAB_KERNEL:+--kernel "$LAB_KERNEL"} ${LAB_XEN:+--xen "$LAB_XEN"} ${LAB_RT:+--rt}
		${LAB_GUEST_KERNEL:+--guest-kernel "$LAB_GUEST_KERNEL"})
	options+=(--timeout "$timeout" ${clock:+"$clock"})
}

# embed FILE: lines of a script that put FILE into /run, in dom0. With --file it would be
# another machine, which has to boot.
embed()
{
	echo "base64 -d <<'END' | gunzip >/run/${1##*/} && chmod +x /run/${1##*/}"
	gzip -c "$1" | base64
	echo END
}

# test_modules: builds those of tests/modules, for the lab's kernel: build/modules/*.ko.
test_modules()
{
	local kdir
	# shellcheck disable=SC2016
	kdir=$(make -s --eval 'print-kdir:; @echo $(KDIR)' print-kdir)
	mkdir -p build/modules && cp tests/modules/* build/modules &&
		make -s -C "$kdir" M="$PWD/build/modules" modules >/dev/null &&
		strip --strip-debug build/modules/*.ko
}

# in_lab [OPTIONS OF tests/lab/run] < SCRIPT: SCRIPT sees dom0.sh, tap.sh, SCALE and
# PATIENCE. Its test points pass through, its other output becomes comments. Ends the
# scenario.
in_lab()
{
	local script log status points options
	lab_options "$@"
	script=$(mktemp) log=$(mktemp)
	{
		echo "SCALE=$SCALE PATIENCE=$PATIENCE"
		cat tests/lib/tap.sh tests/scenario/dom0.sh -
	} >"$script"
	tests/lab/run "${options[@]}" "$script" 2>&1 |
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
