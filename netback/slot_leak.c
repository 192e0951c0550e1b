// SPDX-License-Identifier: GPL-2.0
/* Kernels that lose guests' slots: slot_leak.h says which way. */
#include <xennet/text.h>
#include "slot_leak.h"

/* Series that were still cared for; those that came after have it from the start. */
static const struct slot_leak series[] = {
	{ .major = 6, .minor = 1,  .fixed = 176 },
	{ .major = 6, .minor = 6,  .fixed = 142 },
	{ .major = 6, .minor = 12, .fixed = 92 },
	{ .major = 6, .minor = 18, .fixed = 34 },
	{ .major = 7, .minor = 0,  .fixed = 11 },
};

/* Reads "x.y.z", or "x.y" with a z of 0. */
static bool read_version(const char *s, u32 v[3])
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		u64 number;

		if (i && *s++ != '.')
			break;
		if (text_u64(&s, U32_MAX, &number))
			return false;
		v[i] = number;
	}
	return i >= 2;
}

/**
 * slot_leak_of() - what is known of a kernel
 * @release: as uname -r has it
 * @version: as uname -v has it. Debian says there which release of a series it
 *	is, and may say .0 in @release
 *
 * Return: what is known; of a release that says nothing, that it does not leak.
 */
struct slot_leak slot_leak_of(const char *release, const char *version)
{
	static const char debian[] = " Debian ";
	const char *at = strstr(version, debian);
	struct slot_leak leak = { 0 };
	u32 v[3] = { 0 };
	unsigned int i;

	if (!(at && read_version(at + sizeof(debian) - 1, v)) &&
	    !read_version(release, v))
		return leak;
	leak.major = v[0];
	leak.minor = v[1];
	for (i = 0; i < ARRAY_SIZE(series); i++)
		if (series[i].major == v[0] && series[i].minor == v[1])
			leak.fixed = series[i].fixed;
	leak.leaks = leak.fixed ? v[2] < leak.fixed : v[0] < 7;
	return leak;
}
