# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# XDP programs, in dom0 (0) or a guest, by the loader of tests/programs.

# xdp_on WHERE INTERFACE ACTION [OTHER]: attached on return. Not within tap: the loader is
# a child of the caller.
xdp_on()
{
	local where=$1
	shift
	: >"/run/xdp$where"
	on "$where" "exec /root/in/xdp $*" >"/run/xdp$where" 2>&1 &
	xdp_pid[where]=$!
	await 20 grep -q attached "/run/xdp$where" || cat "/run/xdp$where"
}

# xdp_off WHERE: sets seen to how many frames its program saw.
xdp_off()
{
	on "$1" 'pkill -x -TERM xdp'
	wait "${xdp_pid[$1]}"
	seen=$(awk '$1 == "seen" { print $2 }' "/run/xdp$1")
}

# mark NAME COMMAND...: what COMMAND prints now, for risen.
mark()
{
	marked[$1]=$("${@:2}")
}

# risen NAME COMMAND...: by how much what COMMAND prints has risen since mark.
risen()
{
	echo $(($("${@:2}") - marked[$1]))
}

# transfer FROM MB: by TCP, from dom0 (0) or guest 1 (1) to the other; every byte compared.
transfer()
{
	local from=$1 to=$((1 - $1)) address=(10.0.0.1 10.0.0.11)
	on $to "timeout 300 socat -u -b 131072 TCP4-LISTEN:5000,reuseaddr STDOUT | sha256sum" \
		>/run/received &
	on "$from" "head -c ${2}M /dev/urandom >/tmp/data
		socat -u -b 131072 /tmp/data TCP4:${address[to]}:5000,retry=100,interval=0.1
		sha256sum </tmp/data" >/run/sent || return 1
	wait $!
	cat /run/sent /run/received
	cmp /run/sent /run/received
}
