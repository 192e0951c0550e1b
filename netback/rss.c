// SPDX-License-Identifier: GPL-2.0
#include "rss.h"

#define TYPES_ALL	((1u << XENNET_HASH_TYPES) - 1)

/* Bytes of struct rss_flow.tuple that are hashed. */
static const u8 tuple_len[XENNET_HASH_TYPES] = {
	[XENNET_HASH_IPV4]	= 8,
	[XENNET_HASH_IPV4_TCP]	= 12,
	[XENNET_HASH_IPV6]	= 32,
	[XENNET_HASH_IPV6_TCP]	= 36,
};

static u32 judge_key(const struct ctrl_request *req)
{
	return req->data[1] > TOEPLITZ_KEY_SIZE ? XENNET_CTRL_BUFFER_OVERFLOW :
						  XENNET_CTRL_SUCCESS;
}

/* The sum of length and offset cannot wrap: the length is small by then. */
static u32 judge_map(const struct rss *rss, const struct ctrl_request *req)
{
	u32 len = req->data[1], first = req->data[2];

	if (len > RSS_MAP_MAX)
		return XENNET_CTRL_BUFFER_OVERFLOW;
	if (first > rss->nr_map || len > rss->nr_map - first)
		return XENNET_CTRL_INVALID_PARAMETER;
	return XENNET_CTRL_SUCCESS;
}

u32 rss_bytes(const struct rss *rss, const struct ctrl_request *req)
{
	switch (req->type) {
	case XENNET_CTRL_SET_HASH_KEY:
		return judge_key(req) ? 0 : req->data[1];
	case XENNET_CTRL_SET_HASH_MAP:
		return judge_map(rss, req) ? 0 : req->data[1] * sizeof(u32);
	default:
		return 0;
	}
}

static u32 set_algorithm(struct rss *rss, u32 algorithm)
{
	if (algorithm != XENNET_HASH_NONE && algorithm != XENNET_HASH_TOEPLITZ)
		return XENNET_CTRL_INVALID_PARAMETER;
	WRITE_ONCE(rss->algorithm, algorithm);
	return XENNET_CTRL_SUCCESS;
}

static u32 set_types(struct rss *rss, u32 types)
{
	if (rss->algorithm == XENNET_HASH_NONE)
		return XENNET_CTRL_NOT_SUPPORTED;
	if (types & ~TYPES_ALL)
		return XENNET_CTRL_INVALID_PARAMETER;
	WRITE_ONCE(rss->types, types);
	return XENNET_CTRL_SUCCESS;
}

static u32 get_types(const struct rss *rss, u32 *types)
{
	if (rss->algorithm == XENNET_HASH_NONE)
		return XENNET_CTRL_NOT_SUPPORTED;
	*types = TYPES_ALL;
	return XENNET_CTRL_SUCCESS;
}

static u32 set_key(struct rss *rss, const struct ctrl_request *req,
		   const u8 *bytes)
{
	u32 len = req->data[1], status = judge_key(req);

	if (status)
		return status;
	if (!bytes)
		return XENNET_CTRL_INVALID_PARAMETER;
	memcpy(rss->key, bytes, len);
	memset(rss->key + len, 0, TOEPLITZ_KEY_SIZE - len);
	return XENNET_CTRL_SUCCESS;
}

static u32 set_map_size(struct rss *rss, u32 entries)
{
	if (entries > RSS_MAP_MAX)
		return XENNET_CTRL_INVALID_PARAMETER;
	memset(rss->map, 0, sizeof(rss->map));
	WRITE_ONCE(rss->nr_map, entries);
	return XENNET_CTRL_SUCCESS;
}

static u32 set_map(struct rss *rss, const struct ctrl_request *req,
		   const u8 *bytes, u32 nr_queues)
{
	u32 i, len = req->data[1], status = judge_map(rss, req);
	u32 entry[RSS_MAP_MAX];

	if (status)
		return status;
	if (!bytes)
		return XENNET_CTRL_INVALID_PARAMETER;
	memcpy(entry, bytes, len * sizeof(entry[0]));
	for (i = 0; i < len; i++)
		if (entry[i] >= nr_queues)
			return XENNET_CTRL_INVALID_PARAMETER;
	for (i = 0; i < len; i++)
		WRITE_ONCE(rss->map[req->data[2] + i], entry[i]);
	return XENNET_CTRL_SUCCESS;
}

static u32 obey(struct rss *rss, const struct ctrl_request *req,
		const u8 *bytes, u32 nr_queues, u32 *data)
{
	switch (req->type) {
	case XENNET_CTRL_SET_HASH_ALGORITHM:
		return set_algorithm(rss, req->data[0]);
	case XENNET_CTRL_GET_HASH_FLAGS:
		return get_types(rss, data);
	case XENNET_CTRL_SET_HASH_FLAGS:
		return set_types(rss, req->data[0]);
	case XENNET_CTRL_SET_HASH_KEY:
		return set_key(rss, req, bytes);
	case XENNET_CTRL_GET_HASH_MAP_SIZE:
		*data = RSS_MAP_MAX;
		return XENNET_CTRL_SUCCESS;
	case XENNET_CTRL_SET_HASH_MAP_SIZE:
		return set_map_size(rss, req->data[0]);
	case XENNET_CTRL_SET_HASH_MAP:
		return set_map(rss, req, bytes, nr_queues);
	default:
		return XENNET_CTRL_NOT_SUPPORTED;
	}
}

void rss_obey(struct rss *rss, const struct ctrl_request *req, const u8 *bytes,
	      u32 nr_queues, struct ctrl_response *rsp)
{
	*rsp = (struct ctrl_response) { .id = req->id, .type = req->type };
	rsp->status = obey(rss, req, bytes, nr_queues, &rsp->data);
}

/* The higher number of two that fit is the one with ports. */
void rss_hash(const struct rss *rss, const struct rss_flow *flow,
	      struct xennet_hash *hash)
{
	u32 types = READ_ONCE(rss->types) & flow->types;
	u8 type = XENNET_HASH_TYPES;

	*hash = (struct xennet_hash) { .algorithm = XENNET_HASH_NONE };
	if (!types)
		return;
	do
		type--;
	while (!(types & 1u << type));
	hash->algorithm = XENNET_HASH_TOEPLITZ;
	hash->type = type;
	hash->value = toeplitz(rss->key, flow->tuple, tuple_len[type]);
}

u32 rss_queue(const struct rss *rss, u32 value, u32 nr_queues)
{
	u32 nr_map = READ_ONCE(rss->nr_map);

	return nr_map ? READ_ONCE(rss->map[value % nr_map]) : value % nr_queues;
}
