/* SPDX-License-Identifier: GPL-2.0 */
/* The hash of receive side scaling. Pure. */
#ifndef NETBACK_TOEPLITZ_H
#define NETBACK_TOEPLITZ_H

#include <xennet/types.h>

/* Bytes of the longest input: two IPv6 addresses, two ports. */
#define TOEPLITZ_INPUT_MAX	36u
/* Bytes of a key: input bit n takes the 32 bits from key bit n on. */
#define TOEPLITZ_KEY_SIZE	(TOEPLITZ_INPUT_MAX + 4)

/**
 * toeplitz() - hash some bytes
 * @key: the key; a shorter one is filled up with zeros
 * @input: the bytes, in the order of the network
 * @len: how many, at most TOEPLITZ_INPUT_MAX
 *
 * Return: the hash.
 */
u32 toeplitz(const u8 key[TOEPLITZ_KEY_SIZE], const u8 *input, u32 len);

#endif /* NETBACK_TOEPLITZ_H */
