/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one shim of the pure files: integer types, single-copy accesses and the
 * barriers two Xen domains need between them. In the kernel these come from
 * the kernel; in user space (unit tests, fuzzers) from the compiler.
 */
#ifndef XENNET_TYPES_H
#define XENNET_TYPES_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/barrier.h>

/* The peer runs on another CPU even when this kernel was built without SMP. */
#define xennet_mb()	virt_mb()
#define xennet_rmb()	virt_rmb()
#define xennet_wmb()	virt_wmb()

#else

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <assert.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;

#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)

#define xennet_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define xennet_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define xennet_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define clamp(x, a, b)	min(max(x, a), b)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif /* __KERNEL__ */
#endif /* XENNET_TYPES_H */
