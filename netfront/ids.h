/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of the f2b requests on their way. Pure.
 *
 * Every outstanding ring slot is either a data slot, which has an id of its
 * own, or an extra, which has none: posted + extras = req_prod - rsp_cons,
 * always. A response that would break this is found here, so ids cannot run
 * out before the ring does. The caller serialises all calls on one table.
 */
#ifndef NETFRONT_IDS_H
#define NETFRONT_IDS_H

#include <xennet/reason.h>
#include <xennet/wire.h>

/* Returned by ids_take() when all are posted; no valid id. */
#define IDS_NONE	XENNET_RING_SIZE

/**
 * struct ids - which ids are free, which posted
 * @nr_free: entries of @free
 * @extras: outstanding slots that hold an extra
 * @high: most slots ever outstanding since ids_init(), extras included
 * @free: stack of free ids
 * @posted: whether an id is posted; free otherwise
 */
struct ids {
	u16 nr_free;
	u16 extras;
	u16 high;
	u8 free[XENNET_RING_SIZE];
	bool posted[XENNET_RING_SIZE];
};

/**
 * ids_init() - all ids free, no extras
 * @ids: the table
 */
void ids_init(struct ids *ids);

/**
 * ids_outstanding() - ring slots the table accounts for
 * @ids: the table
 *
 * Return: posted ids plus extras.
 */
static inline u32 ids_outstanding(const struct ids *ids)
{
	return XENNET_RING_SIZE - ids->nr_free + ids->extras;
}

/**
 * ids_is_posted() - is this id waiting for its response?
 * @ids: the table
 * @id: any value, as a peer may have written it
 *
 * Return: false as well for values no id can have.
 */
static inline bool ids_is_posted(const struct ids *ids, u16 id)
{
	return id < XENNET_RING_SIZE && ids->posted[id];
}

/**
 * ids_take() - name a data slot
 * @ids: the table
 *
 * Return: an id, now posted, or IDS_NONE with nothing changed when no id is
 * free or XENNET_RING_SIZE slots are outstanding.
 */
u16 ids_take(struct ids *ids);

/**
 * ids_put() - take an id back that was answered
 * @ids: the table
 * @id: from the response, not trusted
 *
 * Return: XENNET_OK, or XENNET_BAD_ID with nothing changed when the id is
 * not posted.
 */
enum xennet_reason ids_put(struct ids *ids, u16 id);

/**
 * ids_take_extra() - account for a slot that holds an extra
 * @ids: the table
 *
 * Return: false with nothing changed when XENNET_RING_SIZE slots are
 * outstanding.
 */
bool ids_take_extra(struct ids *ids);

/**
 * ids_put_extra() - an extra was answered (XENNET_RSP_NULL)
 * @ids: the table
 *
 * Return: XENNET_OK, or XENNET_BAD_ID with nothing changed when no extra is
 * outstanding.
 */
enum xennet_reason ids_put_extra(struct ids *ids);

/**
 * ids_is_valid() - does the table hold together?
 * @ids: the table
 * @outstanding: req_prod - rsp_cons of the ring it belongs to
 *
 * Return: true when the stack holds every free id once and nothing else, and
 * posted ids and extras add up to @outstanding.
 */
bool ids_is_valid(const struct ids *ids, u32 outstanding);

#endif /* NETFRONT_IDS_H */
