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
	cp tests/lab/debug-kernel/faulty.c "$TMP/" && echo 'obj-m := faulty.o' >"$TMP/Makefile" &&
		make -C "$1/headers" M="$TMP" modules
}

# lab STATUS TEXT SCRIPT [OPTION...]: a run of SCRIPT, with faulty.ko in /root/in, ends
# with STATUS and says TEXT on the way.
lab()
{
	local wanted=$1 text=$2 status
	printf '%s\n' "$3" >"$TMP/script"
	tests/lab/run --debug-kernel --timeout 1200 --file "$TMP/faulty.ko" "${@:4}" \
		"$TMP/script" >"$TMP/log" 2>&1 </dev/null
	status=$?
	cat "$TMP/log"
	[ $status = "$wanted" ] && grep -qE "$text" "$TMP/log"
}

in_all='insmod /root/in/faulty.ko && guest 1 insmod /root/in/faulty.ko'
traffic='ping -q -c 5 10.0.0.11 && guest 1 "iperf3 -s -1 -D" && sleep 2 &&
	iperf3 -c 10.0.0.11 -t 5 && echo all is well'
lost='unreferenced object.* faulty_leak'
off='BUG: lock debugging has switched itself off'

kernel=$(kernel_dir)
tap "the debug kernel is there" [ -e "$kernel/vmlinux" ]
tap "modules build against it" build_faulty "$kernel"
tap "without a fault: silent" lab 0 '^all is well' "$in_all; $traffic"
tap "PVH guest: silent" lab 0 '^all is well' "$traffic" --guest-type pvh
tap "in-tree pair: silent" lab 0 '^all is well' "$traffic" --front intree --back intree
tap "a leak in dom0 is found" lab 3 "$lost" "insmod /root/in/faulty.ko fault=leak"
tap "a leak in a guest is found" lab 3 "$lost" "guest 1 insmod /root/in/faulty.ko fault=leak"
tap "the wrong order of locks in dom0 is found" lab 3 'possible circular locking' \
	"insmod /root/in/faulty.ko fault=locks"
tap "lock debugging is off then, which is found as well" grep -q "$off" "$TMP/log"
tap "the wrong order of locks in a guest is found" lab 3 'possible circular locking' \
	"guest 1 insmod /root/in/faulty.ko fault=locks"
tap_done
