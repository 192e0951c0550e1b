# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests of the build: they work on copies and leave the tree alone.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$TOP" || exit

# What kbuild and others leave beside the sources.
built=('*.o' '*.ko' '*.mod' '*.mod.c' '.*.cmd' modules.order Module.symvers)
built+=(__pycache__ '.checkpatch-*')

# fresh_copy NAME: a copy of the modules' sources without anything built, as
# build/NAME; prints its path.
fresh_copy()
{
	local dir=$TOP/build/$1
	rm -rf "$dir"
	mkdir -p "$dir"
	tar "${built[@]/#/--exclude=}" -cf - Makefile Kbuild VERSION compat include \
		netfront netback packaging | tar -C "$dir" -xf -
	echo "$dir"
}

# The names of all source files of the project.
sources()
{
	tar "${built[@]/#/--exclude=}" -cf - Makefile Kbuild .ci compat include netback \
		netfront packaging tests | tar -tf - | grep -v '/$' | sort
}

parallel_make()
{
	make -j"$(nproc)" "$@"
}
