#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The modules build, and nothing is said at W=1, for every kernel that Debian has headers
# of, each with the compiler of its suite, as preemptible as they come (rt) and not.
#
# A further kernel: name its suite in tests/lab/suites.sh, move the range in
# compat/xennet_compat.h and the tests of it in modules.t, and write an overlay for each
# thing that fails here. Documentation/architecture.md says what to read then. One kernel
# alone: tests/build/kernels.t 7.3. make check has amd64 of those newer than modules.t builds
# for (KERNELS, FLAVOURS), make check-long all.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"
. tests/lab/lib.sh
. tests/lab/setup.sh
. tests/lab/suites.sh

# build KERNEL FLAVOUR DIR [FLAGS]: builds there without a word, or shows all. What was built
# so before is left to make, but not what there was something to say of: that is said when it
# is compiled only. Without debug information, which takes a third of the time.
build()
{
	local dir=$3 log=$3.log
	[ -e "$dir.clean" ] || rm -rf "$dir"
	rm -f "$dir.clean"
	build_modules "$1" "$dir" "$2" W=1 CONFIG_DEBUG_INFO= CONFIG_DEBUG_INFO_BTF_MODULES= \
		KCFLAGS="${4-}" >"$log" 2>&1 || { cat "$log"; return 1; }
	silent grep -iE '(warning|error):|not found|locate' "$log" && touch "$dir.clean"
}

is_for()
{
	modinfo -F vermagic "$1/netfront/netfront.ko" | grep "^$2\." &&
		modinfo -F vermagic "$1/netback/netback.ko" | grep "^$2\."
}

# Since 6.4 a kernel may be configured for skbs of up to 45 fragments.
many_fragments()
{
	local dir=$TOP/build/kernels/fragments
	[ -e "$dir.clean" ] || rm -rf "$dir"
	mkdir -p "$dir"
	[ -e "$dir/many.h" ] ||
		printf '#undef %s\n#define %s 45\n' CONFIG_MAX_SKB_FRAGS{,} >"$dir/many.h"
	touch "$dir.clean"
	build "$1" amd64 "$dir" '-include /src/many.h'
}

mkdir -p "$CACHE" build/kernels
kernels=${1:-${KERNELS:-$(suite_kernels bookworm) $(suite_kernels trixie)}}
for kernel in $kernels; do
	suite=$(suite_of "$kernel")
	tap "a root of $suite for Linux $kernel" build_root "$suite"
	for flavour in ${FLAVOURS:-$(kernel_flavours "$kernel")}; do
		dir=$TOP/build/kernels/$kernel-$flavour
		tap "Linux $kernel $flavour: builds, and says nothing" build "$kernel" "$flavour" "$dir"
		tap "Linux $kernel $flavour: it is that kernel" is_for "$dir" "$kernel"
	done
done
tap "Linux $kernel amd64 with 45 fragments: the same" many_fragments "$kernel"
tap_done
