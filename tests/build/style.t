#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Style: checkpatch --strict for C, shellcheck for shell, and a few rules of our own.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"

tool=$(tests/lib/kernel-scripts)

c_files()
{
	sources | grep '\.[ch]$'
}

shell_files()
{
	sources | grep -v '\.[ch]$' | while read -r file; do
		head -n 3 "$file" | grep -qE '^#!/bin/(ba)?sh|shellcheck shell=' && echo "$file"
	done
}

# What checkpatch is wrong about, file by file.
exceptions()
{
	case $1 in
	compat/*) # their place; what they make up for is as it is
		echo LINUX_VERSION_CODE,COMPLEX_MACRO,LINE_SPACING,NEW_TYPEDEFS,OPEN_ENDED_LINE
		echo SPACING ;;
	*/trace.h) echo PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE,SPACING ;; # its own layout
	*/types.h) echo MEMORY_BARRIER,PREFER_KERNEL_TYPES,NEW_TYPEDEFS,VOLATILE ;; # the shim
	*/xenbus.c) echo CAMELCASE ;; # enum xenbus_state
	tests/*) echo CAMELCASE,PREFER_KERNEL_TYPES,BIT_MACRO ;; # user space
	esac
	echo CONSTANT_COMPARISON # asserts compare two
	echo MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE # arguments may be types or members
	if grep -q '^#define X(\|(X)' "$1"; then # lists for X macros
		echo COMPLEX_MACRO,BRACKET_SPACE,TRAILING_SEMICOLON,LINE_SPACING
		echo MULTISTATEMENT_MACRO_USE_DO_WHILE
	fi
}

# checkpatch leaves a cache of names where it runs.
check_c()
{
	local ignore
	ignore=$(exceptions "$1" | paste -sd,)
	(cd "$tool" && perl checkpatch.pl --no-tree --root="$TOP" --strict --quiet \
		--show-types --ignore "$ignore" -f "$TOP/$1")
}

# Libraries are checked with the programs that use their variables, and alone without.
check_shell()
{
	case $1 in
	*.sh) shellcheck -S warning -e SC2034 "$1" ;;
	*) shellcheck -S warning -x -P SCRIPTDIR "$1" ;;
	esac
}

# In the first two lines; lists of names and texts are not programs.
without_licence()
{
	sources | grep -vE '/lists/|\.md$' | while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' || echo "$file"
	done
}

tap "checkpatch is at hand" [ -e "$tool/checkpatch.pl" ]
for file in $(c_files); do
	tap "checkpatch $file" check_c "$file"
done
for file in $(shell_files); do
	tap "shellcheck $file" check_shell "$file"
done

tap "every file names its licence" silent without_licence
tap "no BUG and no WARN in the modules" \
	silent grep -nwE '(BUG|WARN)(_ON)?(_ONCE)?' -r --include='*.[ch]' \
	netfront netback include
tap "versions are compared only in compat/" \
	silent grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION' -r --include='*.[ch]' \
	netfront netback include
tap_done
