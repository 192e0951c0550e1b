# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scenarios share in dom0. NIC, VIF1... and guest come from the lab.

# Under emulation the start of a program is dear, some ten milliseconds: what is looked at
# often is read by the shell itself.
exec {silent}<> <(:)

# pause SECONDS: as sleep.
pause()
{
	read -r -t "$1" -u "$silent"
	:
}

# The frames of every flood go to a station nobody is, beyond the NIC.
nowhere_mac=02:00:00:00:00:99
if ip link show xenbr0 >/dev/null 2>&1; then
	topology=bridge nowhere_ip=10.0.0.99 next_hop_mac=$nowhere_mac
else
	topology=route nowhere_ip=10.0.1.99 next_hop_mac=fe:ff:ff:ff:ff:ff
	ip neigh replace $nowhere_ip lladdr $nowhere_mac dev "$NIC" nud permanent
fi

# slow_nic RATE [LIMIT]: the NIC sends RATE (in kbit or mbit), behind a queue of 1000
# packets, or LIMIT. A shorter one is sooner full where credit comes back too early, but
# has to take the 256 slots of every guest. The burst covers some 30 ms: dom0 is not always on a CPU when a token is due. Divided
# by SCALE, for guests to be faster than the NIC on the debug kernel, too.
slow_nic()
{
	local kbit=${1/mbit/000}
	kbit=$((${kbit%kbit} / ${SCALE:-1}))
	tc qdisc del dev "$NIC" root 2>/dev/null
	tc qdisc add dev "$NIC" root handle 1: tbf \
		rate $((kbit ? kbit : 1))kbit burst 32kb limit 4mb
	tc qdisc add dev "$NIC" parent 1:1 handle 10: pfifo limit "${2:-1000}"
}

# dom0_first: it mostly has the one CPU when it wants it, as where it has one of its own.
# Otherwise guests keep it from its NIC for 5 ms at times, and that is what CoDel drops for.
dom0_first()
{
	xl sched-credit2 -d 0 -w 2048
}

# fewer COUNT: of so many frames a SCALEth, but 1000 of them if there are, more than the
# slow NIC passes at once and a ring besides.
fewer()
{
	local least=$(($1 < 1000 ? $1 : 1000)) n=$(($1 / ${SCALE:-1}))
	echo $((n < least ? least : n))
}

fast_nic()
{
	tc qdisc del dev "$NIC" root 2>/dev/null
}

# nic_count sent|bytes|dropped|backlog: counters of the slow NIC's queue.
nic_count()
{
	local text
	text=$(tc -s qdisc show dev "$NIC" root)
	[[ $text =~ Sent\ ([0-9]+)\ bytes\ ([0-9]+)\ pkt\ \(dropped\ ([0-9]+), ]] || return
	case $1 in
	sent) echo "${BASH_REMATCH[2]}" ;;
	bytes) echo "${BASH_REMATCH[1]}" ;;
	dropped) echo "${BASH_REMATCH[3]}" ;;
	backlog) [[ $text =~ backlog\ [0-9a-zA-Z]+\ ([0-9]+)p ]] && echo "${BASH_REMATCH[1]}" ;;
	esac
}

# nic_watch_start, nic_watch_stop: the second sets nic_usec to the microseconds between
# the NIC's first and last frame since the first; a few alone are none of a flood's.
nic_watch_start()
{
	rm -f /run/nic_watch_end
	nic_watch >/run/nic_watch &
	nic_watch_pid=$!
}

nic_watch_stop()
{
	touch /run/nic_watch_end
	wait $nic_watch_pid
	read -r nic_usec </run/nic_watch
}

nic_watch()
{
	local before now start='' end=0
	read -r before <"/sys/class/net/$NIC/statistics/tx_packets"
	until [ -e /run/nic_watch_end ]; do
		read -r now <"/sys/class/net/$NIC/statistics/tx_packets"
		if [ $((now - before)) -ge 3 ]; then
			end=${EPOCHREALTIME/./}
			: "${start:=$end}"
		fi
		before=$now
		pause 0.01
	done
	echo $((end - start))
}

# pktgen_setup INTERFACE[@THREAD] SIZE COUNT [KEY=VALUE...]: lines for a shell that set
# pktgen up to send COUNT frames of SIZE bytes (without checksum) to nowhere as fast as it
# can; COUNT 0: until it is stopped.
pktgen_setup()
{
	local device=$1 thread=0 size=$2 count=$3 key
	shift 3
	[[ $device != *@* ]] || thread=${device#*@}
	echo 'modprobe -q pktgen; cd /proc/net/pktgen'
	echo "echo rem_device_all >kpktgend_$thread; echo add_device $device >kpktgend_$thread"
	for key in "count $count" "pkt_size $size" "delay 0" "dst_mac $next_hop_mac" \
		"dst $nowhere_ip" "udp_dst_min 9" "udp_dst_max 9" "${@/=/ }"; do
		echo "echo $key >$device"
	done
}

# pktgen AS PKTGEN_SETUP: and that have it do so, and print "sent N packets in U usec".
pktgen()
{
	pktgen_setup "$@"
	echo 'echo start >pgctrl'
	echo "sed -n 's/.*OK: \\([0-9]*\\)(.*) usec, \\([0-9]*\\) .*/sent \\2 packets in \\1 usec/p' $1"
}

# flood GUEST SIZE COUNT [KEY=VALUE...]: the guest's pktgen does so, until flood_stop.
flood()
{
	local guest=$1
	shift
	guest "$guest" "$(pktgen eth0 "$@")"
}

# in_demand GUEST INTERFACE QUEUES: each queue of it is used much, and has more frames underway
# than the static grants it has at first.
in_demand()
{
	local queue
	for ((queue = 0; queue < $3; queue++)); do
		guest "$1" "$(pktgen "$2" 60 2000 queue_map_min=$queue queue_map_max=$queue)"
	done
}

# sender SIZE ADDRESS MAC [COUNT]: a line for a guest's shell that sends COUNT frames of
# SIZE bytes, or frames without end, to ADDRESS, by way of MAC. Unlike pktgen it sleeps
# while it cannot send: the CPUs are free for what is under test, and virtual time is as
# long as the work. One socket cannot fill the queue of eth0, so nothing is dropped in the
# guest, but it can fill the ring: byte queue limits, which would keep no more underway
# than it takes to have the NIC busy, are set aside.
sender()
{
	local payload=$(($1 - 42)) # Ethernet, IP, UDP
	echo "ip neigh replace $2 lladdr $3 dev eth0 nud permanent
		[ -e /sys/class/net/eth0/queues/tx-1 ] ||
			tc qdisc replace dev eth0 root pfifo limit 1000
		for limit in /sys/class/net/eth0/queues/tx-*/byte_queue_limits/limit_min; do
			echo 1000000 >\$limit
		done
		${4:+timeout $((600 * ${PATIENCE:-1}))} socat -u -b $payload OPEN:/dev/zero${4:+,readbytes=$((payload * $4))} \
			UDP4-SENDTO:$2:9,sndbuf=${SNDBUF:-200000}"
}

# patient_flood GUEST SIZE COUNT [ADDRESS MAC]: COUNT frames by a sender, to nowhere
# unless told otherwise. Ends when the guest's NIC has sent, or given up, what its sockets
# gave it: "sent N packets". One that does not is given up after ten minutes: "sent N
# packets of M".
patient_flood()
{
	guest "$1" "
		# add_datagrams SIGN, add_frames SIGN: to sent, and to done, what there were so far
		add_datagrams()
		{
			local words n=0
			while read -r -a words; do
				[ \${words[0]} != Udp: ] || n=\${words[4]}
			done </proc/net/snmp
			sent=\$((sent \$1 n))
		}
		add_frames()
		{
			local what n
			for what in packets dropped errors; do
				read -r n </sys/class/net/eth0/statistics/tx_\$what
				done=\$((done \$1 n))
			done
		}
		exec {silent}<> <(:)
		sent=0 before=0
		add_datagrams -
		done=0
		add_frames -
		before=\$done
		$(sender "$2" "${4:-$nowhere_ip}" "${5:-$next_hop_mac}" "$3")
		add_datagrams +
		for ((i = 0; i < 6000; i++)); do
			done=\$before
			add_frames +
			[ \$done -lt \$sent ] || { echo sent \$sent packets; exit; }
			read -r -t 0.${PATIENCE:-1} -u \$silent
		done
		echo sent \$done packets of \$sent"
}

flood_stop()
{
	guest "$1" 'echo stop >/proc/net/pktgen/pgctrl'
}

# figures TEXT NAME...: what TEXT, as of ethtool -S, has for each.
figures()
{
	local text=$1 name
	shift
	for name; do
		[[ $text =~ [[:space:]]$name:\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
	done
}

# nic_frames: that the NIC has sent so far.
nic_frames()
{
	cat "/sys/class/net/$NIC/statistics/tx_packets"
}

# median: of the numbers it reads, a line each.
median()
{
	sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] + 0 }'
}

# stat VIF NAME...: counters of a backend interface, as ethtool -S shows them.
stat()
{
	figures "$(ethtool -S "$1")" "${@:2}"
}

# total VIF NAME: the same of all queues together; NAME without its "qN_".
total()
{
	local -A n
	counters "$1"
	echo "${n[$2]:-0}"
}

# counters VIF: fills the array n, of names without their qN_, with the sums over the
# queues; n[queues] is how many there are.
counters()
{
	local word name=
	n[queues]=0
	for word in $(ethtool -S "$1"); do
		case $word in
		q[0-9]*_*:) name=${word#*_} name=${name%:} ;;
		*:) name= ;;
		*) [ -z "$name" ] || n[$name]=$((${n[$name]:-0} + word))
			[ "$name" != f2b_free ] || n[queues]=$((n[queues] + 1))
			name= ;;
		esac
	done
}

# front_stat NAME...: as stat, of guest 1's end.
front_stat()
{
	figures "$(guest 1 ethtool -S eth0)" "$@"
}

# timed DESCRIPTION COMMAND...: as tap, of how fast something is. Skipped with the debug
# kernel: that would be judged.
timed()
{
	[ "${SCALE:-1}" != 1 ] || { tap "$@"; return; }
	tap "$1 # SKIP with the debug kernel" true
}

# on 0|GUEST LINE: run it in dom0 or in a guest.
on()
{
	if [ "$1" = 0 ]; then bash -c "$2"; else guest "$1" "$2"; fi
}

# datagrams COUNT ADDRESS: so many from dom0, each a flow of its own.
datagrams()
{
	local i
	for ((i = 0; i < $1; i++)); do
		echo . >"/dev/udp/$2/9"
	done
}

# await SECONDS COMMAND...: until COMMAND succeeds. PATIENCE times as long, if set, and in
# the end as rarely: for a slow kernel each look is work.
await()
{
	local end=$((SECONDS + $1 * ${PATIENCE:-1})) tenths=2
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || { echo "not within the time: $*"; "$@"; return 1; }
		pause $((tenths / 10)).$((tenths % 10))
		[ $tenths -ge $((2 * ${PATIENCE:-1})) ] || tenths=$((2 * tenths))
	done
}

# fails COMMAND...: for await and tap.
fails()
{
	! "$@"
}

nic_drained()
{
	[ "$(nic_count backlog)" = 0 ]
}

# all_free VIF: no credit is out, nothing posted is waiting.
all_free()
{
	local -A n
	counters "$1"
	show_credit
	((n[f2b_posted] == 0 && n[f2b_held] == 0))
}

# in_use VIF SLOTS: of the guest's slots so many are not free, and some of them in dom0.
in_use()
{
	local -A n
	counters "$1"
	show_credit
	((n[f2b_held] > 0 && n[f2b_posted] + n[f2b_held] >= $2))
}

# live: how many packets are in dom0, parked or not, by the array n.
live()
{
	local name live=${n[f2b_holds]}
	for name in "${!n[@]}"; do
		[[ $name != f2b_end_* ]] || live=$((live - n[$name]))
	done
	echo "$live"
}

# live_holds VIF: how many of the guest's there are now.
live_holds()
{
	local -A n
	counters "$1"
	live
}

# show_credit: what says who has the slots, of the array n.
show_credit()
{
	local name
	for name in "${!n[@]}"; do
		case $name in
		f2b_free|f2b_posted|f2b_held|f2b_held_high|f2b_slots|f2b_answered|\
		f2b_holds|f2b_parked|f2b_end_*|f2b_ledger_invalid)
			printf '%s: %s ' "${name#f2b_}" "${n[$name]}" ;;
		esac
	done
	echo
}

# accounts_right VIF: at rest, every slot was answered once and every hold has ended.
# Run the backend with check_ledger=1: it then proved the same at every poll.
accounts_right()
{
	await 10 balanced "$1"
}

# front_intree GUEST: the in-tree driver in the place of ours, as after an uninstall.
front_intree()
{
	guest "$1" 'echo vif-0 >/sys/bus/xen/drivers/netfront/unbind && rmmod netfront &&
		modprobe xen-netfront && sleep 1 && /etc/lab/net-up'
}

# reader_start KIND WHICH: a program that reads on, and counts in /run/read. The file is
# empty until the program has what it reads from.
reader_start()
{
	: >/run/read
	/run/reader "$@" >/run/read 2>/run/complaint &
	reader=$!
	await 20 grep -q . /run/read
}

has_read()
{
	cat /run/read
}

# balanced VIF: so in one reading; not when a stray frame came in the middle of it.
balanced()
{
	local -A n
	counters "$1"
	show_credit
	((n[queues] && n[f2b_free] == 256 * n[queues] && $(live) == 0 &&
		n[f2b_slots] == n[f2b_answered] && n[f2b_ledger_invalid] == 0))
}

# number_is WHAT VALUE OPERATOR LIMIT: compare and say so; numbers may have decimals.
number_is()
{
	echo "$1: $2, wanted $3 $4"
	if [[ $2 =~ ^-?[0-9]+$ && $4 =~ ^-?[0-9]+$ ]]; then
		let "$2 $3 $4"
	else
		awk -v v="$2" -v l="$4" "BEGIN { exit !(v $3 l) }"
	fi
}

# flood_start GUEST SIZE [ADDRESS MAC]: a sender in the background, to nowhere unless
# told otherwise, under way on return. It goes on until flood_end GUEST, whenever there
# is an eth0. Not within tap: the flood is a child of the caller.
flood_start()
{
	local before
	before=$(stat "$(vif "$1")" q0_f2b_packets)
	guest "$1" "touch /run/flooding
		while [ -e /run/flooding ]; do
			[ -e /sys/class/net/eth0 ] && /etc/lab/net-up &&
			$(sender "$2" "${3:-$nowhere_ip}" "${4:-$next_hop_mac}")
			sleep 0.3
		done" >"/run/flooded$1" 2>&1 &
	flood_pid[$1]=$!
	await 30 at_least $((before + 10)) stat "$(vif "$1")" q0_f2b_packets
}

flood_end()
{
	guest "$1" 'rm /run/flooding; pkill socat'
	wait "${flood_pid[$1]}"
}

# rises N COMMAND...: the number COMMAND prints rises by N soon.
rises()
{
	local goal=$1
	shift
	await 30 at_least $((goal + $("$@"))) "$@"
}

at_least()
{
	local n
	n=$("${@:2}")
	echo "$n, wanted $1"
	[ "$n" -ge "$1" ]
}

# answers GUEST: it answers dom0, to small and large packets.
answers()
{
	await 20 ping -q -c 1 -W 5 10.0.0.$((10 + $1)) &&
		await 20 ping -q -c 2 -i 0.2 -W 5 -s 1400 10.0.0.$((10 + $1))
}

# eth0_detach, eth0_attach [KEY=VALUE...]: guest 1's interface is unplugged, until it is
# gone, and plugged again, as the lab has it but for what is given.
eth0_detach()
{
	xl network-detach guest1 0 && await 10 fails [ -e "/sys/class/net/$VIF1" ]
}

eth0_attach()
{
	xl network-attach guest1 mac=00:16:3e:00:00:0b script=vif-bridge bridge=xenbr0 "$@"
}

# guest_carrier 0|1: what eth0 of guest 1 shows.
guest_carrier()
{
	number_is carrier "$(guest 1 cat /sys/class/net/eth0/carrier)" == "$1"
}

# kbit VIF SECONDS: rate of the guest's frames from now on.
kbit()
{
	local bytes now start usec counter=/sys/class/net/$1/statistics/rx_bytes
	read -r bytes <"$counter"
	start=${EPOCHREALTIME/./}
	sleep "$2"
	read -r now <"$counter"
	usec=$((${EPOCHREALTIME/./} - start))
	echo $(((now - bytes) * 8000 / usec))
}

# kbit_is VIF KBIT: so it is for four seconds, within 15 %.
kbit_is()
{
	local got
	got=$(kbit "$1" 4)
	number_is "kbit/s" "$got" '>=' $(($2 * 85 / 100)) &&
		number_is "kbit/s" "$got" '<=' $(($2 * 115 / 100))
}

# ledger_right VIF: check_ledger has found no error so far.
ledger_right()
{
	number_is "errors check_ledger found" "$(total "$1" f2b_ledger_invalid)" == 0
}

# dmesg_has TEXT: dom0's kernel has said so; prints the lines.
dmesg_has()
{
	dmesg | grep -F "$1"
}

# users: of netback; each device is one, and each queue until its last packet is gone.
users()
{
	cat /sys/module/netback/refcnt
}

users_are()
{
	number_is "users of the module" "$(users)" == "$1"
}

# guest_gone: nothing of guest 1 is left, neither its domain, nor the remains of one.
guest_gone()
{
	xl list
	! xl list | grep -qE 'guest1|\(null\)'
}

# vif_online: what the hotplug script does, for guest 1's interface that libxl knows
# already, after its backend was bound again.
vif_online()
{
	await 10 [ -e "/sys/class/net/$VIF1" ] &&
		ip link set "$VIF1" master xenbr0 && ip link set "$VIF1" up &&
		xenstore-write "backend/vif/$(xl domid guest1)/0/hotplug-status" connected
}
