# SPDX-License-Identifier: GPL-2.0
# Makes the pieces a machine is built from: Xen, the roots of dom0 and guests, kernels.
# shellcheck shell=bash disable=SC1091

. "$LAB_DIR/pieces.sh"
. "$LAB_DIR/suites.sh"
. "$LAB_DIR/packages.sh"
. "$LAB_DIR/kernel.sh"
. "$LAB_DIR/modules.sh"

COMMON_PACKAGES='base-files bash busybox-static coreutils ethtool grep iperf3 iproute2
	iputils-arping iputils-ping kmod libgcc-s1 mawk mount ncurses-base netbase nftables
	procps sed socat tcpdump util-linux'
DOM0_PACKAGES='xenstore-utils libteam-utils openvswitch-switch wireguard-tools'
# Of guests, and of programs made for dom0 and guests
SUITE=bookworm

# xen_suite VERSION: where it comes from, and with it dom0's root: the toolstack is to be
# of the hypervisor's version.
xen_suite()
{
	case $1 in
	4.17) echo bookworm ;;
	*) echo trixie ;;
	esac
}

# make_xen SUITE VERSION
make_xen()
{
	unpack "$1" x "xen-hypervisor-$2-amd64"
	gunzip -c "x/boot/xen-$2-amd64.gz" >xen
	rm -rf x
}

make_agent()
{
	local usr=x/usr
	unpack $SUITE x libxen-dev
	gcc -O2 -s -Wall -static -I$usr/include -o agent "$LAB_DIR/agent.c" \
		-L$usr/lib/x86_64-linux-gnu -lxenvchan -lxenstore -lxengnttab \
		-lxenevtchn -lxentoollog -lxentoolcore -lpthread
	rm -rf x
}

# A root of packages, reduced to what the lists name, as root.cpio.
# make_root SUITE "PACKAGE..." AGENT LIST...
make_root()
{
	local agent=$3 applet
	make_tree "$1" "$2" "${@:4}"
	cd root || return
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

# Sets KERNEL_DIR, GUEST_KERNEL_DIR, XEN_DIR, DOM0_DIR, GUEST_DIR, and for each of dom0
# and guests where our modules are.
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
		locked lock-modules modules_setup
	fi
}

pieces_setup()
{
	local agent_dir dom0_packages how suite kind
	how=$(declare -f make_root make_tree suite_unpack pack)
	suite=$(xen_suite "$XEN")
	dom0_packages="$COMMON_PACKAGES $DOM0_PACKAGES xen-utils-$XEN"
	XEN_DIR=$(piece "xen-$XEN" "$(declare -f make_xen unpack)")
	agent_dir=$(piece agent "$LAB_DIR/agent.c" "$(declare -f make_agent unpack)")
	GUEST_DIR=$(piece guest $SUITE "$COMMON_PACKAGES" "${agent_dir##*/}" "$how" \
		"$LAB_DIR"/{pick-files.py,lists/root-common})
	DOM0_DIR=$(piece dom0 "$suite" "$dom0_packages" "${agent_dir##*/}" "$how" \
		"$LAB_DIR"/{pick-files.py,lists/root-common,lists/root-dom0})
	make_piece "$XEN_DIR" make_xen "$suite" "$XEN"
	make_piece "$agent_dir" make_agent
	make_piece "$GUEST_DIR" make_root $SUITE "$COMMON_PACKAGES" "$agent_dir/agent" \
		"$LAB_DIR/lists/root-common"
	make_piece "$DOM0_DIR" make_root "$suite" "$dom0_packages" "$agent_dir/agent" \
		"$LAB_DIR"/lists/root-{common,dom0}
	for kind in xen agent dom0 guest; do prune_kind $kind; done
}
