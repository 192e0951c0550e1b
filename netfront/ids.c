// SPDX-License-Identifier: GPL-2.0
/* Names of the f2b requests on their way. */
#include "ids.h"

static_assert(XENNET_RING_SIZE - 1 <= 0xff, "ids fit the stack's bytes");

static void note_high(struct ids *ids)
{
	u32 now = ids_outstanding(ids);

	if (now > ids->high)
		ids->high = now;
}

void ids_init(struct ids *ids)
{
	u32 i;

	memset(ids, 0, sizeof(*ids));
	ids->nr_free = XENNET_RING_SIZE;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		ids->free[i] = XENNET_RING_SIZE - 1 - i;
}

u16 ids_take(struct ids *ids)
{
	u16 id;

	if (!ids->nr_free || ids_outstanding(ids) >= XENNET_RING_SIZE)
		return IDS_NONE;
	id = ids->free[--ids->nr_free];
	ids->posted[id] = true;
	note_high(ids);
	return id;
}

enum xennet_reason ids_put(struct ids *ids, u16 id)
{
	if (!ids_is_posted(ids, id))
		return XENNET_BAD_ID;
	ids->posted[id] = false;
	ids->free[ids->nr_free++] = id;
	return XENNET_OK;
}

bool ids_take_extra(struct ids *ids)
{
	if (ids_outstanding(ids) >= XENNET_RING_SIZE)
		return false;
	ids->extras++;
	note_high(ids);
	return true;
}

enum xennet_reason ids_put_extra(struct ids *ids)
{
	if (!ids->extras)
		return XENNET_BAD_ID;
	ids->extras--;
	return XENNET_OK;
}

bool ids_is_valid(const struct ids *ids, u32 outstanding)
{
	bool seen[XENNET_RING_SIZE] = { false };
	u32 i, posted = 0;

	if (ids->nr_free > XENNET_RING_SIZE)
		return false;
	for (i = 0; i < ids->nr_free; i++) {
		u8 id = ids->free[i];

		if (seen[id] || ids->posted[id])
			return false;
		seen[id] = true;
	}
	for (i = 0; i < XENNET_RING_SIZE; i++)
		posted += ids->posted[i];
	return posted + ids->nr_free == XENNET_RING_SIZE &&
	       ids_outstanding(ids) == outstanding &&
	       outstanding <= XENNET_RING_SIZE && ids->high >= outstanding;
}
