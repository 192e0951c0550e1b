/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of a guest may be under way in dom0, and what is parked there. Pure.
 *
 * Every frame that a ring hands to the stack is entered here, and taken out when nothing
 * in dom0 uses it any more. Two questions are answered.
 *
 * May the next frame go? A window, in bytes, bounds what is under way. It grows while the
 * way out runs dry, or while frames take no longer than they must. It is cut when they
 * take longer, for then they stand in a queue, and could as well stand in the guest. So
 * little more is under way than keeps the way out busy, whatever its rate, its delay and
 * who else uses it. Delay as the signal is TCP Vegas' (Brakmo and Peterson, 1995), the
 * least delay as the reference BBR's (Cardwell et al., 2016). Here both ends of each
 * frame's way are seen by one observer.
 *
 * Which frames are parked? Those that wait for no device, but for a reader, a neighbour,
 * a daemon, the rest of a datagram. A clock that runs while something is under way looks
 * for two signs: a frame is old and later ones have ended (as RFC 8985 judges TCP's
 * segments); or a frame is old and none has ended for as long, of this ring or, after a
 * like time under way, of another. What is parked does not count any more, and the caller
 * gives its slots back. Past a deadline the slots go back without a sign; but then the
 * frame counts until it ends or a sign is seen, for it may stand in the queue of a slow NIC.
 *
 * On a long way, as one with a delay on purpose, slots are no measure: TCP in the guest takes
 * what is not answered for a queue of its own, and keeps two frames in it. There the window
 * alone bounds what is under way, and slots go back as frames go.
 *
 * A frame that ends in the poll that handed it over went to a local receiver or was
 * dropped. It tells nothing about a queue, and nothing is learned from it. Many may go at
 * once to a receiver; a few where a full queue may have refused them.
 */
#ifndef NETBACK_CREDIT_H
#define NETBACK_CREDIT_H

#include <xennet/types.h>

/* Nanoseconds between two calls of credit_tick(). */
#define CREDIT_TICK	4000000u
/* What credit_park() may be asked for: most and least ticks a frame may be under way. */
#define CREDIT_PARK_TICKS_MAX	250u
#define CREDIT_PARK_TICKS_MIN	3u

/**
 * struct credit_note - a frame of a ring that has ended, the oldest of a CREDIT_TICK
 * @since: nanoseconds, when it was handed over
 * @at: nanoseconds, when it ended
 * @by: whose it was; not to be followed
 */
struct credit_note {
	u64 since;
	u64 at;
	const void *by;
};

/**
 * struct credit_host - what rings know of each other that share a way out; zeroed at first
 * @longest: longest frame of a ring whose window was full, bytes
 * @delay: nanoseconds a frame took on the average of a round there
 * @since: nanoseconds, when that was
 * @note: of two rings, the latest
 *
 * Read and written by all without a lock: a guess that is lost is made again.
 */
struct credit_host {
	u32 longest;
	u64 delay;
	u64 since;
	struct credit_note note[2];
};

/**
 * struct credit_frame - a frame under way
 * @older: the one handed over before it, or the list's end
 * @newer: the one handed over after it, or the list's end
 * @since: nanoseconds, when it was handed over
 * @seq: how many were handed over before it
 * @len: bytes
 * @counts: neither parked nor ended
 * @lent: its slots are given back, though it may count
 * @passed: parked because later ones had ended: of that way its end tells nothing
 */
struct credit_frame {
	struct credit_frame *older;
	struct credit_frame *newer;
	u64 since;
	u32 seq;
	u32 len;
	bool counts;
	bool lent;
	bool passed;
};

/**
 * struct credit_round - what was seen since a frame went, until that frame has ended
 * @since: nanoseconds, its start
 * @seq: that frame
 * @most: most bytes under way at a time
 * @bytes: bytes that ended
 * @delay: each of them times the nanoseconds it was under way
 * @done: the frame has ended
 * @full: the window kept frames back
 * @dry: everything had ended, and frames were kept back
 */
struct credit_round {
	u64 since;
	u32 seq;
	u32 most;
	u32 bytes;
	u64 delay;
	bool done;
	bool full;
	bool dry;
};

/**
 * struct credit - the frames of one ring
 * @host: shared by rings that probably share a way out; may be changed between two calls
 * @window: bytes that may be under way
 * @share: bytes that may be in any case, beside rings with longer frames
 * @burst: bytes that may be, while frames end as soon as they go
 * @limit: bytes that may be, by all of what is known
 * @underway: bytes that are, but for those parked
 * @frames: of those bytes
 * @room: most of them, where a queue is full; 0: any number
 * @room_for: spans for which there is no more; with any number, for which it does not matter
 *	what is refused: a filter does that
 * @cut_at: the frame that went next when that was found
 * @cramped: times that frames were refused in it
 * @caution: the last @room_for with a @room
 * @extra: bytes more, for frames that will be parked as others just were
 * @parked: bytes parked of late: four times those of a tick
 * @longest: longest frame of late, bytes
 * @last: length of the newest frame
 * @is_long: the way takes long by itself: frames go without their slots
 * @unsure: a frame ended in its own poll, and has perhaps been dropped
 * @refusal: the last such frame
 * @refusals: how many before it were, one after the other
 * @balks: such frames of late, less those that were under way
 * @refuses: enough of them for a full queue, since credit_settle()
 * @refused: so, of late, while others were under way
 * @probe: one frame may go whatever the window
 * @probed: nanoseconds, when @probe was last set
 * @seq: frames handed over so far
 * @ended: the newest frame that has ended
 * @first: nanoseconds, when the oldest was handed over of those that ended since
 *	credit_settle(); U64_MAX: none has
 * @begun: nanoseconds, when one was handed over last
 * @heard: nanoseconds, when one ended last
 * @went: bytes parked of late, for a sign
 * @came: bytes of late that ended although they had been parked: one frame of those
 *	that did at once, as fragments of a datagram do
 * @came_long: the same, of frames longer than an Ethernet frame
 * @comes: the longest of those, since credit_settle()
 * @silent: ticks without an end
 * @stall: those of them in which no other ring had one that speaks for this one
 * @again: ticks of a stall after which frames are parked once more
 * @stalled: this tick, they are
 * @patience: ticks that there may be between two ends; learned
 * @absent: nanoseconds that ticks were late of late: nothing ended and nothing went then
 * @ticked: nanoseconds, the last tick
 * @ticks: ticks since @patience and @longest were last let fade
 * @delay: nanoseconds a frame took on the average of the last round
 * @changed: the window was changed, and frames from before are still under way
 * @cut: it was cut since all was forgotten
 * @drain: the next cut is to empty the queue
 * @progress: a frame has ended since the last tick
 * @round: the present round
 * @least: least nanoseconds a frame took on the average of a round, in the present
 *	span of time and the one before
 * @span: nanoseconds, start of the span
 * @list: the list's end: @newer is the oldest frame, @older the newest
 * @young: no older frame has slots to give back; or the list's end
 *
 * The caller serialises all calls.
 */
struct credit {
	struct credit_host *host;
	u32 window;
	u32 share;
	u32 burst;
	u32 limit;
	u32 underway;
	u32 frames;
	u32 room;
	u32 room_for;
	u32 cut_at;
	u32 cramped;
	u32 caution;
	u32 extra;
	u32 parked;
	u32 longest;
	u32 last;
	bool is_long;
	bool unsure;
	u32 refusal;
	u32 refusals;
	u32 balks;
	bool refuses;
	bool refused;
	bool probe;
	u64 probed;
	u32 seq;
	u32 ended;
	u64 first;
	u64 begun;
	u64 heard;
	u32 went;
	u32 came;
	u32 came_long;
	u32 comes;
	u32 silent;
	u32 stall;
	u32 again;
	bool stalled;
	u32 patience;
	u64 absent;
	u64 ticked;
	u32 ticks;
	u64 delay;
	bool changed;
	bool cut;
	bool drain;
	bool progress;
	struct credit_round round;
	u64 least[2];
	u64 span;
	struct credit_frame list;
	struct credit_frame *young;
};

/**
 * credit_init() - nothing is under way, nothing is known
 * @c: the ring's
 * @host: see struct credit
 */
void credit_init(struct credit *c, struct credit_host *host);

/**
 * credit_allows() - may another frame go?
 * @c: the ring's
 *
 * To be asked only when there is one: a no makes the window grow.
 *
 * Return: true if so. Otherwise something is under way, and asking again makes sense
 * after credit_settle() or credit_park().
 */
bool credit_allows(struct credit *c);

/**
 * credit_begin() - a frame goes
 * @c: the ring's
 * @frame: in nobody's list; to stay until it is ended or parked
 * @len: bytes, at least 1
 * @now: monotonic nanoseconds
 *
 * @frame->lent then says whether its slots are to be given back as it goes. A caller that
 * cannot do that sets it to false, before the next call.
 */
void credit_begin(struct credit *c, struct credit_frame *frame, u32 len, u64 now);

/**
 * credit_end() - nothing uses a frame any more
 * @c: the ring's
 * @frame: begun; parked or not
 * @now: monotonic nanoseconds; in the poll that began it, the time given there
 * @arrived: a local receiver has it; false: or it was dropped
 */
void credit_end(struct credit *c, struct credit_frame *frame, u64 now, bool arrived);

/**
 * credit_settle() - all frames known to have ended by now are ended
 * @c: the ring's
 * @now: monotonic nanoseconds
 */
void credit_settle(struct credit *c, u64 now);

/**
 * credit_tick() - CREDIT_TICK has passed
 * @c: the ring's
 * @now: monotonic nanoseconds
 * @late: nanoseconds more have, for the caller had no CPU
 *
 * To be called every CREDIT_TICK while something is under way, after
 * credit_settle(); then credit_park() until it finds none.
 */
void credit_tick(struct credit *c, u64 now, u64 late);

/**
 * credit_park() - find a frame whose slots are to be given back
 * @c: the ring's
 * @now: monotonic nanoseconds
 * @most: ticks after which they are in any case, CREDIT_PARK_TICKS_MIN to
 *	CREDIT_PARK_TICKS_MAX
 *
 * Return: the frame, or NULL.
 */
struct credit_frame *credit_park(struct credit *c, u64 now, u32 most);

#endif /* NETBACK_CREDIT_H */
