# SPDX-License-Identifier: GPL-2.0
# Our modules for the kernels of dom0 and guests.
# shellcheck shell=bash disable=SC2034

# What changes with any of the modules' sources, and with nothing that is built of them.
hash_of_sources()
{
	(. "$TOP/tests/lib/tree.sh"
	# shellcheck disable=SC2154
	tar "${built[@]/#/--exclude=}" --sort=name --mtime=@0 --numeric-owner -cf - \
		Makefile Kbuild VERSION compat include netfront netback | sha256sum)
}

# make_modules VERSION: ours for that kernel, with the compiler of its suite
make_modules()
{
	build_modules "$1" "$PWD/tree" ${RT:+rt-}amd64
	mv tree/{netfront/netfront,netback/netback}.ko .
	rm -rf tree
}

# modules_for VERSION RELEASE: sets MODULES to the paths of ours for that kernel. What make
# builds for is taken as make left it, if it has been called; others are built here, if
# one end is to be ours.
modules_for()
{
	local dir module
	MODULES=()
	if [ -n "$(machine_release "$1")" ]; then
		for module in "$TOP"/{netfront/netfront,netback/netback}.ko; do
			[ ! -r "$module" ] || MODULES+=("$module")
		done
	elif [ "$FRONT$BACK" != intreeintree ]; then
		dir=$(piece "modules-$2" "$(hash_of_sources)" "$(declare -f make_modules)")
		make_piece "$dir" make_modules "$1"
		MODULES=("$dir"/*.ko)
	fi
}

# Sets GUEST_MODULES and DOM0_MODULES.
modules_setup()
{
	local MODULES
	modules_for "$GUEST_KERNEL" "$GUEST_RELEASE"
	GUEST_MODULES=("${MODULES[@]}")
	modules_for "$KERNEL" "$DOM0_RELEASE"
	DOM0_MODULES=("${MODULES[@]}")
	prune_kind modules 8
}
