# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091
#
# parked.sh in a lab machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# parked_lab route|bridge [OPTION...]
parked_lab()
{
	local topology=$1 cases
	shift
	case $topology in
	route) cases="fragments fragments6 neighbour scan tun packet nfqueue wireguard pause" ;;
	bridge) cases="tap macvtap fragments pause paused dripping" ;;
	esac
	make -s -C tests/programs || exit 1
	{
		echo "CASES='$cases'"
		embed build/programs/reader
		cat tests/scenario/parked.sh
	} | in_lab --topology "$topology" --guests 2 --back-param check_ledger=1 "$@"
}
