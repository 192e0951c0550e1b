# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of the scenarios of XDP in netfront.

# xdp_front_in_lab BACK: with ours, on the machine of xdp-back.t, which need not boot again.
xdp_front_in_lab()
{
	local more=()
	make -s -C tests/programs || exit 1
	[ "$1" = intree ] || more=(--guests 2 --back-param check_ledger=1)
	{
		echo "BACK=$1"
		[ "$1" = intree ] || echo guest_destroy 2
		cat tests/scenario/xdp.sh tests/scenario/xdp-front.sh
	} | in_lab --topology bridge --back "$1" --file build/programs/xdp "${more[@]}"
}
