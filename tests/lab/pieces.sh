# SPDX-License-Identifier: GPL-2.0
# What is made once and kept in build/cache: pieces, each in a directory named by what it
# is and a hash of everything that went into it.
# shellcheck shell=bash

# piece NAME INPUT...: the directory of a piece; its hash covers the rest.
# Files among the inputs count by content.
piece()
{
	local name=$1 input
	shift
	for input in "$@"; do
		if [ -f "$input" ]; then cat "$input"; else echo "$input"; fi
	done | sha256sum | sed "s|^\(.\{16\}\).*|$CACHE/$name-\1|"
}

# make_piece DIR FUNCTION ARGUMENT...: run FUNCTION in a scratch directory that
# becomes DIR only when all went well. The caller holds the lock of this kind.
make_piece()
{
	local dir=$1 new start=$SECONDS
	shift
	[ -d "$dir" ] && { touch "$dir"; return 0; }
	new=${dir##*/}
	new=$CACHE/new-${new%-*}
	say "making ${dir##*/} (once; log: $new.log)"
	rm -rf "$new"
	mkdir -p "$new"
	(set -eo pipefail; cd "$new"; "$@") >"$new.log" 2>&1
	# not "|| ...": bash would switch set -e off inside
	# shellcheck disable=SC2181
	if [ $? != 0 ]; then
		tail -n 20 "$new.log" >&2
		die "cannot make ${dir##*/} (log: $new.log)"
	fi
	mv "$new" "$dir"
	say "made ${dir##*/} in $((SECONDS - start)) s"
}

# Pack the paths named on standard input, owned by root.
pack()
{
	cpio --quiet -o -H newc -R 0:0
}

# prune_kind KIND [N]: the newest 4 pieces, or N, stay.
prune_kind()
{
	find "$CACHE" -maxdepth 1 -name "$1-*" -printf '%T@ %p\n' |
		sort -rn | tail -n +$((${2:-4} + 1)) | cut -d' ' -f2- | xargs -r rm -rf
}

# locked NAME COMMAND...: under the lock of that name in the cache.
locked()
{
	local fd
	exec {fd}>"$CACHE/$1"
	flock "$fd"
	"${@:2}"
	exec {fd}>&-
}
