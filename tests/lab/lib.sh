# SPDX-License-Identifier: GPL-2.0
# Shared by the parts of the lab that run on the host.
# shellcheck shell=bash disable=SC2034

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$LAB_DIR/../.." && pwd)
BUILD=$TOP/build
CACHE=$BUILD/cache
RUNS=$BUILD/lab

# Exit statuses of tests/lab/run that are not SCRIPT's own.
readonly E_USE=2 E_LOG=3 E_MACHINE=4 E_TIMEOUT=124

say()
{
	echo "lab: $*" >&2
}

die()
{
	say "$*"
	exit $E_USE
}

# Programs the host needs and the package each comes in.
declare -rA HOST_PROGRAMS=(
	[qemu-system-x86_64]=qemu-system-x86 [cpio]=cpio [depmod]=kmod [gcc]=gcc [readelf]=binutils [xz]=xz-utils
	[python3]=python3 [flock]=util-linux [setpriv]=util-linux
	[dpkg-deb]=dpkg [tar]=tar
)

missing_for_debug_kernel()
{
	local program
	for program in bc bison flex make patch; do
		command -v $program >/dev/null || echo $program
	done
	[ -e /usr/include/libelf.h ] || echo libelf-dev
}

missing_packages()
{
	local program
	for program in "${!HOST_PROGRAMS[@]}"; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
			echo "${HOST_PROGRAMS[$program]}"
	done
	[ -e /usr/include/stdio.h ] || echo libc6-dev
	[ -z "$DEBUG" ] || missing_for_debug_kernel
}

apt_update_once()
{
	[ -z "${APT_UPDATED-}" ] || return 0
	APT_UPDATED=1
	[ "$(id -u)" != 0 ] || apt-get -q update >&2 || say "apt-get update failed"
}

need_packages()
{
	local list
	list=$(missing_packages | sort -u | tr '\n' ' ')
	[ -n "${list// /}" ] || return 0
	command -v apt-get >/dev/null ||
		die "missing: $list- and there is no apt-get to install them with"
	[ "$(id -u)" = 0 ] ||
		die "missing packages: ${list% } (as root: apt-get install ${list% })"
	say "installing $list"
	apt_update_once
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends \
		install $list >&2 || die "could not install $list"
}

need_space()
{
	local free
	mkdir -p "$BUILD" || die "cannot write to $BUILD"
	free=$(df --output=avail -k "$BUILD" | tail -n 1)
	[ "$free" -ge $((5 * 1024 * 1024)) ] ||
		die "$BUILD has $((free / 1024)) MB free; the lab wants 5 GB"
}
