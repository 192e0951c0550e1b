# SPDX-License-Identifier: GPL-2.0
# One run: its directory, its initrd, its QEMU.
# shellcheck shell=bash disable=SC2054,SC2206

GUEST_MB=256
DOM0_MB=1500
DEBUG_GUEST_MB=512
DEBUG_DOM0_MB=2000
XEN_MB=300
KEEP_RUNS=20

# A directory of this run's own, with build/lab/last pointing to it. Said aloud,
# because another run may take over "last" meanwhile.
new_run_dir()
{
	mkdir -p "$RUNS"
	RUN=$(mktemp -d "$RUNS/$(date +%Y%m%d-%H%M%S)-XXXX")
	chmod 755 "$RUN"
	mkdir "$RUN/share" "$RUN/share/out" "$RUN/share/console"
	ln -sfn "${RUN##*/}" "$RUNS/last.$$"
	mv -T "$RUNS/last.$$" "$RUNS/last"
	ln -s share/out "$RUN/out"
	say "logs: $RUN"
	find "$RUNS" -mindepth 1 -maxdepth 1 -type d | sort -r |
		tail -n +$((KEEP_RUNS + 1)) | xargs -r rm -rf
}

# Shell assignments that both inits read.
lab_conf()
{
	local name
	for name in TOPOLOGY GUESTS FRONT FRONT_PARAM BACK BACK_PARAM DEBUG; do
		printf '%s=%q\n' $name "${!name}"
	done
}

dom0_conf()
{
	local rows=24 columns=80
	[ ! -t 0 ] || read -r rows columns < <(stty size)
	lab_conf
	echo "export NIC=eth0"
	printf '%s=%q\n' LAB_SCRIPT "${SCRIPT:+/root/script}" KEEP "$KEEP" \
		ROWS "$rows" COLUMNS "$columns" USER_TERM "${TERM:-vt100}"
}

# guest_cfg N: the xl configuration of guest N.
guest_cfg()
{
	local net linux="console=hvc0 loglevel=5 panic=1 mitigations=off"
	# no PCI: scanning for it costs thousands of exits of an emulated SVM
	[ "$GUEST_TYPE" = pv ] || linux+=" pci=off"
	if [ "$TOPOLOGY" = bridge ]; then
		net=script=vif-bridge,bridge=xenbr0
	else
		net=script=vif-route,gatewaydev=dummy0,ip=10.0.0.$((10 + $1))
	fi
	cat <<-END
	name = "guest$1"
	type = "$GUEST_TYPE"
	kernel = "/boot/vmlinux"
	ramdisk = "/boot/guest.cpio"
	extra = "$linux lab.guest=$1"
	tsc_mode = "native"
	memory = $GUEST_MB
	vcpus = $GUEST_VCPUS
	vif = [ "mac=$(printf 00:16:3e:00:00:%02x $((10 + $1))),$net" ]
	on_poweroff = "destroy"
	on_reboot = "destroy"
	on_crash = "destroy"
	END
}

copy_modules()
{
	local module
	if [ -n "$DEBUG" ]; then
		cp "$MODULES_DIR"/*.ko "$1/root/"
		cp "$LAB_DIR/debug-kernel/end-check" "$1/etc/lab/"
	else
		for module in netfront netback; do
			[ ! -r "$TOP/$module/$module.ko" ] ||
				cp "$TOP/$module/$module.ko" "$1/root/"
		done
	fi
	[ ${#FILES[@]} = 0 ] || cp -L -- "${FILES[@]}" "$1/root/in/"
}

# What differs from run to run, as cpio archives behind the cached ones. The
# kernel unpacks concatenated archives in order.
make_initrd()
{
	local n g=$RUN/guest d=$RUN/dom0
	mkdir -p "$g"/{etc/lab,root/in} "$d"/{boot,etc/lab,etc/xen,root/in} \
		"$d/usr/local/bin"
	cp "$LAB_DIR/in-guest/init" "$g/"
	cp "$LAB_DIR/in-guest/net-up" "$g/etc/lab/"
	lab_conf >"$g/etc/lab/conf"
	copy_modules "$g"
	(cd "$g" && find . -mindepth 1 | pack) |
		cat "$GUEST_DIR/root.cpio" "$KERNEL_DIR/modules.cpio" - \
		>"$d/boot/guest.cpio"
	cp "$LAB_DIR/in-dom0/init" "$d/"
	cp "$LAB_DIR"/in-dom0/{functions,shell} "$d/etc/lab/"
	cp "$LAB_DIR/in-dom0/guest" "$d/usr/local/bin/"
	dom0_conf >"$d/etc/lab/conf"
	for n in 1 2 3 4; do guest_cfg $n >"$d/etc/xen/guest$n.cfg"; done
	[ -z "$SCRIPT" ] || cp "$SCRIPT" "$d/root/script"
	copy_modules "$d"
	(cd "$d" && find . -mindepth 1 | pack) |
		cat "$DOM0_DIR/root.cpio" "$KERNEL_DIR/modules.cpio" \
		"$KERNEL_DIR/vmlinux.cpio" - >"$RUN/initrd"
	rm -rf "$g" "$d"
}

# Sets the array QEMU. Why these flags: README.md, "Traps".
qemu_command()
{
	local cpu=max,-smap,-smep,-la57,-avx,-avx2,-f16c,-fma,-xsave,-xsaveopt
	local mb=$((DOM0_MB + XEN_MB + GUESTS * GUEST_MB))
	local xen="console=com1 com1=115200,8n1 loglvl=info guest_loglvl=info"
	local linux="console=hvc0 loglevel=7 panic=1 mitigations=off"

	cpu+=,-xgetbv1,-mpx,-pku
	xen+=" dom0_mem=${DOM0_MB}M,max:${DOM0_MB}M dom0_max_vcpus=$CPUS"
	xen+=" spec-ctrl=no xpti=no"
	[ "$GUEST_TYPE" = pv ] || cpu+=,+svm,+npt,-rdtscp
	[ -z "$ICOUNT" ] || cpu+=,-erms,-fsrm
	QEMU=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot
		-display none -monitor none -cpu $cpu -m $mb -smp "$CPUS"
		-kernel "$XEN_DIR/xen" -append "$xen"
		-initrd "$KERNEL_DIR/vmlinux $linux,$RUN/initrd"
		-serial "file:$RUN/share/console/xen-dom0.log"
		-netdev hubport,id=n0,hubid=0 -device e1000,netdev=n0
		-fsdev "local,id=lab,path=$RUN/share,security_model=none"
		-device virtio-9p-pci,fsdev=lab,mount_tag=lab
		-chardev "file,id=out,path=$RUN/out.pipe"
		-device virtio-serial-pci -device virtserialport,chardev=out,nr=1)
	if [ -n "$ICOUNT" ]; then
		QEMU+=(-accel tcg -icount shift=0,sleep=off)
	else
		QEMU+=(-accel "${LAB_ACCEL:-tcg,thread=multi}")
	fi
	[ -z "$KEEP" ] ||
		QEMU+=(-chardev stdio,id=tty,mux=on,signal=off
			-device virtconsole,chardev=tty,nr=2)
}

# Whatever ends this shell ends the machine and leaves no process behind.
clean_up()
{
	local pid
	trap - EXIT
	trap '' INT TERM HUP
	for pid in ${MACHINE_PID-} ${READER_PID-}; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	[ -z "${STTY-}" ] || stty "$STTY"
	[ -z "${RUN-}" ] || rm -f "$RUN/initrd" "$RUN/out.pipe"
}

# Run QEMU until it ends. Returns its status, 124 when time ran out.
run_machine()
{
	local status
	qemu_command
	printf '%q ' "${QEMU[@]}" >"$RUN/command"
	mkfifo "$RUN/out.pipe"
	setpriv --pdeathsig KILL tee "$RUN/script.log" <"$RUN/out.pipe" &
	READER_PID=$!
	[ -z "$KEEP" ] || [ ! -t 0 ] || STTY=$(stty -g)
	exec {input}<&0
	[ -n "$KEEP" ] || exec {input}</dev/null
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$TIMEOUT" \
		setpriv --pdeathsig KILL "${QEMU[@]}" \
		<&$input 2>"$RUN/qemu.log" &
	MACHINE_PID=$!
	wait "$MACHINE_PID"
	status=$?
	MACHINE_PID=
	wait "$READER_PID"
	READER_PID=
	return $status
}
