# SPDX-License-Identifier: GPL-2.0
#
# Targets for users and developers. How the modules are built is in Kbuild.

.DEFAULT_GOAL := all

# One target at a time: the order of prerequisites counts. kbuild below still
# uses all the jobs it is given.
.NOTPARALLEL:

# The kernel to build for: the running one if its headers are here, else the
# newest one that has any.
running := /lib/modules/$(shell uname -r)/build
newest   = $(shell ls -d /lib/modules/*/build/Makefile 2>/dev/null | sort -V | tail -n 1)
KDIR    ?= $(if $(wildcard $(running)/Makefile),$(running),$(patsubst %/Makefile,%,$(newest)))
KVER     = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)

# Where to install: DESTDIR as packagers know it, INSTALL_MOD_PATH as kbuild does. What is
# below DESTDIR is a part of a system at most: depmod is for whoever puts it in place.
root    := $(abspath $(or $(INSTALL_MOD_PATH),$(DESTDIR)))
staging := $(and $(root),$(if $(INSTALL_MOD_PATH),,yes))
updates  = $(root)/lib/modules/$1/updates
conf    := $(root)/etc/modprobe.d/xennet.conf
depmod   = $(if $(staging),true,depmod $(if $(root),-b $(root)) $1)
# The kernels that have one of ours.
having   = $(sort $(patsubst $(call updates,%)/,%,$(dir $(wildcard \
	   $(addprefix $(call updates,*)/,netfront netback)))))

# As distributions' own: an initramfs may hold them. Empty: with what debuggers read.
INSTALL_MOD_STRIP ?= 1

# What makes initramfs images: known by a directory in the root, or named by INITRAMFS where
# that is an empty staging one. Our part lies below packaging/NAME as it will in the root.
makers  := initramfs-tools dracut mkinitcpio mkinitfs
sign_of_initramfs-tools := usr/share/initramfs-tools
sign_of_dracut          := usr/lib/dracut
sign_of_mkinitcpio      := usr/lib/initcpio
sign_of_mkinitfs        := etc/mkinitfs
INITRAMFS ?= $(foreach m,$(makers),$(if $(wildcard $(root)/$(sign_of_$m)),$m))
served   = $(filter $(makers),$(INITRAMFS))
pieces   = $(patsubst packaging/$1/%,%,$(shell find packaging/$1 -type f))

renew_initramfs-tools = update-initramfs -u -k $1
renew_dracut          = dracut --force --kver $1
renew_mkinitcpio      = mkinitcpio -P
renew_mkinitfs        = mkinitfs $1

kbuild   = $(MAKE) -C $(KDIR) M=$(CURDIR)

# A distribution keeps its signing key to itself: do not let kbuild look for it.
nosign   = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

# How many lab machines run at a time: two, or more where there are CPUs and memory for
# them; one wants 3 GB, and most one CPU.
JOBS    ?= $(shell awk -v n=$$(nproc) '/^MemAvailable/ { if (n > $$2 / 3e6) n = int($$2 / 3e6) } \
	END { print (n > 2 ? n : 2) }' /proc/meminfo)
tap     := tests/lib/check
quick   := $(addprefix tests/build/,layers.t style.t kernel-doc.t names.t modules.t sparse.t)
unit    := $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*_test.c))
later   := $(addprefix tests/scenario/,$(shell sed 's/\#.*//' tests/scenario/LONG))
# The long ones first, so that no CPU is left waiting for one of them; and those that boot a
# machine for others, which would wait for it if they came next.
long    := $(wildcard $(addprefix tests/scenario/,*-3.t few-*.t pair-*.t hostile-*.t multi-queue.t \
	   xdp-back.t paths-bridge.t attach-detach.t parked-route.t standing-queue.t shares.t \
	   suspend.t guest-to-guest.t))
scenario := $(filter-out $(later),$(long) $(filter-out $(long),$(wildcard tests/scenario/*.t)))
lab     := $(filter-out tests/scenario/debug-%,$(scenario))
debug   := tests/lab/debug.t $(scenario)

##@ Modules

.PHONY: all
all: kdir ## build netfront/netfront.ko and netback/netback.ko against KDIR
	+$(kbuild) modules

# kbuild's own depmod step finds no System.map among the headers and gives up with
# a warning: it is emptied and done here.
.PHONY: install
install: all ## install the modules and prefer them over the in-tree pair
	+$(kbuild) INSTALL_MOD_DIR=updates INSTALL_MOD_PATH=$(root) cmd_depmod=: \
		INSTALL_MOD_STRIP=$(INSTALL_MOD_STRIP) $(nosign) modules_install
	install -D -m 0644 packaging/modprobe.d/xennet.conf $(conf)
	$(foreach m,$(served),$(foreach f,$(call pieces,$m),install -D \
		-m $(if $(shell test -x packaging/$m/$f && echo x),0755,0644) \
		packaging/$m/$f $(root)/$f &&)) true
	$(call depmod,$(KVER))
	@$(call initramfs,$(KVER))

.PHONY: uninstall
uninstall: ## take back all that install did, of every kernel
	@$(foreach k,$(having),echo "Taking netfront and netback from Linux $k" && \
		rm -rf $(addprefix $(call updates,$k)/,netfront netback) &&) true
	rm -rf $(conf) $(foreach m,$(makers),$(addprefix $(root)/,$(call pieces,$m)))
	rm -rf $(root)/usr/lib/dracut/modules.d/90xennet
	$(foreach k,$(having),$(call depmod,$k) &&) true
	@$(call initramfs,$(having))

# netfront is loaded from the initramfs, where there is one.
initramfs = $(if $(root),,$(foreach m,$(served),$(foreach k,$1,echo "Now renew the \
	initramfs, if this system boots from one: $(call renew_$m,$k)";))) true

# kbuild removes every object below here, but those in build/ are not its own.
.PHONY: clean
clean: kdir ## remove what the build made; build/ with its caches stays
	+$(kbuild) RCS_FIND_IGNORE='\( -name build -o -name .git \) -prune -o' clean

.PHONY: distclean
distclean: clean ## remove build/ as well: caches, logs, results
	rm -rf build

# Fails early, and says what to install.
.PHONY: kdir
kdir:
	@test -e "$(KDIR)/Makefile" || { \
		echo "No kernel headers$(if $(KDIR), in KDIR=$(KDIR))." >&2; \
		echo "Install linux-headers-$$(uname -r) for the running kernel," \
			"or linux-headers-amd64 for Debian's current one." >&2; \
		exit 1; }

##@ Tests

.PHONY: check
check: deps all unit-programs ## check-quick, check-install, check-kernels, check-lab
	@KERNELS='6.12 7.2 7.3' FLAVOURS=amd64 $(tap) -j $(JOBS) tests/lab/selftest.t $(unit) $(quick) \
		$(addprefix tests/build/,install.t kernels.t) $(lab)

.PHONY: check-quick
check-quick: deps-quick unit-programs ## without root and Xen: unit, layers, style, build, sparse
	@$(tap) $(unit) $(quick)

.PHONY: check-unit
check-unit: deps-quick unit-programs ## unit tests of the pure files, under ASan and UBSan
	@$(tap) $(unit)

.PHONY: check-layers
check-layers: deps-quick ## includes go one way, pure files need nothing but themselves
	@$(tap) tests/build/layers.t

.PHONY: check-style
check-style: deps-quick ## checkpatch --strict, shellcheck, kernel-doc, names
	@$(tap) $(addprefix tests/build/,style.t kernel-doc.t names.t)

.PHONY: check-build
check-build: deps-quick ## W=1 is silent, modinfo complete, errors clear
	@$(tap) tests/build/modules.t

.PHONY: check-sparse
check-sparse: deps-quick ## sparse is silent
	@$(tap) tests/build/sparse.t

.PHONY: check-kernels
check-kernels: deps ## builds for all kernels of Debian, in roots of their suites
	@$(tap) tests/build/kernels.t

.PHONY: check-install
check-install: deps-quick ## modprobe takes ours after install, in-tree after uninstall
	@$(tap) tests/build/install.t

.PHONY: check-lab
check-lab: deps all ## the scenarios, on Xen in QEMU
	@$(tap) -j $(JOBS) tests/lab/selftest.t $(lab)

.PHONY: check-long
check-long: deps all ## the scenarios that check leaves out to end within the hour
	@TEST_TIMEOUT=$${TEST_TIMEOUT:-3000} LAB_TIMEOUT=$${LAB_TIMEOUT:-2500} $(tap) -j $(JOBS) \
		$(later) tests/build/kernels.t

.PHONY: check-debug
check-debug: deps ## the scenarios on a kernel with lockdep, kmemleak and more
	@LAB_DEBUG=$(or $(LAB_DEBUG),1) $(tap) -j $(JOBS) $(debug)

.PHONY: selftests
selftests: deps all ## Linux's own selftests of NIC drivers, on netfront
	@tests/selftests/run

# A program that does not build fails as a test, not here: its old copy is gone.
.PHONY: unit-programs
unit-programs:
	@rm -f $(unit)
	@+$(MAKE) -s -k -C tests/unit OUT=$(CURDIR)/build/unit || true

##@ Lab

.PHONY: demo
demo: deps all ## ours beside in-tree under a flood: table and build/demo/credit.svg
	@tests/demo/run

.PHONY: bench
bench: deps all ## what a packet costs, in instructions, beside in-tree; QUICK=1: less
	@tests/bench/run

.PHONY: shell
shell: deps all ## a shell in dom0, with a guest running
	@tests/lab/run --keep

.PHONY: deps
deps: ## install the Debian packages that are missing (as root)
	@tests/lib/deps

.PHONY: deps-quick
deps-quick:
	@tests/lib/deps quick

##@ Help

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@ / { print "\n" substr($$0, 5) ":" } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Variables: KDIR=kernel build directory, DESTDIR or INSTALL_MOD_PATH" \
		"for install, JOBS=lab machines at a time ($(JOBS))"
