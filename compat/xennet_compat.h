/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included ahead of every source file: refuses kernels nobody has tried.
 *
 * Differences between the kernels inside the range belong in overlay headers beside
 * this file (compat/linux/..., compat/net/...), which #include_next the real header
 * and add what it lacks, so that the sources are written for the newest kernel. They
 * test for the symbol where they can, for the version only where they cannot: stable
 * kernels carry backports. What no preprocessor sees, names of functions and members,
 * is looked for in the kernel's headers by Kbuild, which defines XENNET_HAVE_name.
 */
#ifndef XENNET_COMPAT_H
#define XENNET_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "xennet needs Linux 6.1 or newer"
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0)
#error "xennet has not been ported to kernels newer than Linux 7.3"
#endif

#ifdef __KERNEL__
#ifndef CONFIG_64BIT
#error "xennet has not been tried on 32-bit kernels"
#endif

#ifdef CONFIG_CPU_BIG_ENDIAN
#error "xennet has not been tried on big-endian kernels"
#endif

#if defined(CONFIG_ARM64_16K_PAGES) || defined(CONFIG_ARM64_64K_PAGES) || \
	defined(CONFIG_PAGE_SIZE_16KB) || defined(CONFIG_PAGE_SIZE_64KB)
#error "xennet needs pages of 4 KiB, as the protocol's are"
#endif
#endif /* __KERNEL__ */

#endif /* XENNET_COMPAT_H */
