// SPDX-License-Identifier: GPL-2.0
#include "toeplitz.h"

u32 toeplitz(const u8 key[TOEPLITZ_KEY_SIZE], const u8 *input, u32 len)
{
	/* Its upper half is the 32 key bits that belong to the next bit. */
	u64 window = 0;
	u32 i, bit, hash = 0;

	for (i = 0; i < 4; i++)
		window = window << 8 | key[i];
	for (i = 0; i < len; i++) {
		window = window << 8 | key[i + 4];
		for (bit = 0; bit < 8; bit++)
			if (input[i] & 0x80 >> bit)
				hash ^= (u32)(window >> (8 - bit));
	}
	return hash;
}
