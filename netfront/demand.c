// SPDX-License-Identifier: GPL-2.0
#include "demand.h"

static void begin_span(struct demand *d, u32 used, u32 now)
{
	d->since = now;
	d->used = used;
}

bool demand_note(struct demand *d, u32 used, u32 now)
{
	if (now - d->since >= DEMAND_SPAN_MS) {
		begin_span(d, used, now);
		return false;
	}
	if (used - d->used < DEMAND_SLOTS)
		return false;
	begin_span(d, used, now);
	d->quiet = 0;
	WRITE_ONCE(d->on, true);
	return true;
}

bool demand_lasts(struct demand *d, u32 used, u32 now)
{
	if (now - d->since < DEMAND_SPAN_MS)
		return true;
	d->quiet = used - d->used < DEMAND_SLOTS ? d->quiet + 1 : 0;
	begin_span(d, used, now);
	if (d->quiet < DEMAND_SPANS)
		return true;
	WRITE_ONCE(d->on, false);
	return false;
}
