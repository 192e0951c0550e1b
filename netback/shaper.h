/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token bucket behind the toolstack's "rate=" key. Pure.
 *
 * The key gives an allowance of bytes for each period of microseconds
 * (xl-network-configuration(5)). Tokens accrue continuously, so traffic is
 * even within a period; the bucket holds one allowance, at least
 * SHAPER_BURST_MIN bytes. A frame that is cut into segments can be longer than
 * that on the wire: it passes when the bucket is full, and leaves a debt.
 */
#ifndef NETBACK_SHAPER_H
#define NETBACK_SHAPER_H

#include <xennet/types.h>

/* Bytes: two of the longest packets. */
#define SHAPER_BURST_MIN	(128u * 1024)

/**
 * struct shaper - one bucket
 * @bytes: allowance per period; with @usec 0: unlimited
 * @usec: period in microseconds
 * @tokens: bytes that may pass, in units of 1 byte * @usec (no rounding)
 * @debt: bytes that passed ahead of their time, in the same units; @tokens is
 *	0 until it is paid
 * @stamp: microseconds, when @tokens was brought up to date
 */
struct shaper {
	u32 bytes;
	u32 usec;
	u64 tokens;
	u64 debt;
	u64 stamp;
};

/**
 * shaper_set() - set or change the rate; a full bucket at first
 * @s: bucket, zeroed before its first use
 * @bytes: allowance per period, bytes
 * @usec: period, microseconds; 0, or @bytes of U32_MAX: unlimited
 * @now: monotonic microseconds
 *
 * On a change tokens saved up are kept, cut to the new bucket size, or what
 * is owed.
 * An allowance of 0 bytes lets nothing pass.
 */
void shaper_set(struct shaper *s, u32 bytes, u32 usec, u64 now);

/**
 * shaper_take() - may a frame pass?
 * @s: bucket
 * @len: bytes of the frame on the wire, at most 2^20
 * @now: monotonic microseconds, not before an earlier call's
 *
 * Return: 0: yes, its tokens are taken; else the microseconds after which
 * to ask again (at least 1, at most 1 000 000), nothing is taken.
 */
u32 shaper_take(struct shaper *s, u32 len, u64 now);

#endif /* NETBACK_SHAPER_H */
