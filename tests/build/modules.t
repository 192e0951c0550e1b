#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The build: silent at W=1, modinfo complete, help complete, errors clear.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"

field()
{
	modinfo -F "$1" "$copy/$2/$2.ko"
}

has_field()
{
	field "$2" "$1" | grep -qx -e "$3"
}

# Numbers carry a unit, strings and switches say what they take.
parameters_have_units()
{
	local unit='slots?|pages?|bytes|KiB|packets?|frames?|queues?|s|seconds|ms|milliseconds'
	unit+='|us|microseconds|kbit/s|percent'
	field parm "$1" | grep -vE '\((bool|charp)\)$' | silent grep -vwE -e "$unit"
}

parameters_are_described()
{
	silent comm -23 <(field parmtype "$1" | cut -d: -f1 | sort) \
		<(field parm "$1" | cut -d: -f1 | sort)
}

every_target_in_help()
{
	diff <(sed -n 's/^\.PHONY: //p' Makefile | grep -vxE 'kdir|unit-programs|deps-quick' | sort) \
		<(make -s help | awk '$1 == "make" { print $2 }' | sort)
}

# The check of compat/, against a version.h that claims to be Linux $1.$2, as the kernel
# whose configuration has the rest.
version_check()
{
	local dir=$copy/version-$1.$2
	mkdir -p "$dir/linux"
	printf '#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))\n%s\n' \
		"#define LINUX_VERSION_CODE KERNEL_VERSION($1, $2, 9)" >"$dir/linux/version.h"
	gcc -fsyntax-only -D__KERNEL__ -I"$dir" "${@:3}" -x c compat/xennet_compat.h
}

build()
{
	parallel_make -C "$copy" W=1 >"$copy/make.log" 2>&1 || { cat "$copy/make.log"; return 1; }
}

copy=$(fresh_copy modules)
tap "builds at W=1" build
tap "no warning at W=1" silent grep -iE 'warning|error' "$copy/make.log"
for module in netfront netback; do
	alias=xen:vif
	[ $module = netfront ] || alias=xen-backend:vif
	tap "$module has the project's version" has_field $module version "$(cat VERSION)"
	tap "$module has a description" has_field $module description '..*'
	tap "$module is GPL" has_field $module license 'GPL.*'
	tap "$module claims $alias" has_field $module alias $alias
	tap "$module's parameters are described" parameters_are_described $module
	tap "$module's parameters have units" parameters_have_units $module
done

tap "make help lists every target" every_target_in_help
tap "KDIR without headers: names the package" \
	refuses 'Install .*linux-headers-amd64' make KDIR="$copy/nowhere"
tap "no headers at all: names the package" \
	refuses 'Install .*linux-headers-amd64' make KDIR=

wide=-DCONFIG_64BIT
tap "Linux 6.1 is supported" version_check 6 1 $wide
tap "Linux 7.3 is supported" version_check 7 3 $wide
tap "Linux 6.0 is refused" refuses '#error.*6\.1 or newer' version_check 6 0 $wide
tap "Linux 7.4 is refused" refuses '#error.*newer than Linux 7\.3' version_check 7 4 $wide
tap "32 bits are refused" refuses '#error.*32-bit' version_check 6 12
tap "big-endian is refused" refuses '#error.*big-endian' \
	version_check 6 12 $wide -DCONFIG_CPU_BIG_ENDIAN
for pages in ARM64_16K_PAGES ARM64_64K_PAGES PAGE_SIZE_16KB PAGE_SIZE_64KB; do
	tap "$pages is refused" refuses '#error.*4 KiB' \
		version_check 6 12 $wide -DCONFIG_$pages
done
tap_done
