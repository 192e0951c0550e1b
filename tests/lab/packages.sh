# SPDX-License-Identifier: GPL-2.0
# Debian's packages, unpacked: single ones, and trees of what is wanted of many.
# shellcheck shell=bash

# unpack SUITE DIR PACKAGE...: their files, but nothing they depend on, go into DIR.
unpack()
{
	local file
	suite_apt "$1" apt-get -q download "${@:3}"
	for file in ./*.deb; do
		dpkg-deb -x "$file" "$2"
	done
	rm ./*.deb
}

# What the lists name of packages, and the libraries it needs: as the tree root.
# make_tree SUITE "PACKAGE..." LIST...
make_tree()
{
	# shellcheck disable=SC2086
	suite_unpack "$1" all $2
	mkdir root
	"$LAB_DIR/pick-files.py" root all "${@:3}" |
		(cd all && cpio --quiet -pdm ../root)
	rm -rf all
}
