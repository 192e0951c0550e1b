#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests of the debug kernel: it is silent when all is well, and finds what it must, in
# dom0 and in guests. Run with prove; part of make check-debug.

. "$(dirname "$0")/../lib/tap.sh"
cd "$(dirname "$0")/../.." || exit 1
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# The directory of the debug kernel, made if need be.
kernel_dir()
{
	(
		DEBUG=1
		. tests/lab/lib.sh
		. tests/lab/setup.sh
		. tests/lab/debug-kernel/build.sh
		need_packages
		debug_setup
		echo "$KERNEL_DIR"
	)
}

build_faulty()
{
	cp tests/lab/debug-kernel/faulty.c "$TMP/" &&
		printf '%s\n' 'obj-m := faulty.o' 'UBSAN_SANITIZE := y' >"$TMP/Makefile" &&
		make -C "$1/headers" M="$TMP" modules
}

# lab STATUS SCRIPT [OPTION...]: a run of SCRIPT, with faulty.ko in /root/in, ends with
# STATUS.
lab()
{
	local wanted=$1 status
	printf '%s\n' "$2" >"$TMP/script"
	tests/lab/run --debug-kernel --icount --timeout 1800 --file "$TMP/faulty.ko" "${@:3}" \
		"$TMP/script" >"$TMP/log" 2>&1 </dev/null
	status=$?
	cat "$TMP/log"
	[ $status = "$wanted" ]
}

# said CONSOLE TEXT: there, in the latest run.
said()
{
	grep -qE "$2" "$(sed -n 's/^lab: logs: //p' "$TMP/log")/share/console/$1.log"
}

# reported CONSOLE TEXT: there, and the run itself shows it.
reported()
{
	said "$@" && grep -qE "$2" "$TMP/log"
}

dom0=xen-dom0 guest=guest-guest1
faulty='insmod /root/in/faulty.ko'
traffic='ping -q -c 5 10.0.0.11 && guest 1 "iperf3 -s -1 -D" && sleep 2 &&
	iperf3 -c 10.0.0.11 -t 5'
lost='unreferenced object.*faulty_leak'
cycle='possible circular locking'
on='lock debugging is on'
off='BUG: lock debugging has switched itself off'

kernel=$(kernel_dir)
tap "the debug kernel is there" [ -e "$kernel/vmlinux" ]
tap "modules build against it" build_faulty "$kernel"

tap "our pair, PV guest: silent" lab 0 "$faulty && guest 1 $faulty && $traffic"
tap "lock debugging was on in dom0 to the end" said $dom0 "$on"
tap "lock debugging was on in the guest to the end" said $guest "$on"
tap "in-tree backend, PVH guest: silent" lab 0 "$traffic" --back intree --guest-type pvh

tap "faults: shift and leak in dom0, locks in the guest" lab 3 \
	"$faulty fault=shift; rmmod faulty; $faulty fault=leak; guest 1 $faulty fault=locks"
tap "the shift in dom0 is found" reported $dom0 'UBSAN: shift-out-of-bounds in .*faulty.c'
tap "the leak in dom0 is found" reported $dom0 "$lost"
tap "the order of locks in the guest is found" reported $guest "$cycle"
tap "that lock debugging is off there then, too" reported $guest "$off"

tap "faults: locks in dom0, leak in the guest" lab 3 \
	"$faulty fault=locks; guest 1 $faulty fault=leak"
tap "the leak in the guest is found" reported $guest "$lost"
tap "the order of locks in dom0 is found" reported $dom0 "$cycle"
tap "that lock debugging is off there then, too" reported $dom0 "$off"
tap_done
