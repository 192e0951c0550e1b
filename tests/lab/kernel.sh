# SPDX-License-Identifier: GPL-2.0
# The kernels of dom0 and guests.
# shellcheck shell=bash

UTSRELEASE=include/generated/utsrelease.h

# machine_release VERSION: the kernel of that version that make builds our modules for:
# of the headers KDIR names, or the newest 6.1 whose headers are installed. Nothing if
# there is none.
machine_release()
{
	if [ -n "${KDIR-}" ]; then
		set -- "$1" "$KDIR/$UTSRELEASE"
	elif [ "$1" = 6.1 ]; then
		set -- "$1" /lib/modules/*/build/$UTSRELEASE
	fi
	[ -n "$RT" ] || [ $# = 1 ] || cat "${@:2}" 2>/dev/null | cut -d'"' -f2 |
		grep "^${1//./\\.}\." | sort -V | tail -n 1
}

# kernel_release VERSION: that one, or the newest of its suite
kernel_release()
{
	machine_release "$1" | grep . || suite_release "$1" ${RT:+rt-}amd64 ||
		die "there is no kernel $1${RT:+ with PREEMPT_RT} in its suite"
}

# unpack_kernel SUITE RELEASE: its files, of one package or of all that it is split
# into, as the tree x.
unpack_kernel()
{
	local packages
	packages=$(suite_apt "$1" apt-cache depends --important "linux-image-$2" |
		sed -n "s/^ *Depends: \(linux-.*-$2\)$/\1/p")
	# shellcheck disable=SC2086
	unpack "$1" x "linux-image-$2" $packages
	mkdir -p x/lib
	[ -e x/lib/modules ] || ln -s ../usr/lib/modules x/lib/modules
}

# A kernel: vmlinux (unpacked, so that nobody unpacks it under emulation),
# modules.cpio and, for dom0, vmlinux.cpio. make_kernel SUITE RELEASE
make_kernel()
{
	local image
	unpack_kernel "$@"
	for image in "x/boot/vmlinuz-$2" "x/lib/modules/$2/vmlinuz"; do
		[ ! -e "$image" ] || python3 "$LAB_DIR/unpack-vmlinuz.py" "$image" vmlinux
	done
	pack_kernel "$2"
}

# pack_kernel RELEASE: the cpio archives, of vmlinux and of the modules below x. They go
# below /usr: an archive with a directory /lib would replace the roots' link of that name.
pack_kernel()
{
	local release=$1 tree=x/lib/modules/$1
	/sbin/depmod -b x "$release"
	mkdir -p "m/lib/modules/$release/updates"
	cp "$tree"/modules.{builtin,builtin.modinfo,order} "m/lib/modules/$release"
	"$LAB_DIR/pick-files.py" modules "$tree" "$LAB_DIR/lists/modules" |
		(cd "$tree" && cpio --quiet -pdm "$OLDPWD/m/lib/modules/$release")
	find m -name '*.ko.xz' -exec xz -d {} +
	/sbin/depmod -b m "$release"
	mkdir m/usr
	mv m/lib m/usr
	(cd m && find . -mindepth 1 | pack) >modules.cpio
	mkdir -p v/boot
	ln vmlinux v/boot/vmlinux
	(cd v && find . -mindepth 1 | pack) >vmlinux.cpio
	rm -rf x m v
}

# use_kernel VERSION: sets RELEASE, and PIECE to its directory.
use_kernel()
{
	RELEASE=$(kernel_release "$1") || exit "$E_USE"
	PIECE=$(piece "kernel-$RELEASE" "$LAB_DIR"/{kernel.sh,lists/modules} \
		"$LAB_DIR"/{unpack-vmlinuz,pick-files}.py "$(declare -f pack unpack)")
	make_piece "$PIECE" make_kernel "$(suite_of "$1")" "$RELEASE"
}

# Sets KERNEL_DIR, dom0's, and GUEST_KERNEL_DIR, and the releases of both.
kernel_setup()
{
	local PIECE RELEASE
	[ -z "${KDIR-}" ] || [ -r "$KDIR/$UTSRELEASE" ] ||
		die "KDIR=$KDIR: no $UTSRELEASE there"
	use_kernel "$KERNEL"
	KERNEL_DIR=$PIECE DOM0_RELEASE=$RELEASE
	use_kernel "$GUEST_KERNEL"
	GUEST_KERNEL_DIR=$PIECE GUEST_RELEASE=$RELEASE
	prune_kind kernel 8
}
