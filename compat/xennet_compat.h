/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included ahead of every source file: refuses kernels nobody has tried.
 *
 * Differences between the kernels inside the range belong in overlay headers beside
 * this file (compat/linux/..., compat/net/...), which #include_next the real header
 * and add what it lacks. They test for the symbol where they can, for the version
 * only where they cannot: stable kernels carry backports.
 */
#ifndef XENNET_COMPAT_H
#define XENNET_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "xennet needs Linux 6.1 or newer"
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#error "xennet has not been ported to kernels newer than Linux 7.2"
#endif

#endif /* XENNET_COMPAT_H */
