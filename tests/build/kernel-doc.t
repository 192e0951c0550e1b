#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every function that others may call and every struct in a header has a kernel-doc
# comment, and the kernel's own script finds nothing wrong in any: each argument,
# member and return value is described.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"

tool=$(tests/lib/kernel-scripts)/kernel-doc

# scan FILE...: the names of what has a comment, and complaints.
scan()
{
	perl "$tool" -v -none "$@" 2>&1 | sed 's/.*info: Scanning doc for //'
}

# complaints DIR: what is wrong with the comments of its files.
complaints()
{
	local files
	mapfile -t files < <(sources | grep "^$1/.*\.[ch]$")
	silent grep -vE '^(function|struct|enum|union|typedef) \w+$' <(scan "${files[@]}")
}

# promised FILE...: the functions defined there that are not static, or are inline in
# a header, and the structs of headers.
promised()
{
	perl -0777 -ne '
		my $header = $ARGV =~ /\.h$/;
		while (/^(static inline )?(?!static|return|else)[a-z][\w *]*?\b(\w+)\([^;{}]*\)\n\{/mg) {
			print "function $2\n" if $header || !$1;
		}
		while ($header && /^struct (\w+) \{/mg) { print "struct $1\n" }' "$@" |
		sort -u
}

# undocumented DIR: a comment may be beside the definition or beside the declaration.
undocumented()
{
	local files
	mapfile -t files < <(sources | grep "^$1/.*\.[ch]$")
	silent comm -23 <(promised "${files[@]}") <(scan "${files[@]}" | sort -u)
}

finds_planted_mistakes()
{
	local file=build/planted.h
	printf '%s\n' '/**' ' * planted() - a function' ' * @one: described' ' */' \
		'int planted(int one, int two);' >$file
	scan $file | grep "'two' not described" && scan $file | grep 'return value' &&
	printf '%s\n' 'struct planted {' '};' '' 'static inline int bare(void)' '{' '}' >$file &&
	diff <(promised $file) <(printf '%s\n' 'function bare' 'struct planted')
}

tap "kernel-doc is at hand" [ -e "$tool" ]
for dir in include/xennet netback netfront; do
	tap "$dir: kernel-doc has no complaint" complaints $dir
	tap "$dir: what others may use is documented" undocumented $dir
done
tap "kernel-doc finds planted mistakes" finds_planted_mistakes
tap_done
