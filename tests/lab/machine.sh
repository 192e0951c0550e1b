# SPDX-License-Identifier: GPL-2.0
# One run: its directory, its initrd, its QEMU. A machine is booted once; its state when
# it is ready for SCRIPT is kept, and runs that want the same machine start from there.
# shellcheck shell=bash disable=SC2054,SC2206

GUESTS_MAX=8
GUEST_MB=256
DOM0_MB=1500
DEBUG_GUEST_MB=512
DEBUG_DOM0_MB=2000
XEN_MB=300
# QEMU puts so much below 4 GB. What is above the e1000 does not reach, and for a frame in
# it dom0 has to copy (swiotlb).
LOW_MB=3500
KEEP_RUNS=20

# A directory of this run's own, with build/lab/last pointing to it. Said aloud,
# because another run may take over "last" meanwhile.
new_run_dir()
{
	mkdir -p "$RUNS"
	RUN=$(mktemp -d "$RUNS/$(date +%Y%m%d-%H%M%S)-XXXX")
	chmod 755 "$RUN"
	mkdir "$RUN/share" "$RUN/share/out" "$RUN/share/console"
	run_conf >"$RUN/share/conf"
	[ -z "$SCRIPT" ] || cp "$SCRIPT" "$RUN/share/script"
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

# What dom0 learns when the machine is ready: not part of it.
run_conf()
{
	local rows=24 columns=80
	[ ! -t 0 ] || read -r rows columns < <(stty size)
	printf '%s=%q\n' LAB_SCRIPT "${SCRIPT:+/lab/script}" KEEP "$KEEP" \
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

# copy_files ROOT MODULE...: what dom0 and guests are given alike, but for whom modules are.
# Symbols for debuggers, most of a module, would fill a guest's memory.
copy_files()
{
	local module
	lab_conf >"$1/etc/lab/conf"
	for module in "${@:2}"; do
		strip --strip-debug -o "$1/root/${module##*/}" "$module"
	done
	[ -z "$DEBUG" ] || cp "$LAB_DIR/debug-kernel/end-check" "$1/etc/lab/"
	[ ${#FILES[@]} = 0 ] || cp -L -- "${FILES[@]}" "$1/root/in/"
}

# What differs from machine to machine, as cpio archives behind the cached ones. The
# kernel unpacks concatenated archives in order.
make_initrd()
{
	local n g=$RUN/guest d=$RUN/dom0
	mkdir -p "$g"/{etc/lab,root/in} "$d"/{boot,etc/lab,etc/xen,root/in} \
		"$d/usr/local/bin"
	cp "$LAB_DIR/in-guest/init" "$g/"
	cp "$LAB_DIR/in-guest/net-up" "$g/etc/lab/"
	copy_files "$g" "${GUEST_MODULES[@]}"
	(cd "$g" && find . -mindepth 1 | pack) |
		cat "$GUEST_DIR/root.cpio" "$GUEST_KERNEL_DIR/modules.cpio" - \
		>"$d/boot/guest.cpio"
	cp "$LAB_DIR/in-dom0/init" "$d/"
	cp "$LAB_DIR"/in-dom0/{functions,shell} "$d/etc/lab/"
	cp "$LAB_DIR/in-dom0/guest" "$d/usr/local/bin/"
	for ((n = 1; n <= GUESTS_MAX; n++)); do
		guest_cfg $n >"$d/etc/xen/guest$n.cfg"
	done
	copy_files "$d" "${DOM0_MODULES[@]}"
	(cd "$d" && find . -mindepth 1 | pack) |
		cat "$DOM0_DIR/root.cpio" "$KERNEL_DIR/modules.cpio" \
		"$GUEST_KERNEL_DIR/vmlinux.cpio" - >"$RUN/initrd"
	rm -rf "$g" "$d"
}

# Sets the array QEMU. Why these flags: README.md, "Traps".
qemu_command()
{
	local cpu=max,-smap,-smep,-la57,-avx,-avx2,-f16c,-fma,-xsave,-xsaveopt
	local mb=$((DOM0_MB + XEN_MB + GUESTS * GUEST_MB))
	local tty=null,id=tty
	local xen="console=com1 com1=115200,8n1 loglvl=info guest_loglvl=info"
	local linux="console=hvc0 loglevel=7 panic=1 mitigations=off"

	cpu+=,-xgetbv1,-mpx,-pku
	xen+=" dom0_mem=${DOM0_MB}M,max:${DOM0_MB}M dom0_max_vcpus=$CPUS"
	xen+=" spec-ctrl=no xpti=no${XEN_PARAM:+ $XEN_PARAM}"
	[ "$GUEST_TYPE" = pv ] || cpu+=,+svm,+npt,-rdtscp
	[ -z "$ICOUNT" ] || cpu+=,-erms,-fsrm
	[ -z "$KEEP" ] || tty=stdio,id=tty,mux=on,signal=off
	QEMU=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot
		-display none -chardev "pipe,id=monitor,path=$RUN/monitor"
		-mon chardev=monitor,mode=readline -cpu $cpu -m $mb -smp "$CPUS"
		-kernel "$XEN_DIR/xen" -append "$xen"
		-initrd "$KERNEL_DIR/vmlinux $linux,$RUN/initrd"
		-chardev "file,id=com1,append=on,path=$RUN/share/console/xen-dom0.log"
		-serial chardev:com1
		-netdev hubport,id=n0,hubid=0 -device e1000,netdev=n0
		-fsdev "local,id=lab,path=$RUN/share,security_model=none"
		-device virtio-9p-pci,fsdev=lab,mount_tag=lab
		-chardev "pipe,id=port,path=$RUN/port"
		-device virtio-serial-pci -device virtserialport,chardev=port,nr=1
		-chardev "$tty" -device virtconsole,chardev=tty,nr=2)
	if [ -n "$ICOUNT" ]; then
		QEMU+=(-accel tcg -icount shift=0,sleep=off)
	else
		QEMU+=(-accel "${LAB_ACCEL:-tcg,thread=multi}")
	fi
}

# Sets SAVED, where the state of the machine is or is to be, by all that went into it
# (KEEP's terminal is not part of it). With the lock on it: one run boots the machine,
# others wait for that.
find_saved()
{
	local n
	SAVED=$(KEEP='' && qemu_command &&
		piece machine "${QEMU[*]//"$RUN"/}" "$(lab_conf)" \
		"$(guest_cfg 1)" \
		"$LAB_DIR"/{machine.sh,debug-kernel/end-check,in-dom0/*,in-guest/*} \
		"${GUEST_DIR##*/}" "${DOM0_DIR##*/}" "${GUEST_KERNEL_DIR##*/}" \
		"${GUEST_MODULES[@]}" "${DOM0_MODULES[@]}" "${FILES[@]##*/}" "${FILES[@]}")
	mkdir -p "$SAVED"
	prune_kind machine 16
	exec {SAVED_LOCK}<"$SAVED"
	flock "$SAVED_LOCK"
}

# Reads what dom0 says at the port. The machine that boots says "ready" first, and is
# saved then: dom0 has let go of /lab and waits for a line.
follow_port()
{
	local line
	if [ -n "$BOOT" ] && read -r line && [ "$line" = ready ]; then
		cp -r "$RUN/share/console" "$SAVED/"
		cat >&"$MONITOR" <<-END
		migrate_set_parameter max-bandwidth 100g
		migrate_set_parameter downtime-limit 100000
		migrate "exec:cat >$SAVED/new && mv $SAVED/new $SAVED/state"
		cont
		info status
		END
		grep -q 'VM status: ' <"$RUN/monitor.out"
	fi
	flock -u "$SAVED_LOCK"
	echo go >&"$PORT"
	exec tee "$RUN/script.log"
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
	[ -z "${RUN-}" ] || rm -f "$RUN"/{initrd,port.in,port.out,monitor.in,monitor.out}
}

# Run QEMU until it ends. Returns its status, 124 when time ran out.
run_machine()
{
	local status
	mkfifo "$RUN"/{port,monitor}.{in,out}
	exec {PORT}<>"$RUN/port.in" {MONITOR}<>"$RUN/monitor.in"
	find_saved
	qemu_command
	BOOT=
	if [ -e "$SAVED/state" ]; then
		cp -r "$SAVED/console" "$RUN/share/"
		QEMU+=(-incoming "exec:cat $SAVED/state")
		: >"$RUN/initrd" # QEMU wants one; what it was is in the state
	else
		BOOT=1
		make_initrd
	fi
	printf '%q ' "${QEMU[@]}" >"$RUN/command"
	follow_port <"$RUN/port.out" &
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
	: <>"$RUN/port.out" # for a reader whose writer never came
	wait "$READER_PID"
	READER_PID=
	return $status
}
