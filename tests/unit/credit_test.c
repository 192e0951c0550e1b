// SPDX-License-Identifier: GPL-2.0
/* How much may be under way, and what is parked, on ways out of every kind. */
#include "way_out.h"

/* A NIC behind pfifo; what a scene has otherwise follows. */
#define NIC(mbit, bytes)						\
	.rings = 1, .len = { bytes, bytes, bytes, bytes,		\
			     bytes, bytes, bytes, bytes },		\
	.kbit = (mbit) * 1000, .burst = 32768, .limit = 1000,		\
	.lasts = 3 * SEC

static const u32 sizes[] = { 60, 600, 1400 };
static const u32 rates[] = { 1, 8, 40, 400 };

/* The queues users have, with their own limits. */
static struct scene with_queue(struct scene s, const char *name)
{
	s.fair = !strcmp(name, "fq") || !strcmp(name, "sfq") ||
		 !strcmp(name, "fq_codel");
	s.codel = !strcmp(name, "codel") || !strcmp(name, "fq_codel");
	if (!strcmp(name, "fq"))
		s.flow_limit = 100;
	if (!strcmp(name, "sfq"))
		s.limit = 127;
	return s;
}

static const char * const queues[] = { "pfifo", "fq", "sfq", "codel", "fq_codel" };

static u32 five_ms(const struct scene *s)
{
	return max(s->kbit * 5 / 8, 3 * s->len[0]);
}

static void show(const char *name, const struct scene *s, const struct outcome *o)
{
	print_message("# %s, %u kbit/s, %u rings, %u bytes: ", name, s->kbit,
		      s->rings, s->len[0]);
	print_message("used %u, shares %u %u %u, ", o->used, o->share[0],
		      o->share[1], o->share[2]);
	print_message("dropped %u, standing %u, parked %u\n", o->dropped,
		      o->standing, o->parked[0]);
}

static void loses_nothing(const char *name, const struct scene *s)
{
	struct outcome o = play(s);

	show(name, s, &o);
	assert_int_equal(o.dropped, 0);
	assert_int_equal(o.parked[0], 0);
	assert_in_range(o.used, 980, 1010);
	if (s->rings == 1)
		assert_in_range(o.standing, 0, five_ms(s));
}

static void one_ring(void **state)
{
	u32 q, r, l;

	(void)state;
	for (q = 0; q < ARRAY_SIZE(queues); q++)
		for (r = 0; r < ARRAY_SIZE(rates); r++)
			for (l = 0; l < ARRAY_SIZE(sizes); l++) {
				struct scene s = with_queue((struct scene) {
					NIC(rates[r], sizes[l]) }, queues[q]);

				/* The CPU sends no more of these. */
				if (rates[r] / sizes[l] < 1)
					loses_nothing(queues[q], &s);
			}
}

static void three_rings(void **state)
{
	u32 q, l;

	(void)state;
	for (q = 0; q < ARRAY_SIZE(queues); q++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = with_queue((struct scene) {
				NIC(40, sizes[l]) }, queues[q]);

			s.rings = 3;
			s.joins[1] = 100 * MSEC;
			s.joins[2] = 300 * MSEC;
			loses_nothing(queues[q], &s);
		}
}

/* More than the slots of a ring hold, where frames are short. */
static void behind_a_delay(void **state)
{
	u32 r, l;

	(void)state;
	for (r = 1; r < 3; r++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(rates[r], sizes[l]), .delay = 20 * MSEC,
			};
			struct outcome o = play(&s);

			show("delay", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.used, 980, 1010);
		}
}

/* Longer than it takes to call a frame parked. */
static void behind_a_long_delay(void **state)
{
	static const u32 delays[] = { 40, 80 };
	u32 d, r, l;

	(void)state;
	for (d = 0; d < ARRAY_SIZE(delays); d++)
		for (r = 1; r < 3; r++)
			for (l = 1; l < ARRAY_SIZE(sizes); l++) {
				struct scene s = {
					NIC(rates[r], sizes[l]),
					.delay = delays[d] * MSEC,
				};
				struct outcome o;

				s.lasts = 20 * SEC;
				o = play(&s);
				show("long delay", &s, &o);
				assert_int_equal(o.dropped, 0);
				assert_in_range(o.used, 900, 1010);
				assert_in_range(o.wait, 0, 210 * MSEC);
			}
}

/* Only so many fit on the way: then slots are the bound, as if none were lent. */
static void delay_has_a_limit(void **state)
{
	static const u32 mbit[] = { 40, 1000 };
	u32 r, l;

	(void)state;
	for (r = 0; r < ARRAY_SIZE(mbit); r++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(mbit[r], sizes[l]), .delay = 20 * MSEC,
				.delay_limit = 1000,
			};
			struct outcome o = play(&s);
			u32 slots = RING_SLOTS * sizes[l] * 8 / 20 / mbit[r];

			show("delay limit", &s, &o);
			assert_in_range(o.dropped, 0, 500);
			assert_in_range(o.used, min(slots, 1000u) * 9 / 10, 1010);
		}
}

/*
 * A frame that meets a filter is no full queue, and one that is lost is no flood of them: a
 * guest whose TCP keeps few frames in the ring has its slots back as before.
 */
static void one_goes_astray(void **state)
{
	static const u64 each[] = { 0, 100, 500, 1000 };
	u32 i, l;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(each); i++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(40, sizes[l]), .delay = 20 * MSEC, .slots = 4,
				.filtered = each[i] * MSEC,
			};
			struct outcome o;

			if (!each[i])
				s.lost_at = SEC;
			s.lasts = 10 * SEC;
			o = play(&s);
			show("astray", &s, &o);
			assert_in_range(o.used, 900, 1010);
		}
}

/*
 * Full before a millisecond stands there, by one guest or, as in fq, by each of three: what
 * it refuses tells, be that one frame after the other or each sixteenth.
 */
static void short_queue(void **state)
{
	static const struct { u32 mbit, len, limit; } ways[] = {
		{ 16, 60, 20 }, { 40, 100, 32 }, { 60, 60, 100 }, { 75, 60, 64 },
		{ 75, 600, 10 }, { 150, 200, 64 }, { 400, 600, 64 }, { 1000, 1400, 64 },
	};
	u32 i, r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		for (r = 1; r <= 3; r += 2) {
			struct scene s = { NIC(ways[i].mbit, ways[i].len) };
			struct outcome o;

			s.fair = true;
			s.flow_limit = ways[i].limit;
			s.rings = r;
			s.lasts = 10 * SEC;
			o = play(&s);
			show("short queue", &s, &o);
			assert_in_range(o.dropped, 0, 700 * r);
			assert_in_range(o.used, 980, 1010);
		}
}

/* A frame filtered now and then is no reason to overlook a short queue. */
static void short_queue_and_filter(void **state)
{
	static const u64 each[] = { 0, 10, 100, 1000, 2000 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(each); i++) {
		struct scene s = {
			NIC(50, 60), .fair = true, .flow_limit = 64,
			.filtered = each[i] * MSEC,
		};
		struct outcome o;

		s.lasts = 20 * SEC;
		o = play(&s);
		show("short queue, filter", &s, &o);
		assert_in_range(o.dropped, 0, 1000);
		assert_in_range(o.used, 980, 1010);
	}
}

/* A filter is no short queue: neither does it cost a pipe its filling nor a guest its share. */
static void filtered(void **state)
{
	static const u64 each[] = { 50, 200, 400, 1000, 20000 };
	u32 i, d, r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(each); i++)
		for (d = 0; d <= 2; d++)
			for (r = 1; r <= 2; r++) {
				struct scene s = {
					NIC(100, 1400), .delay = d * MSEC,
					.filtered = each[i] * USEC,
				};
				struct outcome o;

				s.rings = r;
				s.lasts = 10 * SEC;
				o = play(&s);
				show("filtered", &s, &o);
				assert_in_range(o.used, 950, 1010);
				if (r == 2 && !d)
					assert_in_range(o.share[0], 400, 600);
			}
}

/* sfq has room for 127 frames of all: a short frame's floor is then its own. */
static void four_in_sfq(void **state)
{
	static const u32 mbit[] = { 8, 16, 40 };
	u32 r, l;

	(void)state;
	for (r = 0; r < ARRAY_SIZE(mbit); r++)
		for (l = 0; l < 2; l++) {
			struct scene s = with_queue((struct scene) {
				NIC(mbit[r], sizes[l]) }, "sfq");
			struct outcome o;

			s.rings = 4;
			s.len[0] = 1400;
			o = play(&s);
			show("sfq, four", &s, &o);
			assert_in_range(o.dropped, 0, 2500);
			assert_in_range(o.used, 980, 1010);
		}
}

static void interrupts_moderated(void **state)
{
	u32 l;

	(void)state;
	for (l = 0; l < ARRAY_SIZE(sizes); l++) {
		struct scene s = {
			NIC(40, sizes[l]), .moderation = 250 * USEC,
		};

		s.burst = 1600;
		loses_nothing("moderation", &s);
	}
}

/* Shares of two that differ in the size of their frames, whoever came first. */
static void even_shares(void **state)
{
	static const u32 pairs[][2] = {
		{ 1400, 60 }, { 60, 1400 }, { 600, 1400 }, { 1400, 600 },
	};
	u32 i, r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		for (r = 1; r < 3; r++) {
			struct scene s = { NIC(rates[r], 0) };
			struct outcome o;

			s.rings = 2;
			s.len[0] = pairs[i][0];
			s.len[1] = pairs[i][1];
			s.joins[1] = 500 * MSEC;
			o = play(&s);
			show("shares", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.share[0], 400, 600);
		}
}

/* One of them sends frames of 64 kB: the other's get a share that can be seen. */
static void beside_gso(void **state)
{
	static const u32 others[] = { 600, 1400 };
	u32 q, l, mbit;

	(void)state;
	for (q = 0; q < ARRAY_SIZE(queues); q++)
		for (l = 0; l < ARRAY_SIZE(others); l++)
			for (mbit = 40; mbit <= 1000; mbit *= 5) {
				struct scene s = with_queue((struct scene) {
					NIC(mbit, 65000) }, queues[q]);
				struct outcome o;

				/* The CPU sends no more of these. */
				if (mbit > others[l])
					continue;
				s.rings = 2;
				s.burst = 70000;
				s.len[1] = others[l];
				s.joins[1] = 500 * MSEC;
				o = play(&s);
				show(queues[q], &s, &o);
				assert_in_range(o.share[1], 200, 600);
				/*
				 * CoDel wants none to stand as long as one of 64 kB
				 * takes, and fq and sfq have little room for others.
				 */
				assert_in_range(o.dropped, 0,
						s.fair || s.codel ? 200 : 0);
			}
}

/*
 * A frame of many takes long, and then others have their turn: what stands behind both is
 * no stall, for hours.
 */
static void gso_on_a_slow_nic(void **state)
{
	static const u32 mbit[] = { 8, 16 };
	u32 r, l;

	(void)state;
	for (r = 0; r < ARRAY_SIZE(mbit); r++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = { NIC(mbit[r], 32000) };
			struct outcome o;

			s.rings = 2;
			s.burst = 70000;
			s.len[1] = sizes[l];
			s.joins[1] = 300 * MSEC;
			s.lasts = 20 * SEC;
			o = play(&s);
			show("GSO", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.used, 950, 1010);
		}
}

/* A slow NIC always gets on: nothing of it is parked for long. */
static void slow_nics(void **state)
{
	static const u32 kbit[] = { 400, 250, 128 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kbit); i++) {
		struct scene s = { NIC(0, 600) };
		struct outcome o;

		s.kbit = kbit[i];
		s.lasts = 20 * SEC;
		o = play(&s);
		show("slow", &s, &o);
		assert_int_equal(o.dropped, 0);
		assert_in_range(o.used, 980, 1010);
		/* Before its pace is known, or nothing of it. */
		assert_in_range(o.parked[0], 0, 1000);
	}
}

/* One that pauses each second: what stands before it has been lent, and no more follows. */
static void nic_pauses(void **state)
{
	u32 r, l;

	(void)state;
	for (r = 0; r < 3; r++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(rates[r], sizes[l]), .stands_at = SEC,
				.stands_each = SEC, .stands_for = 60 * MSEC,
			};
			struct outcome o;

			s.lasts = 20 * SEC;
			o = play(&s);
			show("pauses", &s, &o);
			assert_int_equal(o.dropped, 0);
		}
}

/* A frame of several segments takes a third of park_ms, and then it is the other's turn. */
static void long_turns(void **state)
{
	static const u32 len[][2] = { { 4000, 60 }, { 8000, 600 } };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(len); i++) {
		struct scene s = { NIC(i + 1, len[i][0]) };
		struct outcome o;

		s.rings = 2;
		s.len[1] = len[i][1];
		s.burst = len[i][0] + 100;
		s.joins[1] = 300 * MSEC;
		s.lasts = 20 * SEC;
		o = play(&s);
		show("turns", &s, &o);
		assert_int_equal(o.dropped, 0);
	}
}

/*
 * The NIC's bucket passes a ring at once, and looks fast. What then stands in its queue is
 * older than any deadline, and still no more follows.
 */
static void bucket_runs_dry(void **state)
{
	static const u32 kbit[] = { 100, 250, 1000 };
	u32 i, l;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kbit); i++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = { NIC(0, sizes[l]) };
			struct outcome o;

			/* Where none ends for 12 ms, some are parked. */
			if (sizes[l] * 8 > kbit[i] * 12)
				continue;
			s.kbit = kbit[i];
			s.limit = 300;
			s.moderation = MSEC;
			s.lasts = 20 * SEC;
			o = play(&s);
			show("bucket", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.standing, 0, 3 * max(sizes[l], 160));
			assert_in_range(o.used, 980, 1010);
		}
}

/*
 * Long frames on a fast way, then short ones on a slow one: all slots are less than a
 * quarter of the window there was, and yet it is cut.
 */
static void way_changes(void **state)
{
	u32 q, r;

	(void)state;
	for (q = 0; q < ARRAY_SIZE(queues); q++)
		for (r = 0; r < 3; r++) {
			struct scene s = with_queue((struct scene) {
				NIC(rates[r], 60) }, queues[q]);
			struct outcome o;

			s.before_len = 1400;
			s.before_kbit = 2000000;
			s.before = SEC;
			s.lasts = 8 * SEC;
			o = play(&s);
			show("changed", &s, &o);
			assert_in_range(o.standing, 0, 5000);
			/* Once, where it changes. */
			assert_in_range(o.dropped, 0, 15000);
		}
}

/*
 * Of a driver domain that has no CPU for a while, nothing is taken for parked, and enough is
 * at the NIC for as long, if it is not too long.
 */
static void cpu_comes_and_goes(void **state)
{
	static const u32 gone[] = { 5, 10, 25 };
	u32 g, r, l;

	(void)state;
	for (g = 0; g < ARRAY_SIZE(gone); g++)
		for (r = 1; r < 3; r++)
			for (l = 0; l < ARRAY_SIZE(sizes); l++) {
				struct scene s = {
					NIC(rates[r], sizes[l]),
					.cpu_gone = gone[g] * MSEC,
				};
				struct outcome o = play(&s);

				show("cpu", &s, &o);
				assert_int_equal(o.dropped, 0);
				assert_in_range(o.parked[0], 0, 10);
				if (gone[g] <= 10)
					assert_in_range(o.used, 970, 1010);
			}
}

/* Some frames end nowhere: the others keep their rate, and none waits. */
static void some_are_parked(void **state)
{
	static const u32 percent[] = { 1, 5, 30, 80 };
	u32 i, l;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(percent); i++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(8, sizes[l]), .parked[0] = percent[i],
			};
			struct outcome o = play(&s);

			show("parked", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.wait, 0, 90 * MSEC);
			/* There are not slots enough for so many short ones. */
			if (percent[i] < 80 || sizes[l] > 60)
				assert_in_range(o.used, 900, 1010);
		}
}

/* Each that is parked has the oldest one dropped: none of that is the way's. */
static void parked_are_pushed_out(void **state)
{
	static const u32 percent[] = { 5, 30, 50 };
	u32 i, l;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(percent); i++)
		for (l = 1; l < ARRAY_SIZE(sizes); l++) {
			struct scene s = {
				NIC(8, sizes[l]), .parked[0] = percent[i], .stuck = 64,
			};
			struct outcome o = play(&s);

			show("pushed", &s, &o);
			assert_int_equal(o.dropped, 0);
			assert_in_range(o.wait, 0, 110 * MSEC);
			assert_in_range(o.used, 900, 1010);
		}
}

/* All of a flood ends nowhere: it goes on, as fast as slots come back. */
static void all_are_parked(void **state)
{
	struct scene s = { NIC(8, 1400), .parked[0] = 100 };
	struct outcome o;

	(void)state;
	s.lasts = 80 * MSEC;
	o = play(&s);
	show("flood", &s, &o);
	assert_true(o.parked[0] > 256);
	assert_in_range(o.wait, 0, 30 * MSEC);
}

/* The NIC stands still: the ring does not. */
static void nic_stands_still(void **state)
{
	struct scene s = {
		NIC(8, 1400), .stands_at = SEC, .stands_for = 2 * SEC,
	};
	struct outcome o;

	(void)state;
	s.limit = 100000;
	o = play(&s);
	show("pause", &s, &o);
	assert_in_range(o.wait, 0, 50 * MSEC);
	assert_true(o.parked[0] > 256);
}

/* A frame that ends in its own poll teaches nothing, and bounds nothing for long. */
static void local_receiver(void **state)
{
	static struct credit_host host;
	struct credit_frame frames[64];
	struct credit c;
	u64 now = 5 * SEC;
	u32 poll, n = 0, i;

	(void)state;
	credit_init(&c, &host);
	for (poll = 0; poll < 20; poll++, now += USEC) {
		for (n = 0; n < ARRAY_SIZE(frames) && credit_allows(&c); n++)
			credit_begin(&c, &frames[n], 60, now);
		for (i = 0; i < n; i++)
			credit_end(&c, &frames[i], now, true);
		credit_settle(&c, now);
	}
	assert_int_equal(n, ARRAY_SIZE(frames));
	assert_int_equal(c.underway, 0);
}

/* A reader takes a frame now and then: none is kept for long for that. */
static void slow_reader(void **state)
{
	static const u32 every[] = { 20, 40, 90 };
	static struct credit_frame frames[4096];
	static struct credit_host host;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(every); i++) {
		u32 begun = 0, read = 0, most = 0, slots = 256, ms, k;
		bool answered[4096] = {};
		struct credit_frame *p;
		struct credit c;

		credit_init(&c, &host);
		for (ms = 5000; ms < 25000; ms++) {
			u64 now = ms * MSEC;

			if (ms > 5020 && ms % every[i] == 0 && read < begun) {
				credit_end(&c, &frames[read], now, false);
				slots += !answered[read++];
				credit_settle(&c, now);
			}
			if (ms % 4 == 0 && c.underway) {
				credit_tick(&c, now, 0);
				while ((p = credit_park(&c, now, TICKS_MOST))) {
					answered[p - frames] = true;
					slots++;
				}
			}
			while (slots && begun - read < 500 && credit_allows(&c)) {
				slots--;
				credit_begin(&c, &frames[begun], 1400, now);
				answered[begun] = frames[begun].lent;
				slots += answered[begun++];
			}
			for (k = read; k < begun; k++)
				if (!answered[k])
					most = max(most, (u32)(now - frames[k].since) /
						   (u32)MSEC);
		}
		print_message("# a frame each %u ms: one was kept for %u ms\n",
			      every[i], most);
		assert_in_range(most, 0, 112);
	}
}

/* One that pauses as well, and a NIC for the others: no ring is silent for long. */
static void reader_pauses(void **state)
{
	static const struct { u32 len, percent; u64 each, pause, period; } to[] = {
		{ 600, 100, 20, 30, 100 }, { 600, 100, 5, 50, 200 },
		{ 1400, 100, 20, 1000, 3000 }, { 1400, 5, 5, 1000, 3000 },
		{ 20000, 50, 20, 500, 2000 }, { 20000, 50, 5, 1000, 3000 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(to); i++) {
		struct scene s = {
			NIC(40, to[i].len), .parked[0] = to[i].percent, .stuck = 500,
			.read_each = to[i].each * MSEC, .read_not = to[i].pause * MSEC,
			.read_period = to[i].period * MSEC,
		};
		struct outcome o;

		s.lasts = 20 * SEC;
		o = play(&s);
		show("reader", &s, &o);
		print_message("# silent for %u ms\n", (u32)(o.wait / MSEC));
		assert_in_range(o.wait, 0, 210 * MSEC);
	}
}

/* More frames than numbers, that teach nothing: then others are judged as ever. */
static void numbers_wrap(void **state)
{
	static struct credit_host host;
	struct credit_frame frame;
	struct credit c;
	u64 now = SEC;

	(void)state;
	credit_init(&c, &host);
	credit_begin(&c, &frame, 60, now);
	credit_end(&c, &frame, now + MSEC, false);
	credit_settle(&c, now + MSEC);
	c.seq += 0x90000000u;
	credit_begin(&c, &frame, 60, now + 2 * MSEC);
	credit_tick(&c, now, 0);
	assert_null(credit_park(&c, now + 60 * MSEC, TICKS_MOST));
	credit_end(&c, &frame, now + 60 * MSEC, false);
	assert_true(c.round.done);
}

/*
 * Eight rings share a NIC, and each waits for its turn: that is no stall. Nor is it where a
 * bucket has passed a ring of each, and then the first one's frames go before the others'.
 */
static void many_rings(void **state)
{
	static const u32 kbit[] = { 1000, 2000, 10000, 100000 };
	u32 i, l, r;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kbit); i++)
		for (l = 0; l < ARRAY_SIZE(sizes); l++)
			for (r = 3; r <= 8; r += 5) {
				struct scene s = { NIC(0, sizes[l]) };
				struct outcome o;

				/* A frame of each in park_ms, and what the CPU sends. */
				if (r * sizes[l] * 8 > kbit[i] * 50 ||
				    kbit[i] > sizes[l] * 800)
					continue;
				s.rings = r;
				s.kbit = kbit[i];
				s.limit = r * RING_SLOTS + 40;
				s.lasts = 10 * SEC;
				o = play(&s);
				show("many", &s, &o);
				assert_int_equal(o.dropped, 0);
				assert_in_range(o.standing, 0,
						max(3 * r * max(sizes[l], 384),
						    kbit[i] * 5 / 8));
				assert_in_range(o.used, 980, 1010);
			}
}

/* Frames begin, end, are lent and parked in any order: each is answered once. */
static void any_order(void **state)
{
	static struct credit_host host;
	static struct credit_frame frames[512];
	bool live[512] = {}, answered[512] = {};
	u32 counted, round, i, times[2] = {}, lent = 0;
	bool is_long;
	struct credit_frame *p;
	struct credit c;
	u64 now = SEC;

	(void)state;
	credit_init(&c, &host);
	for (round = 0; round < 200000; round++) {
		i = rnd_below(ARRAY_SIZE(frames));
		/* A long way that is not filled, half of the time; it stands still at times. */
		is_long = round % 20000 < 10000;
		now += rnd_below(is_long ? 200 * USEC : USEC);
		if (rnd_one_in(1000))
			now += 120 * MSEC;
		if (!live[i] && !(is_long && c.underway) && credit_allows(&c)) {
			credit_begin(&c, &frames[i], rnd_range(1, 65535), now);
			/* Not all that may go back do. */
			frames[i].lent = frames[i].lent && !rnd_one_in(4);
			answered[i] = frames[i].lent;
			lent += answered[i];
			live[i] = true;
		} else if (live[i] && rnd_one_in(3)) {
			credit_end(&c, &frames[i], now, false);
			credit_settle(&c, now);
			live[i] = false;
		}
		if (rnd_one_in(50)) {
			credit_tick(&c, now, 0);
			while ((p = credit_park(&c, now, TICKS_MOST))) {
				i = p - frames;
				assert_true(live[i] && !answered[i]);
				answered[i] = true;
				times[!p->counts]++;
			}
		}
		for (counted = i = 0; i < ARRAY_SIZE(frames); i++)
			counted += frames[i].counts ? frames[i].len : 0;
		assert_int_equal(c.underway, counted);
	}
	assert_true(times[0] && times[1] && lent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_ring),
		cmocka_unit_test(three_rings),
		cmocka_unit_test(behind_a_delay),
		cmocka_unit_test(behind_a_long_delay),
		cmocka_unit_test(delay_has_a_limit),
		cmocka_unit_test(one_goes_astray),
		cmocka_unit_test(short_queue),
		cmocka_unit_test(short_queue_and_filter),
		cmocka_unit_test(filtered),
		cmocka_unit_test(four_in_sfq),
		cmocka_unit_test(interrupts_moderated),
		cmocka_unit_test(even_shares),
		cmocka_unit_test(beside_gso),
		cmocka_unit_test(gso_on_a_slow_nic),
		cmocka_unit_test(slow_nics),
		cmocka_unit_test(nic_pauses),
		cmocka_unit_test(long_turns),
		cmocka_unit_test(bucket_runs_dry),
		cmocka_unit_test(way_changes),
		cmocka_unit_test(cpu_comes_and_goes),
		cmocka_unit_test(some_are_parked),
		cmocka_unit_test(parked_are_pushed_out),
		cmocka_unit_test(all_are_parked),
		cmocka_unit_test(nic_stands_still),
		cmocka_unit_test(local_receiver),
		cmocka_unit_test(slow_reader),
		cmocka_unit_test(reader_pauses),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(many_rings),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
