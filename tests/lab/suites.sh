# SPDX-License-Identifier: GPL-2.0
# The kernels that the modules are built for, and the suites of Debian they are packages of:
# what is in a suite, its packages unpacked, and a root in which modules are built with the
# suite's own compiler and kbuild programs. Needs lib.sh and setup.sh.
# shellcheck shell=bash

# suite_of KERNEL: a new kernel is a line here, and its range in compat/xennet_compat.h.
suite_of()
{
	case $1 in
	6.1) echo bookworm ;;
	6.12 | 7.2 | 7.3) echo trixie ;;
	*) die "kernel $1: no suite known (see suite_of)" ;;
	esac
}

# The kernels of a suite.
suite_kernels()
{
	case $1 in
	bookworm) echo 6.1 ;;
	trixie) echo 6.12 7.2 7.3 ;;
	esac
}

# kernel_flavours KERNEL: what it is built for; other machines' by a cross compiler.
kernel_flavours()
{
	case $1 in
	6.12) echo amd64 rt-amd64 arm64 ;;
	*) echo amd64 rt-amd64 ;;
	esac
}

# suite_sources SUITE: its lines of sources.list, from the mirrors that this machine has of
# its own suite.
suite_sources()
{
	local own suite=$1
	own=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
		--format "\$(REPO_URI) \$(RELEASE)" 2>/dev/null | sort -u |
		awk -v own="$own" -v suite="$suite" '
			$2 == own { print "deb", $1, suite, "main"
				print "deb", $1, suite "-updates", "main"
				print "deb", $1, suite "-backports", "main" }
			$2 == own "-security" { print "deb", $1, suite "-security", "main" }'
}

# suite_apt SUITE COMMAND...: an apt command on that suite, as if nothing were installed.
# The lists are fetched once a day; older ones will do where that fails.
suite_apt()
{
	local dir=$CACHE/apt-$1 suite=$1
	shift
	locked "apt-$suite.lock" suite_lists "$suite" "$dir" || return
	APT_CONFIG=$dir/apt.conf "$@"
}

suite_lists()
{
	local suite=$1 dir=$2
	[ -z "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ] || return 0
	mkdir -p "$dir"/{lists,cache/archives}/partial
	suite_sources "$suite" >"$dir/sources.list"
	[ -s "$dir/sources.list" ] || { apt_update_once; suite_sources "$suite" >"$dir/sources.list"; }
	[ -s "$dir/sources.list" ] || die "this machine's apt has no mirror of Debian"
	printf '%s "%s";\n' >"$dir/apt.conf" \
		Dir::Etc::SourceList "$dir/sources.list" Dir::Etc::SourceParts /dev/null \
		Dir::State::Lists "$dir/lists" Dir::State::Status /dev/null \
		Dir::Cache "$dir/cache" APT::Architecture amd64 APT::Architectures:: amd64 \
		APT::Architectures:: arm64 \
		APT::Sandbox::User root Debug::NoLocking true APT::Update::Error-Mode any
	say "fetching the lists of $suite"
	if APT_CONFIG=$dir/apt.conf apt-get -q update >"$dir/update.log" 2>&1; then
		touch "$dir/updated"
	elif [ ! -e "$dir/updated" ]; then
		tail -n 5 "$dir/update.log" >&2
		die "cannot fetch the lists of $suite (log: $dir/update.log)"
	fi
}

# suite_release KERNEL [FLAVOUR]: the newest release of it, as `uname -r` would say.
suite_release()
{
	local suite
	suite=$(suite_of "$1") || return
	suite_apt "$suite" apt-cache pkgnames "linux-headers-$1." |
		sed -n "s/^linux-headers-\([0-9][^-]*\(-[0-9]*\)\?-${2-amd64}\)$/\1/p" |
		sort -V | tail -n 1 | grep .
}

# suite_unpack SUITE DIR PACKAGE...: these and all that they depend on, unpacked into DIR; no
# script of theirs is run. Of headers for another machine only they themselves: what they
# depend on is its compiler, and the kbuild programs that are there already.
suite_unpack()
{
	local dir=$2 suite=$1 deb own=() others=()
	for deb in "${@:3}"; do
		case $deb in
		*-arm64) others+=("$deb:arm64") ;;
		*) own+=("$deb") ;;
		esac
	done
	mkdir -p "$dir"/usr/{bin,sbin,lib,lib64} debs/partial
	for deb in bin sbin lib lib64; do ln -sfn usr/$deb "$dir/$deb"; done
	suite_apt "$suite" apt-get -qy --no-install-recommends --download-only \
		-o Dir::Cache::Archives="$PWD/debs" install "${own[@]}" || return
	[ ${#others[@]} = 0 ] ||
		(cd debs && suite_apt "$suite" apt-get -q download "${others[@]}") || return
	for deb in debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -C "$dir" --keep-directory-symlink --no-same-owner \
				--exclude='./usr/share/doc/*' --exclude='./usr/share/locale/*' \
				--exclude='./usr/share/man/*' -xf - || return
	done
	rm -rf debs
}

# The headers' packages of all kernels of a suite.
suite_headers()
{
	local flavour kernel release
	for kernel in $(suite_kernels "$1"); do
		for flavour in $(kernel_flavours "$kernel"); do
			release=$(suite_release "$kernel" "$flavour") || return
			echo "linux-headers-$release"
		done
	done
}

make_build_root()
{
	local cross=()
	[[ " $* " != *-arm64\ * ]] || cross=(gcc-aarch64-linux-gnu)
	suite_unpack "$1" . base-files bash coreutils diffutils findutils gcc grep gzip kmod \
		make mawk perl sed tar xz-utils "${cross[@]}" "${@:2}"
	ln -sf mawk usr/bin/awk
	ln -sf bash usr/bin/sh
	mkdir -p src tmp
}

# build_root SUITE: makes the root in which modules are built, if need be, and prints its
# directory; it holds the headers of all the suite's kernels and is read only.
build_root()
{
	local dir headers
	headers=$(suite_headers "$1") || die "no headers of the kernels of $1"
	dir=$(piece "build-$1" "$headers" "$(declare -f suite_unpack make_build_root)")
	# shellcheck disable=SC2086
	locked "build-$1.lock" make_piece "$dir" make_build_root "$1" $headers
	prune_kind "build-$1" 2
	echo "$dir"
}

# in_build_root ROOT DIR COMMAND...: COMMAND in ROOT, where DIR is /src, and the directory it
# starts in. Whoever is not root needs user namespaces.
in_build_root()
{
	local as=()
	[ "$(id -u)" = 0 ] || as=(--map-root-user)
	# shellcheck disable=SC2016
	unshare --mount "${as[@]}" bash -ec '
		mount --rbind /dev "$0/dev"
		mount --rbind /proc "$0/proc"
		mount -t tmpfs tmpfs "$0/tmp"
		mount --bind "$1" "$0/src"
		exec chroot "$0" env -i -C /src PATH=/usr/sbin:/usr/bin LC_ALL=C "${@:2}"
	' "$@"
}

# build_modules KERNEL DIR [FLAVOUR [ARGUMENT...]]: netfront/netfront.ko and netback/netback.ko
# in DIR, a directory of its own, from the sources of this tree, by make ARGUMENT...
build_modules()
{
	local dir=$2 machine=() release root suite
	[ "${3-}" != arm64 ] || machine=(ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-)
	suite=$(suite_of "$1") && release=$(suite_release "$1" "${3-amd64}") &&
		root=$(build_root "$suite") || return
	mkdir -p "$dir"
	(cd "$TOP" && tar --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='.*.cmd' --exclude=modules.order --exclude=Module.symvers \
		-cf - Makefile Kbuild VERSION compat include netfront netback packaging) |
		tar -C "$dir" -xf - &&
		in_build_root "$root" "$dir" make -j"$(nproc)" \
			KDIR="/lib/modules/$release/build" "${machine[@]}" "${@:4}"
}
