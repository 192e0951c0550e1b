# SPDX-License-Identifier: GPL-2.0
# Makes the pieces a machine is built from, in build/cache: each in a directory
# named by what it is and a hash of everything that went into it.
# shellcheck shell=bash

COMMON_PACKAGES=base-files,bash,busybox-static,coreutils,ethtool,grep,iperf3
COMMON_PACKAGES+=,iproute2,iputils-arping,iputils-ping,kmod,libgcc-s1,mawk
COMMON_PACKAGES+=,mount,ncurses-base,netbase,nftables,procps,sed,socat,tcpdump
COMMON_PACKAGES+=,util-linux
SUITE=bookworm

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

fetch()
{
	apt-get -q -o APT::Sandbox::User=root download "$1" && return
	APT_UPDATED='' apt_update_once
	apt-get -q -o APT::Sandbox::User=root download "$1" && return
	echo "package $1 is not in this machine's apt sources" >&2
	return 1
}

# The newest kernel that modules can be built for, or the one KDIR names.
kernel_release()
{
	local file=include/generated/utsrelease.h release
	if [ -n "${KDIR-}" ]; then
		[ -r "$KDIR/$file" ] || die "KDIR=$KDIR: no $file there"
		set -- "$KDIR/$file"
	else
		set -- /lib/modules/*/build/$file
	fi
	release=$(cat "$@" 2>/dev/null | cut -d'"' -f2 |
		grep "^${KERNEL//./\\.}\." | sort -V | tail -n 1)
	[ -n "$release" ] ||
		die "no headers of a $KERNEL kernel here (as root: apt-get install linux-headers-amd64)"
	echo "$release"
}

# A kernel: vmlinux (unpacked, so that nobody unpacks it under emulation),
# modules.cpio and, for dom0, vmlinux.cpio.
make_kernel()
{
	fetch "linux-image-$1"
	dpkg-deb -x linux-image-*.deb x
	python3 "$LAB_DIR/unpack-vmlinuz.py" "x/boot/vmlinuz-$1" vmlinux
	pack_kernel "$1"
}

# pack_kernel RELEASE: the cpio archives, of vmlinux and of the modules below x.
pack_kernel()
{
	local release=$1 tree=x/lib/modules/$1
	/sbin/depmod -b x "$release"
	mkdir -p "m/lib/modules/$release/updates"
	cp "$tree"/modules.{builtin,builtin.modinfo,order} "m/lib/modules/$release"
	"$LAB_DIR/pick-files.py" modules "$tree" "$LAB_DIR/lists/modules" |
		(cd "$tree" && cpio --quiet -pdm "$OLDPWD/m/lib/modules/$release")
	/sbin/depmod -b m "$release"
	(cd m && find . -mindepth 1 | pack) >modules.cpio
	mkdir -p v/boot
	ln vmlinux v/boot/vmlinux
	(cd v && find . -mindepth 1 | pack) >vmlinux.cpio
	rm -rf x m v ./*.deb
}

make_xen()
{
	fetch "xen-hypervisor-$1-amd64"
	dpkg-deb -x xen-hypervisor-*.deb x
	gunzip -c "x/boot/xen-$1-amd64.gz" >xen
	rm -rf x ./*.deb
}

make_agent()
{
	local usr=x/usr
	fetch libxen-dev
	dpkg-deb -x libxen-dev_*.deb x
	gcc -O2 -s -Wall -static -I$usr/include -o agent "$LAB_DIR/agent.c" \
		-L$usr/lib/x86_64-linux-gnu -lxenvchan -lxenstore -lxengnttab \
		-lxenevtchn -lxentoollog -lxentoolcore -lpthread
	rm -rf x ./*.deb
}

# The Debian part of this machine's apt sources, so that whatever mirror it
# uses is used here; nothing (mmdebstrap's default) on another system.
apt_sources()
{
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' --format \
		"deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 2>/dev/null |
		grep -E " $SUITE(-security|-updates)? " | sort -u
}

# What the lists name of packages, and the libraries it needs: as the tree root.
# make_tree PACKAGES LIST...
make_tree()
{
	local packages=$1 sources=()
	shift
	apt_sources >sources.list
	[ ! -s sources.list ] || sources=("$PWD/sources.list")
	mmdebstrap --variant=extract --include="$packages" $SUITE root.tar \
		"${sources[@]}"
	mkdir all root
	tar -C all --exclude='./dev/*' -xf root.tar
	"$LAB_DIR/pick-files.py" root all "$@" |
		(cd all && cpio --quiet -pdm ../root)
	rm -rf all root.tar
}

# A root of packages, reduced to what the lists name, as root.cpio.
# make_root PACKAGES AGENT LIST...
make_root()
{
	local agent=$2 applet
	make_tree "$1" "${@:3}"
	cd root
	mkdir -p dev etc/lab mnt out proc root/in run sys tmp usr/local/bin \
		var/lib var/log
	ln -s ../run var/run
	ln -s ../run/lock var/lock
	ln -sf /proc/self/mounts etc/mtab
	ln -sf bash bin/sh
	for applet in $(bin/busybox --list); do
		[ -e "bin/$applet" ] || [ -e "sbin/$applet" ] ||
			[ -e "usr/bin/$applet" ] || [ -e "usr/sbin/$applet" ] ||
			ln -s /bin/busybox "usr/bin/$applet"
	done
	printf '%s\n' root:x:0:0:root:/root:/bin/bash \
		tcpdump:x:100:100::/nonexistent:/bin/false \
		nobody:x:65534:65534::/nonexistent:/bin/false >etc/passwd
	printf '%s\n' root:x:0: tcpdump:x:100: nogroup:x:65534: >etc/group
	echo 127.0.0.1 localhost >etc/hosts
	cp "$agent" usr/local/bin/agent
	find . -mindepth 1 | pack >../root.cpio
	cd ..
	rm -rf root
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

# Sets KERNEL_DIR, XEN_DIR, DOM0_DIR, GUEST_DIR and, with the debug kernel,
# MODULES_DIR.
lab_setup()
{
	need_packages
	need_space
	mkdir -p "$CACHE"
	locked lock pieces_setup
	if [ -n "$DEBUG" ]; then
		debug_setup
	else
		locked lock kernel_setup
	fi
}

kernel_setup()
{
	local release
	release=$(kernel_release) || exit "$E_USE"
	KERNEL_DIR=$(piece "kernel-$release" "$LAB_DIR"/{setup.sh,lists/modules} \
		"$LAB_DIR"/{unpack-vmlinuz,pick-files}.py)
	make_piece "$KERNEL_DIR" make_kernel "$release"
	prune_kind kernel
}

pieces_setup()
{
	local agent_dir dom0_packages kind
	dom0_packages=$COMMON_PACKAGES,xen-utils-$XEN,xenstore-utils
	dom0_packages+=,libteam-utils,openvswitch-switch,wireguard-tools
	XEN_DIR=$(piece "xen-$XEN" "$LAB_DIR/setup.sh")
	agent_dir=$(piece agent "$LAB_DIR"/{setup.sh,agent.c})
	GUEST_DIR=$(piece guest "$COMMON_PACKAGES" "$LAB_DIR"/{setup.sh,agent.c} \
		"$LAB_DIR"/{pick-files.py,lists/root-common})
	DOM0_DIR=$(piece dom0 "$dom0_packages" "$LAB_DIR"/{setup.sh,agent.c} \
		"$LAB_DIR"/{pick-files.py,lists/root-common,lists/root-dom0})
	make_piece "$XEN_DIR" make_xen "$XEN"
	make_piece "$agent_dir" make_agent
	make_piece "$GUEST_DIR" make_root "$COMMON_PACKAGES" "$agent_dir/agent" \
		"$LAB_DIR/lists/root-common"
	make_piece "$DOM0_DIR" make_root "$dom0_packages" "$agent_dir/agent" \
		"$LAB_DIR"/lists/root-{common,dom0}
	for kind in xen agent dom0 guest; do prune_kind $kind; done
}
