# SPDX-License-Identifier: GPL-2.0
# Makes the debug kernel, and our modules for it. Read by setup.sh.
# shellcheck shell=bash disable=SC2034

DEBUG_DIR=$LAB_DIR/debug-kernel

# In the source tree: .config with all that the file config wants.
configure_debug_kernel()
{
	local missing
	make -s KCONFIG_ALLCONFIG="$DEBUG_DIR/config" allnoconfig
	missing=$(grep -E '^(# )?CONFIG_' "$DEBUG_DIR/config" | grep -vxFf .config || :)
	[ -z "$missing" ] ||
		{ echo "did not get into the configuration:" "$missing" >&2; return 1; }
}

# headers DIR: what modules are built against, out of the source tree built here.
debug_kernel_headers()
{
	tar --exclude='*.o' --exclude='.*.cmd' -cf - .config Makefile Module.symvers \
		include scripts arch/x86/{Makefile*,include} tools/objtool/objtool |
		tar --one-top-level="$1" -xf -
}

# A kernel as make_kernel makes it, and headers/. make_debug_kernel TARBALL
make_debug_kernel()
{
	local release
	tar --one-top-level=source --strip-components=1 -xf "$1"
	cd source || return
	cat "$DEBUG_DIR"/*.patch | patch -p1
	configure_debug_kernel
	make -j"$(nproc)" vmlinux modules
	release=$(cat include/config/kernel.release)
	make INSTALL_MOD_PATH="$PWD/../x" INSTALL_MOD_STRIP=1 modules_install
	debug_kernel_headers ../headers
	objcopy -S -R .comment vmlinux ../vmlinux
	cd .. || return
	rm -rf source
	pack_kernel "$release"
}

# make_debug_modules COPY: netfront.ko and netback.ko from a copy of the sources.
make_debug_modules()
{
	make -C "$1" -j"$(nproc)" KDIR="$KERNEL_DIR/headers" UBSAN_SANITIZE=y
	mv "$1"/{netfront/netfront,netback/netback}.ko .
}

# Sets what kernel_setup and modules_setup set. The kernel is made under a lock of its own, for which
# runs without it need not wait; the modules are this tree's and stay in it.
debug_setup()
{
	mkdir -p "$CACHE" "$BUILD/debug"
	locked lock-debug-kernel debug_kernel_setup
	CACHE=$BUILD/debug locked lock debug_modules_setup
}

debug_kernel_setup()
{
	local tarball
	tarball=$("$TOP/tests/lib/linux-source") || die "no source of the kernel"
	KERNEL_DIR=$(piece debug-kernel "$tarball" "$DEBUG_DIR"/{config,*.patch} \
		"$LAB_DIR"/{lists/modules,pick-files.py} "$(declare -f pack pack_kernel \
		configure_debug_kernel debug_kernel_headers make_debug_kernel)")
	[ -d "$KERNEL_DIR" ] ||
		say "building the debug kernel takes about 15 minutes on two CPUs"
	make_piece "$KERNEL_DIR" make_debug_kernel "$tarball"
	GUEST_KERNEL_DIR=$KERNEL_DIR
	prune_kind debug-kernel
}

debug_modules_setup()
{
	local copy dir
	# not here: it changes the directory
	copy=$(. "$TOP/tests/lib/tree.sh"; fresh_copy debug/copy)
	dir=$(piece modules "$KERNEL_DIR" \
		"$(cd "$copy" && find . -type f | sort | xargs sha256sum)")
	make_piece "$dir" make_debug_modules "$copy"
	GUEST_MODULES=("$dir"/*.ko) DOM0_MODULES=("$dir"/*.ko)
	prune_kind modules
}
