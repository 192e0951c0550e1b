/* SPDX-License-Identifier: GPL-2.0 */
/* The hash that travels with a frame, to and from its extra. Pure. */
#ifndef XENNET_HASH_H
#define XENNET_HASH_H

#include <xennet/wire.h>

/**
 * struct xennet_hash - the hash of a frame
 * @algorithm: enum xennet_hash_algorithm; XENNET_HASH_NONE: there is none
 * @type: enum xennet_hash_type
 * @value: the hash
 */
struct xennet_hash {
	u8 algorithm;
	u8 type;
	u32 value;
};

/**
 * xennet_hash_to_extra() - write the extra of a hash
 * @hash: the hash
 * @extra: result; its flags are the caller's
 */
static inline void xennet_hash_to_extra(const struct xennet_hash *hash,
					struct xennet_extra *extra)
{
	u32 i;

	extra->type = XENNET_EXTRA_HASH;
	extra->hash.type = hash->type;
	extra->hash.algorithm = hash->algorithm;
	for (i = 0; i < sizeof(extra->hash.value); i++)
		extra->hash.value[i] = hash->value >> 8 * i;
}

/**
 * xennet_hash_from_extra() - read an extra of type XENNET_EXTRA_HASH
 * @extra: private copy of the peer's words
 * @hash: result; XENNET_HASH_NONE when algorithm or type are not known here
 */
static inline void xennet_hash_from_extra(const struct xennet_extra *extra,
					  struct xennet_hash *hash)
{
	u32 i;

	*hash = (struct xennet_hash) { .algorithm = XENNET_HASH_NONE };
	if (extra->hash.algorithm != XENNET_HASH_TOEPLITZ ||
	    extra->hash.type >= XENNET_HASH_TYPES)
		return;
	hash->algorithm = extra->hash.algorithm;
	hash->type = extra->hash.type;
	for (i = 0; i < sizeof(extra->hash.value); i++)
		hash->value |= (u32)extra->hash.value[i] << 8 * i;
}

/**
 * xennet_hash_has_ports() - does a hash tell connections apart?
 * @hash: a hash that is there
 *
 * Return: true when ports went into it, false when it is of addresses only.
 */
static inline bool xennet_hash_has_ports(const struct xennet_hash *hash)
{
	return hash->type == XENNET_HASH_IPV4_TCP ||
	       hash->type == XENNET_HASH_IPV6_TCP;
}

#endif /* XENNET_HASH_H */
