/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Receive side scaling, as a guest has set it with control messages: which of
 * its queues a frame goes to, and the hash that is sent with it. Pure.
 */
#ifndef NETBACK_RSS_H
#define NETBACK_RSS_H

#include <xennet/hash.h>
#include "toeplitz.h"

/* Entries a guest's table of queues may have. */
#define RSS_MAP_MAX	128u
/* Most bytes of a page that a control message names. */
#define RSS_BYTES_MAX	(RSS_MAP_MAX * sizeof(u32))

/**
 * struct rss - settings of a guest; zeroed: it has made none
 * @algorithm: enum xennet_hash_algorithm
 * @types: what is hashed, bits of enum xennet_hash_type
 * @nr_map: entries of @map in use; 0: the hash itself chooses the queue
 * @key: key of the hash
 * @map: queues, each of those the guest has
 *
 * Changed by one writer, read beside it without a lock: each member is a byte
 * that is good by itself, and a frame that is hashed in the middle of a change
 * goes to a queue of before or of afterwards.
 */
struct rss {
	u8 algorithm;
	u8 types;
	u8 nr_map;
	u8 key[TOEPLITZ_KEY_SIZE];
	u8 map[RSS_MAP_MAX];
};

/**
 * struct rss_flow - what of a frame can be hashed
 * @types: enum xennet_hash_type it is of, as bits; 0: nothing
 * @tuple: source and destination address, then source and destination port,
 *	as they are in the frame
 */
struct rss_flow {
	u8 types;
	u8 tuple[TOEPLITZ_INPUT_MAX];
};

/**
 * rss_bytes() - how much of the page it names does a message need?
 * @rss: settings
 * @req: the message, in private memory
 *
 * Return: bytes, 0 to RSS_BYTES_MAX; 0 as well when rss_obey() will refuse it.
 */
u32 rss_bytes(const struct rss *rss, const struct ctrl_request *req);

/**
 * rss_obey() - do what a control message asks, or refuse it
 * @rss: settings; unchanged when it is refused
 * @req: the message, in private memory
 * @bytes: the rss_bytes() bytes, in private memory; NULL: could not be had
 * @nr_queues: queues of the guest, at most 256
 * @rsp: what to answer
 *
 * Statuses as xen/io/netif.h has them. NOT_SUPPORTED: a message of another
 * type; types of hash asked for or set before there is an algorithm.
 * BUFFER_OVERFLOW: a key longer than TOEPLITZ_KEY_SIZE, more entries in one
 * message than RSS_MAP_MAX. INVALID_PARAMETER: all else that cannot be.
 */
void rss_obey(struct rss *rss, const struct ctrl_request *req, const u8 *bytes,
	      u32 nr_queues, struct ctrl_response *rsp);

/**
 * rss_on() - does the guest want frames hashed?
 * @rss: settings
 *
 * Return: true if it does.
 */
static inline bool rss_on(const struct rss *rss)
{
	return READ_ONCE(rss->algorithm) != XENNET_HASH_NONE &&
	       READ_ONCE(rss->types);
}

/**
 * rss_hash() - hash a frame
 * @rss: settings
 * @flow: the frame's
 * @hash: result, XENNET_HASH_NONE when there is nothing to hash
 */
void rss_hash(const struct rss *rss, const struct rss_flow *flow,
	      struct xennet_hash *hash);

/**
 * rss_queue() - queue of a frame
 * @rss: settings
 * @value: its hash, 0 if it has none
 * @nr_queues: queues of the guest, at least 1
 *
 * Return: number of the queue.
 */
u32 rss_queue(const struct rss *rss, u32 value, u32 nr_queues);

#endif /* NETBACK_RSS_H */
