# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# For tests/bench/profile, behind workloads.sh: PROFILE, a workload, without end almost.
# The samples are taken from the line it prints on.

modprobe pktgen
guest 1 modprobe pktgen
cat /proc/xen/xensyms >/out/xensyms
cat /proc/kallsyms >/out/dom0syms
guest 1 cat /proc/kallsyms >/out/guestsyms
[ "$PROFILE" != fwd-60 ] || make_router
echo sample now
"${PROFILE//-/_}"
