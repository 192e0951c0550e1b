#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make install and make uninstall, in a staging root beside the kernel's own pair
# (from Debian's kernel package): which module does modprobe take, and what is asked for in
# an initramfs? The programs that make one are not run: their hooks are, with stubs.

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
	loads updates/netfront/netfront.ko xennet &&
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
	make -C "$copy" "$@" INSTALL_MOD_PATH="$root"
}

# Of a package: what install puts there, and nothing of depmod's.
stages()
{
	rm -rf "$root.staging"
	make -C "$copy" install DESTDIR="$root.staging" &&
		diff <(cd "$root.staging" && find . -type f | sort) <(printf '%s\n' \
			./etc/modprobe.d/xennet.conf \
			"./lib/modules/$KVER/updates/netback/netback.ko" \
			"./lib/modules/$KVER/updates/netfront/netfront.ko")
}

unstages()
{
	make -C "$copy" uninstall DESTDIR="$root.staging" &&
		silent find "$root.staging" -type f
}

# other_kernels: two more that have ours, one of them no more than netback; and somebody
# else's module.
other_kernels()
{
	local kernel=$root/lib/modules
	mkdir -p "$kernel"/6.1.0-{1,2}/updates/net{front,back} "$kernel/6.1.0-2/updates/other" &&
		rmdir "$kernel/6.1.0-2/updates/netfront" &&
		cp "$modules/updates/netfront/netfront.ko" "$kernel/6.1.0-1/updates/netfront" &&
		cp "$modules/updates/netback/netback.ko" "$kernel/6.1.0-1/updates/netback" &&
		cp "$modules/updates/netback/netback.ko" "$kernel/6.1.0-2/updates/netback" &&
		touch "$kernel/6.1.0-2/updates/other/other.ko" &&
		depmod -b "$root" 6.1.0-1 && grep -q netback "$kernel/6.1.0-1/modules.dep"
}

# of_every_kernel: nothing of ours is left of any, each is named, and nobody else's is gone.
of_every_kernel()
{
	local said kernel
	said=$(installs uninstall KDIR=/nowhere) || return
	echo "$said"
	for kernel in "$KVER" 6.1.0-1 6.1.0-2; do
		grep -qxF "Taking netfront and netback from Linux $kernel" <<<"$said" || return
	done
	silent find "$root" -name 'net[fb]*.ko' && [ -e "$root/lib/modules/6.1.0-2/updates/other/other.ko" ] &&
		silent grep net "$root/lib/modules/6.1.0-1/modules.dep"
}

# A kernel without our build, below the same modprobe.d file.
falls_back()
{
	rm -r "$modules/updates" && depmod -b "$root" "$KVER" &&
	loads_intree
}

# A directory that each program has which makes initramfs images, and our part of it.
declare -A sign=(
	[initramfs-tools]=usr/share/initramfs-tools [dracut]=usr/lib/dracut
	[mkinitcpio]=usr/lib/initcpio [mkinitfs]=etc/mkinitfs
)
declare -A parts=(
	[initramfs-tools]=./etc/initramfs-tools/hooks/xennet
	[dracut]=./usr/lib/dracut/modules.d/90xennet/module-setup.sh
	[mkinitcpio]='./etc/initcpio/install/xennet ./etc/mkinitcpio.conf.d/xennet.conf'
	[mkinitfs]='./etc/mkinitfs/features.d/xennet.files ./etc/mkinitfs/features.d/xennet.modules'
)

# has_parts MAKER...: of those, and of no other.
has_parts()
{
	local maker
	diff <(listing | grep -E 'initramfs|dracut|initcpio|mkinit') \
		<(for maker; do xargs -n 1 <<<"${parts[$maker]}"; done | sort)
}

# Each has its part where it is.
serves()
{
	local maker
	for maker in "${!sign[@]}"; do
		mkdir -p "$root/${sign[$maker]}" && installs install && has_parts "$maker" &&
			installs uninstall && has_parts && rm -r "${root:?}/${sign[$maker]}" || return
	done
}

# And where it is not when it is named.
serves_named()
{
	installs install INITRAMFS="${!sign[*]}" && has_parts "${!sign[@]}"
}

wanted='module netfront module xen-netfront file /etc/modprobe.d/xennet.conf'

# asks HOOK FUNCTION...: what these of a hook want is the two modules and the modprobe.d file.
asks()
{
	local seen
	# shellcheck disable=SC2317
	seen=$(
		add_module() { echo "module ${1%?}" && [ "${1: -1}" = '?' ]; }
		add_file() { echo "file $1"; }
		instmods() { [ "${hostonly-unset}" = '' ] && printf 'module %s\n' "$@"; }
		inst_simple() { echo "file $1"; }
		hostonly=yes
		# shellcheck disable=SC1090
		. "$root/$1" || exit
		for function in "${@:2}"; do
			$function || exit
		done
	) || return
	echo $seen
	[ "$(echo $seen)" = "$wanted" ]
}

asks_dracut()
{
	asks usr/lib/dracut/modules.d/90xennet/module-setup.sh check depends installkernel install
}

asks_mkinitcpio()
{
	(HOOKS=(base) && . "$root/etc/mkinitcpio.conf.d/xennet.conf" &&
		[ "${HOOKS[*]}" = "base xennet" ]) && asks etc/initcpio/install/xennet build
}

# mkinitfs takes what its feature's patterns find, below a directory.
finds()
{
	(cd "$2" && grep -v '^#' "$root/etc/mkinitfs/features.d/xennet.$1" |
		sed 's|^/||' | while read -r pattern; do compgen -G "$pattern"; done)
}

asks_mkinitfs()
{
	diff <(finds modules "$modules") <(printf '%s\n' updates/netfront/netfront.ko \
		kernel/drivers/net/xen-netfront.ko) &&
		diff <(finds files "$root") <(echo etc/modprobe.d/xennet.conf)
}

# An initramfs may hold them, and /boot is small.
stripped()
{
	silent grep -l '\.debug_info' "$modules"/updates/net*/net*.ko
}

rm -rf "$root"
mkdir -p "$root/etc/modprobe.d"
copy=$(fresh_copy install-src)

tap "the kernel's own pair is staged" intree_tree
before=$(listing)
tap "modprobe takes the kernel's pair" loads_intree
tap "make install" installs install
tap "what is installed has no debug information" stripped
tap "modprobe takes ours, by alias and by the other's name" loads_ours
tap "a kernel that refuses ours takes its own pair" loads_intree_after_all
tap "make install again" installs install
tap "nothing for an initramfs where none is made" has_parts
tap "make uninstall" installs uninstall
tap "modprobe takes the kernel's pair again" loads_intree
tap "uninstall leaves no file" diff <(echo "$before") <(listing)
tap "each program that makes an initramfs has its part where it is" serves
tap "and all have theirs when they are named" serves_named
tap "dracut gets what it needs" asks_dracut
tap "mkinitcpio gets what it needs" asks_mkinitcpio
tap "mkinitfs gets what it needs" asks_mkinitfs
tap "make uninstall for all of them" installs uninstall
tap "this leaves no file either" diff <(echo "$before") <(listing)
tap "a staging tree for a package has the modules and no more" stages
tap "and nothing after make uninstall" unstages
tap "make install once more, beside other kernels" installs install
tap "two of which have ours as well" other_kernels
tap "make uninstall takes them from every kernel, and says so" of_every_kernel
rm -r "$root"/lib/modules/6.1.0-{1,2}
tap "make install in the end" installs install
tap "a kernel without our build gets its own pair" falls_back
tap_done
