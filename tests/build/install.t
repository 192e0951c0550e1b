#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make install and make uninstall, in a staging root beside the kernel's own pair
# (from Debian's kernel package): which module does modprobe take?

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/tree.sh"

KVER=$(make -s --eval 'print-kver:; @echo $(KVER)' print-kver)
root=$TOP/build/install
modules=$root/lib/modules/$KVER

# What the kernel package brings that matters here, kept for the next time.
intree_tree()
{
	local cache=build/cache/intree-$KVER
	[ -d "$cache" ] ||
		(set -e
		rm -rf "$cache.new"
		mkdir -p "$cache.new"
		cd "$cache.new"
		apt-get -q -o APT::Sandbox::User=root download "linux-image-$KVER"
		dpkg-deb --fsys-tarfile ./*.deb | tar -xf - --wildcards \
			"./lib/modules/$KVER/modules.*" '*/xen-netfront.ko*' '*/xen-netback.ko*'
		rm ./*.deb
		mv "$PWD" "${PWD%.new}")
	cp -r "$cache/." "$root" && depmod -b "$root" "$KVER"
}

# modprobe in the staging root, and only saying what it would do.
dry()
{
	modprobe -n -v -d "$root" -S "$KVER" -C "$root/etc/modprobe.d" "$@"
}

# refused: as modprobe fares where the kernel takes none of ours.
refused()
{
	[[ "$*" = *-n* || " $* " != *\ net@(front|back)\ * ]] && dry "$@"
}

# loads MODULE_FILE NAME...: modprobe NAME inserts just that file. When it would run an
# install line, that line is run, with $modprobe for modprobe.
modprobe=dry
loads()
{
	local file=$1 plan
	shift
	plan=$(dry "$@")
	if [[ $plan == install\ * ]]; then
		plan=${plan#install }
		plan=$(CMDLINE_OPTS='' eval "${plan//\/sbin\/modprobe/$modprobe}")
	fi
	[ "${plan% }" = "insmod $modules/$file" ] || { echo "$*: $plan"; return 1; }
}

loads_ours()
{
	loads updates/netfront/netfront.ko xen:vif &&
	loads updates/netfront/netfront.ko xen-netfront &&
	loads updates/netback/netback.ko xen-backend:vif &&
	loads updates/netback/netback.ko xen-netback
}

# By alias udev asks for our module first, and for the kernel's own when that fails.
loads_intree_after_all()
{
	local modprobe=refused
	loads kernel/drivers/net/xen-netfront.ko xen-netfront &&
	loads kernel/drivers/net/xen-netback/xen-netback.ko xen-netback
}

loads_intree()
{
	loads kernel/drivers/net/xen-netfront.ko xen:vif &&
	loads kernel/drivers/net/xen-netfront.ko xen-netfront &&
	loads kernel/drivers/net/xen-netback/xen-netback.ko xen-backend:vif &&
	loads kernel/drivers/net/xen-netback/xen-netback.ko xen-netback
}

listing()
{
	(cd "$root" && find . -type f | sort)
}

installs()
{
	make -C "$copy" "$1" DESTDIR="$root"
}

# A kernel without our build, below the same modprobe.d file.
falls_back()
{
	rm -r "$modules/updates" && depmod -b "$root" "$KVER" &&
	loads_intree
}

rm -rf "$root"
mkdir -p "$root/etc/modprobe.d"
copy=$(fresh_copy install-src)

tap "the kernel's own pair is staged" intree_tree
before=$(listing)
tap "modprobe takes the kernel's pair" loads_intree
tap "make install" installs install
tap "modprobe takes ours, by alias and by the other's name" loads_ours
tap "a kernel that refuses ours takes its own pair" loads_intree_after_all
tap "make install again" installs install
tap "make uninstall" installs uninstall
tap "modprobe takes the kernel's pair again" loads_intree
tap "uninstall leaves no file" diff <(echo "$before") <(listing)
tap "make install once more" installs install
tap "a kernel without our build gets its own pair" falls_back
tap_done
