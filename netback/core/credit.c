// SPDX-License-Identifier: GPL-2.0
#include "credit.h"

#define MSEC		1000000ull

/* Bytes: a frame that a NIC takes whole; the least window; the most. */
#define FRAME_LONG	1514u
#define WINDOW_MIN	384u
#define WINDOW_MAX	(16u << 20)
/* Frames at most for a share beside longer ones: less than fq lets stand of a flow. */
#define SHARE_FRAMES	64u
/* Bytes at once, while all frames end in the poll that handed them over. */
#define BURST_MIN	1024u
#define BURST_MAX	16384u
#define BURST_UNSURE	(2 * FRAME_LONG)
/* So many frames refused one after the other: a queue is full. */
#define REFUSALS	4u
/* And so many, or as many more than one in so many of all. */
#define REFUSALS_MANY	32u
#define REFUSED_SHARE	32u
/* So often in the room that was left: it is none. */
#define CRAMPED_MOST	3u
/* Spans, at most, for which it is one, or for which what is refused tells nothing. */
#define ROOM_SPANS	15u
/* Nanoseconds under way that are no queue yet; and those that a cut leaves of them. */
#define DELAY_FREE	(1 * MSEC)
#define DELAY_CUT	(DELAY_FREE / 4)
/* The longest absence that more is let stand for. */
#define ABSENT_MOST	(20 * MSEC)
/* Frames that take longer keep the way out busy while the next ones come. */
#define DELAY_DRY	(4 * MSEC)
/* A way that has as many under way is not slow, but long. */
#define LONG_FRAMES	8u
/* One that takes longer is not known for it. */
#define LONG_MOST	(150 * MSEC)
/* A window that runs dry grows by a factor of e in so much time. */
#define GROW_DRY	(4 * MSEC)
/*
 * For how long the least delay is remembered: for one or two of these, and for some rounds,
 * or a queue that fills soon were taken for the way's own.
 */
#define LEAST_SPAN	(500 * MSEC)
#define LEAST_ROUNDS	4u
/* After so long without a frame nothing is known any more. */
#define FORGET		(1000 * MSEC)
/* Frames that were under way for longer say nothing of those of other rings. */
#define OTHERS_MOST	(250 * MSEC)
/* For as long at most as one took there, the next may. */
#define TURN_MOST	(OTHERS_MOST / 4)
/* Ticks after which what was learned fades. */
#define FADE_TICKS	64u
/* Nanoseconds of silence after which no patience is left. */
#define FADE_MOST	(64 * 1000 * MSEC)
/* Nanoseconds without a tick after which the clock has stood still. */
#define CLOCK_STOOD	(64 * MSEC)
/* Times as many bytes more are let go after a stall as were parked of late. */
#define STALL_TIMES	8u
/* And so many: a ring of long frames. */
#define STALL_MOST	(256u * FRAME_LONG)
/* Ticks at most between two times. */
#define STALL_STEP	6u
/* Bytes that come through and prove nothing: a slow reader takes as many. */
#define ERRS_MOST	24576u
/* Nanoseconds a byte may take on its way before it is called parked: 5 Mbit/s. */
#define BYTE_TIME	1600ull

/* What another CPU has noted may be later than now. */
static bool is_recent(u64 at, u64 now, u64 span)
{
	return at > now || now - at < span;
}

/*
 * Two frames, so that one is there when the other has gone; one will do where it takes
 * long, or finds others before it. And as many bytes as the frames of those who compete,
 * or short frames would get no share beside long ones.
 */
static u32 window_min(const struct credit *c)
{
	u32 others = c->refused ? 0 : READ_ONCE(c->host->longest);
	u32 longest = max(c->longest, others);
	u32 frames = c->delay > DELAY_DRY && longest <= FRAME_LONG ? 1 : 2;

	longest = min(longest, FRAME_LONG);
	return max(max(frames * longest, c->share), WINDOW_MIN);
}

/* Of all that counts, once it has changed. */
static void set_limit(struct credit *c)
{
	c->limit = max(max(c->window, c->burst), window_min(c)) + c->extra;
}

static void round_start(struct credit *c, u64 now)
{
	c->round = (struct credit_round) {
		.since = now,
		.seq = c->seq,
		.most = c->underway,
	};
}

static void stall_ends(struct credit *c)
{
	c->silent = 0;
	c->stall = 0;
	c->again = 0;
}

static void forget_room(struct credit *c)
{
	c->room = 0;
	c->room_for = 0;
	c->cramped = 0;
}

static void forget(struct credit *c, u64 now)
{
	c->window = 0;
	c->burst = 0;
	c->extra = 0;
	c->parked = 0;
	c->longest = 0;
	c->is_long = false;
	c->delay = 0;
	c->share = 0;
	c->refusals = 0;
	c->balks = 0;
	c->refused = false;
	c->caution = 0;
	forget_room(c);
	c->absent = 0;
	c->changed = false;
	c->cut = false;
	c->drain = true;
	c->heard = now;
	stall_ends(c);
	c->least[0] = U64_MAX;
	c->least[1] = U64_MAX;
	c->span = now;
	round_start(c, now);
	set_limit(c);
}

void credit_init(struct credit *c, struct credit_host *host)
{
	memset(c, 0, sizeof(*c));
	c->host = host;
	c->list.older = &c->list;
	c->list.newer = &c->list;
	c->first = U64_MAX;
	c->young = &c->list;
	c->patience = CREDIT_PARK_TICKS_MIN;
	forget(c, 0);
}

/* Slots are the bound again where more is expected to be parked. */
static bool lends(const struct credit *c)
{
	return c->is_long && !c->extra && !c->refused;
}

/* Half a frame more or less: long and short frames fill a window alike. */
bool credit_allows(struct credit *c)
{
	bool fits = c->underway + c->last / 2 <= c->limit &&
		    (!c->room || c->frames < c->room);

	if (!c->underway || c->probe || fits)
		return true;
	c->round.full = true;
	return false;
}

static void fade_patience(struct credit *c, u32 ticks)
{
	c->patience = max(c->patience - min(ticks, c->patience), CREDIT_PARK_TICKS_MIN);
}

/*
 * Nothing is under way. What went before is overtaken by nobody, however many frames
 * that taught nothing were among it; and the clock stood still.
 */
static void begin_anew(struct credit *c, u64 now)
{
	u64 idle = now - c->ticked;

	if (now - c->heard > FORGET)
		forget(c, now);
	if (idle > CLOCK_STOOD) {
		fade_patience(c, min(idle, FADE_MOST) / FADE_TICKS / CREDIT_TICK);
		c->extra = 0;
		c->parked = 0;
		stall_ends(c);
		set_limit(c);
	}
	c->ended = c->seq - 1;
	if (!c->round.done)
		c->round.seq = c->seq;
}

void credit_begin(struct credit *c, struct credit_frame *frame, u32 len, u64 now)
{
	struct credit_frame *end = &c->list;

	if (end->newer == end)
		begin_anew(c, now);
	*frame = (struct credit_frame) {
		.older = end->older,
		.newer = end,
		.since = now,
		.seq = c->seq++,
		.len = len,
		.counts = true,
		.lent = lends(c),
	};
	end->older->newer = frame;
	end->older = frame;
	c->probe = false;
	c->underway += len;
	c->frames++;
	c->round.most = max(c->round.most, c->underway);
	c->begun = now;
	c->last = len;
	if (len > c->longest) {
		c->longest = len;
		set_limit(c);
	}
	if (c->young == end)
		c->young = frame;
}

static bool is_overtaken(const struct credit *c, const struct credit_frame *frame)
{
	return (s32)(c->ended - frame->seq) > 0;
}

static void take_out(struct credit *c, struct credit_frame *frame)
{
	if (c->young == frame)
		c->young = frame->newer;
	frame->older->newer = frame->newer;
	frame->newer->older = frame->older;
	c->underway -= frame->len;
	c->frames--;
	frame->counts = false;
}

/* It was under way throughout a pause: so long may the next one be. */
static void learn_patience(struct credit *c, u64 took)
{
	u32 ticks = (u32)min(took, FORGET) / CREDIT_TICK;

	ticks = min(ticks, c->silent) + 2;
	c->patience = max(c->patience, ticks);
}

/*
 * The oldest frame of all that ended in a tick. Those of a slow NIC show even where a
 * fast one ends many more.
 */
static void note_end(const struct credit *c, u64 since, u64 now)
{
	struct credit_note *note = c->host->note;
	bool first = READ_ONCE(note[0].by) == c;

	if (now - since > OTHERS_MOST)
		return;
	if (!first && READ_ONCE(note[1].by) != c)
		first = READ_ONCE(note[0].at) < READ_ONCE(note[1].at);
	note += !first;
	if (is_recent(READ_ONCE(note->at), now, CREDIT_TICK) &&
	    since >= READ_ONCE(note->since))
		return;
	WRITE_ONCE(note->since, since);
	WRITE_ONCE(note->at, now);
	WRITE_ONCE(note->by, c);
}

/* One may have met a filter. A queue that is full refuses one after the other. */
static void note_unsure(struct credit *c, u32 seq)
{
	c->unsure = true;
	c->refusals = seq == c->refusal + 1 ? c->refusals + 1 : 1;
	c->refusal = seq;
	c->refuses |= c->refusals >= REFUSALS;
	c->balks += REFUSED_SHARE - 1;
}

void credit_end(struct credit *c, struct credit_frame *frame, u64 now, bool arrived)
{
	u64 took = now - frame->since;
	bool counted = frame->counts;

	if (counted)
		take_out(c, frame);
	c->heard = now;
	if (!took) {
		if (!arrived)
			note_unsure(c, frame->seq);
		return;
	}
	c->balks -= !!c->balks;
	/* What goes just now has pushed it out of where it was parked. */
	if (now == c->begun && (!counted || is_overtaken(c, frame)))
		return;
	if (!counted)
		c->comes = max(c->comes, frame->len);
	/* It stood in a queue then, that moves. */
	if (frame->passed) {
		c->progress = true;
		return;
	}
	c->first = min(c->first, frame->since);
	if (!counted) {
		/* It was not parked for good: the way is a long one, or a daemon went on. */
		c->extra = 0;
		if (took > LONG_MOST || c->is_long)
			return;
	}
	if (!is_overtaken(c, frame))
		c->ended = frame->seq;
	if ((s32)(frame->seq - c->round.seq) >= 0)
		c->round.done = true;
	c->round.bytes += frame->len;
	c->round.delay += frame->len * took;
}

static u64 least_delay(struct credit *c, u64 delay, u64 now)
{
	if (now - c->span > max(LEAST_SPAN, LEAST_ROUNDS * delay)) {
		c->least[1] = c->least[0];
		c->least[0] = U64_MAX;
		c->span = now;
		c->drain = true;
		c->refused = false;
		if (c->room_for && !--c->room_for)
			forget_room(c);
	}
	c->least[0] = min(c->least[0], delay);
	return min(c->least[0], c->least[1]);
}

/* Rings that compete grow alike, in bytes: so they come to equal shares. */
static u32 growth(const struct credit *c, u32 window, u64 now)
{
	u64 took = now - c->round.since;

	if (c->round.dry)
		return window * min(took, GROW_DRY) / GROW_DRY + 64;
	return min(window_min(c) * took / DELAY_FREE, (u64)window / (c->cut ? 8 : 2));
}

static void change(struct credit *c, u32 window)
{
	c->window = window;
	c->changed = !c->round.dry;
}

static void tell_host(const struct credit *c, u64 now)
{
	struct credit_host *host = c->host;

	if (c->longest < READ_ONCE(host->longest) &&
	    is_recent(READ_ONCE(host->since), now, FORGET))
		return;
	WRITE_ONCE(host->longest, c->longest);
	WRITE_ONCE(host->delay, c->delay);
	WRITE_ONCE(host->since, now);
}

/*
 * A cut leaves a little that stands, for the way to stay filled. But once in each span
 * nothing, to see what the way takes by itself.
 */
static u64 delay_wanted(struct credit *c, u64 least)
{
	u64 wanted = c->drain ? least - least / 8 : least + least / 16;

	c->drain = false;
	return max(wanted, DELAY_CUT + c->absent);
}

/*
 * Those who stand in one queue take as long. There each gets a share by what it has under
 * way, and cannot have less than the longest frame of all. Where queues are fair, or not
 * the same, times differ, if not by chance: so it comes and goes in steps, for that to show.
 */
static void set_share(struct credit *c)
{
	u32 longest = READ_ONCE(c->host->longest);
	u32 most = min(longest, SHARE_FRAMES * min(c->longest, FRAME_LONG));
	u64 delay = READ_ONCE(c->host->delay);

	if (c->longest >= longest || c->refused)
		c->share = 0;
	else if (delay > 2 * c->delay || c->delay > 2 * delay)
		c->share /= 2;
	else
		c->share = min(max(2 * c->share, FRAME_LONG), most);
}

/*
 * A way that takes long by itself has many frames under way at a time, or has not been
 * filled yet. One that is slow has few, and keeps others back.
 */
static void set_long(struct credit *c, u64 least)
{
	u32 few = LONG_FRAMES * min(c->longest, FRAME_LONG);

	c->is_long = least > DELAY_DRY && (!c->round.full || c->window > few);
}

static void judge(struct credit *c, u64 now)
{
	u64 delay = c->round.delay / c->round.bytes;
	u64 least = least_delay(c, delay, now);
	u64 most = max(least + least / 8, DELAY_FREE + c->absent);
	u32 window = max(c->window, window_min(c));
	u32 used = max(min(window, c->round.most), window_min(c));

	/* What a change has done shows in the round after the next. */
	if (c->changed) {
		c->changed = false;
	} else if (delay > most && !(c->round.dry && delay < DELAY_DRY + c->absent)) {
		change(c, used * delay_wanted(c, least) / delay);
		c->cut = true;
	} else if (c->round.full) {
		change(c, min(window + growth(c, window, now), WINDOW_MAX));
	}
	c->delay = delay;
	set_long(c, least);
	set_share(c);
	if (c->round.full)
		tell_host(c, now);
	round_start(c, now);
}

/* What one of the frames that have ended tells, the oldest one does. */
static void note_ends(struct credit *c, u64 now)
{
	learn_patience(c, now - c->first);
	note_end(c, c->first, now);
	c->progress = true;
	c->burst = 0;
	c->first = U64_MAX;
}

/*
 * A full queue would refuse frames as fast as they come, for they are not under way. With
 * fewer it refuses none, and is tried again ever less often. A filter goes on.
 */
static void note_full(struct credit *c)
{
	c->balks = 0;
	if ((c->room_for && !c->room) || c->delay > DELAY_DRY)
		return;
	/* What a cut has done shows when a frame has ended that went after it. */
	if (c->room && (s32)(c->ended - c->cut_at) < 0)
		return;
	c->cut_at = c->seq;
	if (++c->cramped > CRAMPED_MOST) {
		forget_room(c);
		c->room_for = ROOM_SPANS;
		return;
	}
	if (!c->room)
		c->caution = min(2 * c->caution + 1, ROOM_SPANS);
	c->room_for = c->caution;
	c->room = max(min(c->room ?: c->frames, c->frames) / 4 * 3, 2u);
}

/* The way has no room for more than is under way now, or so it seems. */
static void note_refusal(struct credit *c)
{
	c->refused = true;
	if (c->is_long && c->window > c->underway)
		change(c, c->underway);
}

static void learn(struct credit *c, u64 now)
{
	c->came += c->comes;
	c->came_long += c->comes > FRAME_LONG ? c->comes : 0;
	c->comes = 0;
	if (c->first != U64_MAX)
		note_ends(c, now);
	if (!c->underway && c->round.full) {
		c->round.dry = true;
		if (c->room)
			forget_room(c);
		/* All at once, again: there is no queue, or it refuses all. */
		if (!c->round.bytes)
			c->burst = min(c->burst * 2 + BURST_MIN,
				       c->unsure ? BURST_UNSURE : BURST_MAX);
	}
	if (c->refuses && c->underway)
		note_refusal(c);
	c->refuses = false;
	if (c->balks >= (c->room ? REFUSALS : REFUSALS_MANY) * (REFUSED_SHARE - 1))
		note_full(c);
	c->unsure = false;
	if (!c->round.done)
		return;
	/* A few bytes, that went some other way perhaps, tell nothing of the way of most. */
	if (c->round.bytes >= max(min(c->window, c->round.most), c->longest) / 4)
		judge(c, now);
	else if (!c->round.full)
		round_start(c, now);
}

void credit_settle(struct credit *c, u64 now)
{
	learn(c, now);
	set_limit(c);
}

/* A long frame may take its time. */
static u64 time_of(u32 len)
{
	return (len - min(len, FRAME_LONG)) * BYTE_TIME;
}

/*
 * Frames of others end, and this ring's oldest is not much older than they are: it may
 * stand where they stood. In a fair queue it does not matter who went first. What is
 * read while another CPU writes may not fit together: then it is too much.
 */
static bool is_first(const struct credit *c, const struct credit_note *note, u64 now)
{
	const struct credit_frame *oldest = c->list.newer;
	u64 at = READ_ONCE(note->at);
	u64 took = at - READ_ONCE(note->since);
	u64 turn = max(min(took, TURN_MOST), time_of(READ_ONCE(c->host->longest)));

	return oldest != &c->list && READ_ONCE(note->by) != c &&
	       is_recent(at, now, 2 * CREDIT_TICK + turn) && took <= OTHERS_MOST &&
	       now - oldest->since <= min(2 * took, OTHERS_MOST);
}

static bool others_first(const struct credit *c, u64 now)
{
	return is_first(c, &c->host->note[0], now) ||
	       is_first(c, &c->host->note[1], now);
}

static void set_stalled(struct credit *c)
{
	if (!c->stall)
		c->again = 0;
	c->stalled = c->stall >= max(c->patience, c->again);
}

void credit_tick(struct credit *c, u64 now, u64 late)
{
	c->absent = max(c->absent - c->absent / 8, min(late, ABSENT_MOST));
	c->extra -= (c->extra + 3) / 4;
	c->parked -= (c->parked + 3) / 4;
	c->silent = c->progress ? 0 : c->silent + 1;
	c->stall = c->progress || others_first(c, now) ? 0 : c->stall + 1;
	set_stalled(c);
	c->progress = false;
	c->ticked = now;
	if (++c->ticks < FADE_TICKS)
		return;
	c->ticks = 0;
	c->came /= 2;
	c->came_long /= 2;
	c->went /= 2;
	c->longest -= c->longest / 8;
	fade_patience(c, 1);
}

/*
 * How long a frame may be under way before it is looked at. The clock is half a tick
 * exact.
 */
static u64 wait_of(const struct credit_frame *frame, u32 ticks)
{
	return ticks * (u64)CREDIT_TICK - CREDIT_TICK / 2 + time_of(frame->len);
}

/*
 * Others like it will be under way until their time is up as well: twice as many as were
 * parked in that time, so that the rest keeps its window, however few of all it is. Where
 * nothing ends there is no rest to mind.
 */
static void expect_more(struct credit *c, const struct credit_frame *frame)
{
	u32 more;

	/* Too old before there was a sign, it stood in a queue. */
	if (!frame->lent || c->is_long)
		c->parked = min(c->parked + frame->len, WINDOW_MAX / STALL_TIMES);
	more = c->parked / 2 * c->patience;
	if (c->stalled) {
		/* To where perhaps nothing is parked, but takes long: ever less often. */
		c->again = c->stall + min(c->stall, STALL_STEP);
		more = min(c->parked * STALL_TIMES, STALL_MOST);
	}
	c->extra = max(c->extra, min(more, WINDOW_MAX));
}

/*
 * No sign is one where nearly all that is parked comes through, by and by: it stands in a
 * queue. What overtakes it goes another way. And if that were frames of more than one
 * segment, of no reader then, nothing ends for a while because they take so long.
 */
static bool signs_err(const struct credit *c)
{
	u32 came = c->stalled ? c->came_long : c->came;

	return came / 3 * 4 > c->went + ERRS_MOST;
}

static bool is_parked(const struct credit *c, const struct credit_frame *frame, u64 now)
{
	return (c->stalled || is_overtaken(c, frame)) && !signs_err(c) &&
	       now - frame->since >= wait_of(frame, c->patience);
}

/*
 * Without a sign a frame that is too old may stand in a long queue: it goes on counting, or
 * as many as end there would follow, and the queue would stay. But one frame goes, in case
 * all before it wait for a reader: it will tell.
 */
static void send_probe(struct credit *c, u64 now, u64 most)
{
	u64 age = now - c->list.newer->since;

	if (now - c->probed < min(max(most, age / 2), 2 * most))
		return;
	c->probed = now;
	c->probe = true;
}

static struct credit_frame *next_to_lend(struct credit *c, u64 now, u64 most)
{
	struct credit_frame *frame = c->young, *oldest = c->list.newer;

	if (oldest != &c->list && now - oldest->since >= most)
		send_probe(c, now, most);
	while (frame != &c->list && frame->lent)
		frame = frame->newer;
	c->young = frame;
	if (frame == &c->list || (now - frame->since < most && !lends(c)))
		return NULL;
	return frame;
}

/* The next one whose slots are to go back, if not all have: parked, or only lent. */
static struct credit_frame *next_to_park(struct credit *c, u64 now)
{
	struct credit_frame *frame = c->list.newer;

	while (frame != &c->list && is_parked(c, frame, now)) {
		c->went += frame->len;
		frame->passed = !c->stalled;
		expect_more(c, frame);
		take_out(c, frame);
		if (!frame->lent)
			return frame;
		frame = c->list.newer;
	}
	return NULL;
}

struct credit_frame *credit_park(struct credit *c, u64 now, u32 most)
{
	struct credit_frame *frame;

	c->patience = min(c->patience, most);
	frame = next_to_park(c, now);
	set_limit(c);
	if (!frame)
		frame = next_to_lend(c, now, most * (u64)CREDIT_TICK);
	if (frame)
		frame->lent = true;
	return frame;
}
