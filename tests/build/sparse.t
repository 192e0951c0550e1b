#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Sparse has nothing to say about our files, and would if there were something.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"

# sparse_of DIR: build there under sparse, what is not built already; prints what it says of
# files there.
sparse_of()
{
	parallel_make -C "$1" C=1 CF=-D__CHECK_ENDIAN__ >"$1/make.log" 2>&1 ||
		{ cat "$1/make.log"; return 1; }
	! grep -E "^$1/.*: (warning|error|note):" "$1/make.log"
}

finds_planted_mistake()
{
	echo '__be16 xennet_planted; __be16 xennet_planted = 1;' >>"$copy/netback/main.c"
	refuses 'main\.c:.*incorrect type' sparse_of "$copy"
}

copy=$(fresh_copy sparse)
tap "sparse is silent" sparse_of "$copy"
tap "sparse finds a planted mistake" finds_planted_mistake
tap_done
