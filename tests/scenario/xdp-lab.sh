# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of the scenarios of XDP in netfront.

# xdp_front_in_lab BACK
xdp_front_in_lab()
{
	local check=
	make -s -C tests/xdp || exit 1
	[ "$1" = intree ] || check=check_ledger=1
	{
		echo "BACK=$1"
		cat tests/scenario/xdp.sh tests/scenario/xdp-front.sh
	} | in_lab --topology bridge --back "$1" --file build/xdp/xdp ${check:+--back-param "$check"}
}
