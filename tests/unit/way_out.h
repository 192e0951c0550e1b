/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver domain in miniature, to run credit.c in: rings that always have a frame to
 * send, one CPU that hands frames over, and one way out: a delay, a queue, and a NIC
 * behind a token bucket. Events in virtual time.
 */
#ifndef WAY_OUT_H
#define WAY_OUT_H

#include <math.h>
#include "netback/core/credit.h"
#include "unit.h"

#define RINGS_MAX	8u
#define RING_SLOTS	256u
#define FRAMES_MAX	(1u << 18)
#define EVENTS_MAX	(1u << 16)
#define POLL_BUDGET	64u
#define TICKS_MOST	25u
#define USEC		1000ull
#define MSEC		(1000 * USEC)
#define SEC		(1000 * MSEC)
/* CoDel's two times, RFC 8289. */
#define CODEL_TARGET	(5 * MSEC)
#define CODEL_INTERVAL	(100 * MSEC)

/**
 * struct scene - what happens
 * @rings: how many send
 * @len: bytes of a frame, by ring
 * @joins: when they start
 * @parked: percent of their frames that do not get there
 * @stuck: parked frames that there is room for, then the oldest is dropped; 0: any number
 * @read_each: nanoseconds between two parked frames that are read, and where there is no
 *	room the newest is refused; 0: none is read
 * @read_period, @read_not: nanoseconds, and those of them in which none is read
 * @kbit: what the NIC sends a second
 * @burst: bytes it sends at once after a pause
 * @limit: frames that its queue holds
 * @flow_limit: frames of one ring's; 0: no such limit
 * @fair: rings take turns
 * @codel: frames that stood too long are dropped
 * @delay: nanoseconds each frame takes before it gets there
 * @delay_limit: frames that may be on their way there; 0: any number
 * @moderation: nanoseconds between two interrupts that report frames sent
 * @before_len, @before_kbit, @before: bytes of a frame, and rate, until so late
 * @filtered: nanoseconds between two frames that meet a filter; 0: none does
 * @lost_at: the first frame from then on never ends; 0: none
 * @slots: of a ring; 0: RING_SLOTS
 * @stands_at, @stands_for: a pause of the NIC, once or, with @stands_each, each so often
 * @cpu_gone: nanoseconds of each 50 ms in which nothing runs in the driver domain
 * @lasts: how long it all takes
 */
struct scene {
	u32 rings;
	u32 len[RINGS_MAX];
	u64 joins[RINGS_MAX];
	u32 parked[RINGS_MAX];
	u32 stuck;
	u64 read_each;
	u64 read_period;
	u64 read_not;
	u32 kbit;
	u32 burst;
	u32 limit;
	u32 flow_limit;
	bool fair;
	bool codel;
	u64 delay;
	u32 delay_limit;
	u64 moderation;
	u32 before_len;
	u32 before_kbit;
	u64 before;
	u64 filtered;
	u64 lost_at;
	u32 slots;
	u64 stands_at;
	u64 stands_for;
	u64 stands_each;
	u64 cpu_gone;
	u64 lasts;
};

/**
 * struct outcome - what came of it, without its first quarter
 * @used: permille of the NIC's rate
 * @dropped: frames, from the beginning
 * @standing: median of the bytes that stood in the queue
 * @share: permille of all bytes, by ring
 * @parked: frames taken for parked, by ring, from the beginning
 * @wait: longest time a ring had to wait for its next frame to go
 */
struct outcome {
	u32 used;
	u32 dropped;
	u32 standing;
	u32 share[RINGS_MAX];
	u32 parked[RINGS_MAX];
	u64 wait;
};

enum event_kind { JOIN, POLL, ARRIVE, READ, TOKENS, SENT, REPORT, TICK, LOOK };

struct frame {
	struct credit_frame credit;
	bool answered;
	bool refused;
	u32 ring;
	u32 len;
	u64 queued;
	struct frame *next;
};

static_assert(!offsetof(struct frame, credit), "one address for both");

struct event {
	u64 at;
	u64 order;
	enum event_kind kind;
	u32 ring;
	struct frame *frame;
};

struct fifo {
	struct frame *head, **tail;
	u32 frames;
	int deficit;
	u64 above;
	bool dropping;
	u64 next_drop;
	u32 drops;
};

struct ring {
	struct credit credit;
	u32 slots;
	struct frame *ended, **ended_tail;
	bool polled, ticking;
	u64 tick;
	u64 went;
	u64 bytes;
};

struct world {
	const struct scene *scene;
	struct outcome out;
	struct credit_host host;
	struct ring ring[RINGS_MAX];
	struct event event[EVENTS_MAX];
	u32 events;
	u64 order;
	u64 now;
	u64 cpu_free;
	struct frame *stuck, **stuck_tail;
	u32 nr_stuck;
	bool reading;
	u32 delayed;
	u64 filters;
	bool lost;
	struct fifo flow[RINGS_MAX];
	u32 turn, queued, standing;
	double tokens;
	u64 tokens_at;
	struct frame *at_nic;
	bool sending, waiting;
	u32 looks;
	u32 look[1 << 16];
	struct frame *unused;
	u32 used;
	struct frame frame[FRAMES_MAX];
};

static void fifo_push(struct frame **head, struct frame ***tail,
		      struct frame *frame)
{
	if (!*head)
		*tail = head;
	frame->next = NULL;
	**tail = frame;
	*tail = &frame->next;
}

static struct frame *fifo_pop(struct frame **head)
{
	struct frame *frame = *head;

	if (frame)
		*head = frame->next;
	return frame;
}

static bool sooner(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* A binary heap: the children of n are 2n + 1 and 2n + 2. */
static void event_add(struct world *w, u64 at, enum event_kind kind, u32 ring,
		      struct frame *frame)
{
	struct event e = {
		.at = max(at, w->now), .order = w->order++, .kind = kind,
		.ring = ring, .frame = frame,
	};
	u32 i = w->events++;

	assert_true(w->events <= EVENTS_MAX);
	for (; i && sooner(&e, &w->event[(i - 1) / 2]); i = (i - 1) / 2)
		w->event[i] = w->event[(i - 1) / 2];
	w->event[i] = e;
}

static struct event event_next(struct world *w)
{
	struct event first = w->event[0], e = w->event[--w->events];
	u32 i = 0, child;

	while ((child = 2 * i + 1) < w->events) {
		if (child + 1 < w->events &&
		    sooner(&w->event[child + 1], &w->event[child]))
			child++;
		if (!sooner(&w->event[child], &e))
			break;
		w->event[i] = w->event[child];
		i = child;
	}
	w->event[i] = e;
	return first;
}

/* When the driver domain next has a CPU. */
static u64 cpu_at(const struct world *w, u64 at)
{
	u64 phase = at % (50 * MSEC);

	return phase < w->scene->cpu_gone ? at - phase + w->scene->cpu_gone : at;
}

static void ring_wake(struct world *w, u32 nr, u64 at)
{
	if (w->ring[nr].polled)
		return;
	w->ring[nr].polled = true;
	event_add(w, cpu_at(w, at), POLL, nr, NULL);
}

static void frame_ended(struct world *w, struct frame *frame)
{
	struct ring *ring = &w->ring[frame->ring];

	fifo_push(&ring->ended, &ring->ended_tail, frame);
	ring_wake(w, frame->ring, w->now + 20 * USEC);
}

static void frame_dropped(struct world *w, struct frame *frame)
{
	w->out.dropped++;
	frame_ended(w, frame);
}

static struct frame *flow_pop(struct world *w, struct fifo *flow)
{
	struct frame *frame = fifo_pop(&flow->head);

	if (!frame)
		return NULL;
	flow->frames--;
	w->queued--;
	w->standing -= frame->len;
	return frame;
}

static bool stood_too_long(struct world *w, struct fifo *flow,
			   const struct frame *frame)
{
	if (w->now - frame->queued < CODEL_TARGET || w->standing <= 1514) {
		flow->above = 0;
		return false;
	}
	if (!flow->above)
		flow->above = w->now + CODEL_INTERVAL;
	return w->now >= flow->above;
}

static struct frame *codel_pop(struct world *w, struct fifo *flow)
{
	struct frame *frame = flow_pop(w, flow);

	while (frame && stood_too_long(w, flow, frame)) {
		if (flow->dropping && w->now < flow->next_drop)
			return frame;
		flow->drops = flow->dropping ? flow->drops + 1 : 1;
		flow->next_drop = w->now + CODEL_INTERVAL / sqrt(flow->drops);
		flow->dropping = true;
		frame_dropped(w, frame);
		frame = flow_pop(w, flow);
	}
	if (frame && !flow->above)
		flow->dropping = false;
	return frame;
}

static struct frame *queue_pop(struct world *w)
{
	if (!w->queued)
		return NULL;
	for (;;) {
		struct fifo *flow = &w->flow[w->turn];
		struct frame *frame;

		if (flow->frames && flow->deficit > 0) {
			frame = w->scene->codel ? codel_pop(w, flow) :
						  flow_pop(w, flow);
			if (frame)
				flow->deficit -= frame->len;
			return frame;
		}
		flow->deficit = flow->frames ? flow->deficit + 1514 : 0;
		w->turn = (w->turn + 1) % RINGS_MAX;
	}
}

static void nic_kick(struct world *w)
{
	const struct scene *s = w->scene;
	u32 kbit = w->now < s->before ? s->before_kbit : s->kbit;

	if (w->sending || w->waiting)
		return;
	if (!w->at_nic)
		w->at_nic = queue_pop(w);
	if (!w->at_nic)
		return;
	w->tokens += (w->now - w->tokens_at) * (double)kbit / 8e6;
	if (w->tokens > s->burst)
		w->tokens = s->burst;
	w->tokens_at = w->now;
	if (w->tokens < w->at_nic->len) {
		w->waiting = true;
		event_add(w, w->now + 1 + (w->at_nic->len - w->tokens) * 8e6 /
			  kbit, TOKENS, 0, NULL);
		return;
	}
	w->tokens -= w->at_nic->len;
	w->sending = true;
	event_add(w, w->now + w->at_nic->len / 2, SENT, 0, w->at_nic);
	w->at_nic = NULL;
}

static void queue_push(struct world *w, struct frame *frame)
{
	struct fifo *flow = &w->flow[w->scene->fair ? frame->ring : 0];

	if (w->queued >= w->scene->limit ||
	    (w->scene->flow_limit && flow->frames >= w->scene->flow_limit)) {
		/* In the very poll that handed it over. */
		frame->refused = !w->scene->delay;
		frame_dropped(w, frame);
		return;
	}
	frame->queued = w->now;
	fifo_push(&flow->head, &flow->tail, frame);
	flow->frames++;
	w->queued++;
	w->standing += frame->len;
	nic_kick(w);
}

static u64 stands_until(const struct scene *s, u64 at)
{
	u64 from = s->stands_at;

	if (at < from)
		return at;
	if (s->stands_each)
		from = at - (at - from) % s->stands_each;
	return max(at, from + s->stands_for);
}

static void nic_sent(struct world *w, struct frame *frame)
{
	const struct scene *s = w->scene;
	u64 at = w->now;

	w->sending = false;
	if (at > s->lasts / 4)
		w->ring[frame->ring].bytes += frame->len;
	if (s->moderation)
		at = (at / s->moderation + 1) * s->moderation;
	event_add(w, at, REPORT, 0, frame);
	if (stands_until(s, at) > at) {
		w->waiting = true;
		event_add(w, stands_until(s, at), TOKENS, 0, NULL);
	}
	nic_kick(w);
}

static void ring_answer(struct world *w, struct ring *ring, u64 now)
{
	struct frame *frame;

	while ((frame = fifo_pop(&ring->ended))) {
		credit_end(&ring->credit, &frame->credit,
			   frame->refused ? frame->credit.since : now, false);
		ring->slots += !frame->answered;
		frame->next = w->unused;
		w->unused = frame;
	}
	credit_settle(&ring->credit, now);
}

/* In the very poll that handed it over. */
static void frame_refused(struct world *w, struct frame *frame)
{
	frame->refused = true;
	frame_dropped(w, frame);
}

static void read_next(struct world *w)
{
	const struct scene *s = w->scene;
	u64 at = w->now + s->read_each;

	if (!w->nr_stuck || w->reading)
		return;
	if (s->read_period && at % s->read_period < s->read_not)
		at += s->read_not - at % s->read_period;
	w->reading = true;
	event_add(w, at, READ, 0, NULL);
}

static void frame_read(struct world *w)
{
	w->reading = false;
	w->nr_stuck--;
	frame_ended(w, fifo_pop(&w->stuck));
	read_next(w);
}

static void frame_parks(struct world *w, struct frame *frame)
{
	const struct scene *s = w->scene;

	if (!s->stuck)
		return;
	if (s->read_each && w->nr_stuck == s->stuck) {
		frame_refused(w, frame);
		return;
	}
	fifo_push(&w->stuck, &w->stuck_tail, frame);
	if (w->nr_stuck < s->stuck)
		w->nr_stuck++;
	else
		frame_ended(w, fifo_pop(&w->stuck));
	if (s->read_each)
		read_next(w);
}

static void frame_sets_out(struct world *w, struct frame *frame)
{
	const struct scene *s = w->scene;

	if (s->delay_limit && w->delayed == s->delay_limit) {
		frame_refused(w, frame);
		return;
	}
	w->delayed++;
	event_add(w, w->cpu_free + s->delay, ARRIVE, 0, frame);
}

static void frame_leaves(struct world *w, struct frame *frame, u64 now)
{
	const struct scene *s = w->scene;

	if (s->lost_at && now >= s->lost_at && !w->lost) {
		w->lost = true;
	} else if (s->filtered && now >= w->filters) {
		w->filters = now + s->filtered;
		frame->refused = true;
		frame_ended(w, frame);
	} else if (rnd_below(100) < s->parked[frame->ring]) {
		frame_parks(w, frame);
	} else {
		frame_sets_out(w, frame);
	}
}

static void frame_go(struct world *w, u32 nr, u64 now)
{
	struct frame *frame = fifo_pop(&w->unused);
	struct ring *ring = &w->ring[nr];

	if (!frame)
		frame = &w->frame[w->used++];
	assert_true(w->used < FRAMES_MAX);
	*frame = (struct frame) {
		.ring = nr,
		.len = now < w->scene->before ? w->scene->before_len :
						w->scene->len[nr],
	};
	ring->slots--;
	w->out.wait = max(w->out.wait, now - ring->went);
	ring->went = now;
	credit_begin(&ring->credit, &frame->credit, frame->len, now);
	frame->answered = frame->credit.lent;
	ring->slots += frame->answered;
	w->cpu_free += 6 * USEC;
	frame_leaves(w, frame, now);
}

static void ring_poll(struct world *w, u32 nr)
{
	struct ring *ring = &w->ring[nr];
	u64 now = max(w->now, w->cpu_free);
	u32 n;

	ring->polled = false;
	w->cpu_free = now;
	ring_answer(w, ring, now);
	for (n = 0; n < POLL_BUDGET && ring->slots; n++) {
		if (!credit_allows(&ring->credit) && ring->ended)
			ring_answer(w, ring, now);
		if (!credit_allows(&ring->credit))
			break;
		frame_go(w, nr, now);
	}
	ring_answer(w, ring, now);
	/* Never stuck: what keeps frames back is under way, or the budget. */
	if (n == POLL_BUDGET)
		ring_wake(w, nr, w->cpu_free);
	else
		assert_true(!ring->slots || ring->credit.underway);
	if (ring->ticking || !ring->credit.underway)
		return;
	ring->ticking = true;
	ring->tick = now + CREDIT_TICK;
	event_add(w, ring->tick, TICK, nr, NULL);
}

static void ring_tick(struct world *w, u32 nr)
{
	struct ring *ring = &w->ring[nr];
	struct credit_frame *parked;

	ring->ticking = false;
	ring_answer(w, ring, w->now);
	credit_tick(&ring->credit, w->now, w->now - ring->tick);
	while ((parked = credit_park(&ring->credit, w->now, TICKS_MOST))) {
		struct frame *frame = (struct frame *)parked;

		assert_false(frame->answered);
		frame->answered = true;
		ring->slots++;
		w->out.parked[nr]++;
	}
	ring_wake(w, nr, w->now);
}

static void look(struct world *w)
{
	if (w->now > w->scene->lasts / 4)
		w->look[w->looks++] = w->standing +
				      (w->at_nic ? w->at_nic->len : 0);
	event_add(w, w->now + MSEC, LOOK, 0, NULL);
}

static void happens(struct world *w, const struct event *e)
{
	switch (e->kind) {
	case JOIN:
		w->ring[e->ring].went = w->now;
		ring_wake(w, e->ring, w->now);
		break;
	case POLL:
		ring_poll(w, e->ring);
		break;
	case ARRIVE:
		w->delayed--;
		queue_push(w, e->frame);
		break;
	case READ:
		frame_read(w);
		break;
	case TOKENS:
		w->waiting = false;
		nic_kick(w);
		break;
	case SENT:
		nic_sent(w, e->frame);
		break;
	case REPORT:
		frame_ended(w, e->frame);
		break;
	case TICK:
		if (cpu_at(w, w->now) != w->now)
			event_add(w, cpu_at(w, w->now), TICK, e->ring, NULL);
		else
			ring_tick(w, e->ring);
		break;
	case LOOK:
		look(w);
		break;
	}
}

static int by_size(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static struct outcome conclusion(struct world *w)
{
	const struct scene *s = w->scene;
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < s->rings; i++)
		bytes += w->ring[i].bytes;
	for (i = 0; i < s->rings && bytes; i++)
		w->out.share[i] = w->ring[i].bytes * 1000 / bytes;
	w->out.used = bytes * 8000000000ull / (s->lasts / 4 * 3) / s->kbit;
	qsort(w->look, w->looks, sizeof(w->look[0]), by_size);
	w->out.standing = w->look[w->looks / 2];
	return w->out;
}

static struct outcome play(const struct scene *scene)
{
	struct world *w = calloc(1, sizeof(*w));
	struct outcome out;
	u32 i;

	assert_non_null(w);
	w->scene = scene;
	w->tokens = scene->burst;
	for (i = 0; i < scene->rings; i++) {
		credit_init(&w->ring[i].credit, &w->host);
		w->ring[i].slots = scene->slots ?: RING_SLOTS;
		event_add(w, scene->joins[i], JOIN, i, NULL);
	}
	event_add(w, 0, LOOK, 0, NULL);
	while (w->event[0].at < scene->lasts) {
		struct event e = event_next(w);

		w->now = e.at;
		happens(w, &e);
	}
	out = conclusion(w);
	free(w);
	return out;
}

#endif /* WAY_OUT_H */
