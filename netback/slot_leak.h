/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernels that lose guests' slots. Pure.
 *
 * Where a device behind the bridge merges received frames (GRO: veth with a program, or
 * told to), skb_gro_receive() took a frame's head over without ending the ubuf on it
 * (CVE-2026-46323). Nobody ends such a hold any more: its slots come back when it is
 * parked, its memory and the module's reference never.
 */
#ifndef NETBACK_SLOT_LEAK_H
#define NETBACK_SLOT_LEAK_H

#include <xennet/types.h>

/**
 * struct slot_leak - what is known of a kernel
 * @leaks: it loses slots
 * @major: its series, x.y
 * @minor: likewise
 * @fixed: release of that series that has the fix, 0: none
 */
struct slot_leak {
	bool leaks;
	u32 major;
	u32 minor;
	u32 fixed;
};

struct slot_leak slot_leak_of(const char *release, const char *version);

#endif /* NETBACK_SLOT_LEAK_H */
