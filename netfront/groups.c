// SPDX-License-Identifier: GPL-2.0
#include "groups.h"

void groups_reset(struct groups *g)
{
	g->listed.nr = 0;
	g->refused = false;
	g->busy = false;
}

static bool same(const struct mcast *a, const struct mcast *b)
{
	return a->nr == b->nr &&
	       !memcmp(a->addr, b->addr, a->nr * sizeof(a->addr[0]));
}

void groups_want(struct groups *g, const struct mcast *wanted, bool all)
{
	if (g->all == all && same(&g->wanted, wanted))
		return;
	g->wanted = *wanted;
	g->all = all;
	g->refused = false;
}

/* First address of @list that @other lacks; NULL when it has them all. */
static const u8 *missing(const struct mcast *list, const struct mcast *other)
{
	u32 i;

	for (i = 0; i < list->nr; i++)
		if (!mcast_has(other, list->addr[i]))
			return list->addr[i];
	return NULL;
}

bool groups_next(const struct groups *g, struct groups_change *change)
{
	const u8 *addr;

	if (g->busy || g->all || g->refused)
		return false;
	addr = missing(&g->listed, &g->wanted);
	change->add = !addr;
	if (!addr)
		addr = missing(&g->wanted, &g->listed);
	if (!addr)
		return false;
	memcpy(change->addr, addr, sizeof(change->addr));
	return true;
}

/* From here on an address that is to be taken out may be gone. */
void groups_asked(struct groups *g, const struct groups_change *change)
{
	g->change = *change;
	g->busy = true;
	if (!change->add)
		mcast_del(&g->listed, change->addr);
}

/* One that cannot be taken out is not there: that is as good. */
void groups_answered(struct groups *g, bool done)
{
	if (!g->busy)
		return;
	g->busy = false;
	if (!g->change.add)
		return;
	if (!done)
		g->refused = mcast_has(&g->wanted, g->change.addr);
	else
		mcast_add(&g->listed, g->change.addr);
}

bool groups_are_listed(const struct groups *g)
{
	return !g->all && !missing(&g->wanted, &g->listed);
}
