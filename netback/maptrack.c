// SPDX-License-Identifier: GPL-2.0
/*
 * How many pages of others Xen lets this domain map: gnttab_max_maptrack_frames,
 * read from the hypervisor's file system, of which the kernel's headers have
 * nothing. What it looks like is said in Xen's public header hypfs.h; that a
 * mapping takes 16 bytes of a frame, in its grant_table.c.
 */
#include <asm/xen/hypercall.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "grant.h"

#define MAPTRACK_PATH	"/params/gnttab_max_maptrack_frames"
#define FRAME_MAPS	(PAGE_SIZE / 16)

#ifdef CONFIG_X86
enum {
	HYPFS_OP	= 42,	/* number of the hypercall */
	HYPFS_READ	= 1,
	HYPFS_STRING	= 2,
	HYPFS_PLAIN	= 0,
};

/**
 * struct hypfs_file - what reading one gives
 * @type: HYPFS_STRING
 * @encoding: HYPFS_PLAIN
 * @pad: 0
 * @len: bytes of @text
 * @max_write: of no matter here
 * @text: the content
 */
struct hypfs_file {
	u8 type;
	u8 encoding;
	u16 pad;
	u32 len;
	u32 max_write;
	char text[20];
};

/* Xen's answer is one to dom0 only, and not of every Xen. */
static u32 maptrack_frames(void)
{
	static const char path[] = MAPTRACK_PATH;
	struct hypfs_file file = {};
	u32 frames;

	if (xen_single_call(HYPFS_OP, HYPFS_READ, (unsigned long)path,
			    sizeof(path), (unsigned long)&file, sizeof(file)))
		return 0;
	if (file.type != HYPFS_STRING || file.encoding != HYPFS_PLAIN ||
	    file.len > sizeof(file.text) ||
	    strnlen(file.text, sizeof(file.text)) == sizeof(file.text))
		return 0;
	return kstrtou32(file.text, 10, &frames) ? 0 : frames;
}
#else
static u32 maptrack_frames(void)
{
	return 0;
}
#endif

/**
 * grant_maps_max() - how many pages of others this domain may map
 *
 * Context: any.
 *
 * Return: pages, of disks and consoles as well; 0: it cannot be told.
 */
u32 grant_maps_max(void)
{
	return min_t(u64, (u64)maptrack_frames() * FRAME_MAPS, U32_MAX);
}
