# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What scenarios with two queues share, in dom0, behind dom0.sh.

front=/local/domain/$(xl domid guest1)/device/vif/0

# again: guest 1's interface is unplugged and plugged.
again()
{
	eth0_detach
	eth0_attach
	await 30 guest 1 /etc/lab/net-up
}

# spread_start SIZE [COUNT]: COUNT frames of SIZE bytes, or frames without end, from each
# of the guest's two CPUs to nowhere, in the background. Not within tap.
spread_start()
{
	local cpu
	spread=()
	for cpu in 0 1; do
		guest 1 "taskset $((1 << cpu)) bash -c '$(sender "$1" "$nowhere_ip" \
			"$next_hop_mac" "${2-}")'" &
		spread+=($!)
	done
}

spread_end()
{
	guest 1 pkill socat
	wait "${spread[@]}"
}

# spread_flood SIZE COUNT: such a flood, to its end. Sets sent to how many frames it had.
spread_flood()
{
	spread_start "$1" "$2"
	wait "${spread[@]}"
	await 60 all_free "$VIF1"
	sent=$(($2 * 2))
}

# both_rise NAME LINE COMMAND...: what COMMAND prints for q0_NAME and for q1_NAME rises
# while LINE runs.
both_rise()
{
	local name=$1 line=$2 before=() after=()
	shift 2
	mapfile -t before < <("$@" "q0_$name" "q1_$name")
	$line || return 1
	mapfile -t after < <("$@" "q0_$name" "q1_$name")
	number_is "q0_$name" $((after[0] - before[0])) '>=' 3 &&
		number_is "q1_$name" $((after[1] - before[1])) '>=' 3
}

# stream_start FROM: a slow TCP stream in the background from dom0 (0) or
# guest 1 (1) to the other, until stream_end FROM. Not within tap.
stream_start()
{
	local from=$1 to=$((1 - $1)) address=(10.0.0.1 10.0.0.11)
	rm -f "/run/enough$from"
	guest 1 rm -f "/run/enough$from"
	on $to "timeout 600 socat -u TCP4-LISTEN:600$from,reuseaddr STDOUT | sha256sum" \
		>"/run/received$from" &
	receiver[from]=$!
	on "$from" "while [ ! -e /run/enough$from ]; do
			head -c 20000 /dev/urandom
			sleep 0.3
		done | tee >(sha256sum >/run/sum$from) |
		socat -u STDIN TCP4:${address[to]}:600$from,retry=100,interval=0.1" &
	transmitter[from]=$!
}

stream_end()
{
	on "$1" "touch /run/enough$1"
	wait "${transmitter[$1]}"
	sent_status[$1]=$?
	wait "${receiver[$1]}"
	on "$1" "cat /run/sum$1" >"/run/sum_of$1"
}

# stream_whole FROM: it went on to its end, and every byte arrived.
stream_whole()
{
	echo "sender's status ${sent_status[$1]}"
	cat "/run/sum_of$1" "/run/received$1"
	[ "${sent_status[$1]}" = 0 ] && cmp "/run/sum_of$1" "/run/received$1"
}
