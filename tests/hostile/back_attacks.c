// SPDX-License-Identifier: GPL-2.0
/* Attacks by what a backend answers. */
#include "back.h"

#define FLOOD_FRAMES	10000u
#define KEPT_FRAMES	8u
/* Long enough for the guest to use memory anew, milliseconds. */
#define KEPT_MS		5000u
/* Long enough for the guest to find that a queue is not used much any more. */
#define IDLE_SECONDS	11u

/* One answer to the next buffer; the rest of it as in @rsp. */
static void answer_next(struct back *b, struct b2f_response rsp)
{
	struct b2f_request req;

	take_b2f(b, &req);
	rsp.id = req.id;
	answer_b2f(b, &rsp);
}

static void one_answer(struct back *b, struct b2f_response rsp)
{
	answer_next(b, rsp);
	show_b2f(b);
}

static void rx_unknown_id(struct back *b)
{
	struct b2f_response rsp = { .id = 999, .status = FRAME_LEN };
	struct b2f_request req;

	take_b2f(b, &req);
	answer_b2f(b, &rsp);
	show_b2f(b);
}

/* The guest has enough of this connection, and wants another one. */
static void rx_mended(struct back *b)
{
	rx_unknown_id(b);
	await_front(b, PEER_CLOSING, PEER_CLOSED);
}

static void rx_twice(struct back *b)
{
	struct b2f_response rsp = { .status = FRAME_LEN };
	struct b2f_request req;

	take_b2f(b, &req);
	rsp.id = req.id;
	take_b2f(b, &req);
	answer_b2f(b, &rsp);
	answer_b2f(b, &rsp);
	show_b2f(b);
}

static void rx_index_ahead(struct back *b)
{
	b->b2f.rsp_prod += XENNET_RING_SIZE + 44;
	show_b2f(b);
}

static void rx_index_back(struct back *b)
{
	b->b2f.rsp_prod--;
	show_b2f(b);
}

static void rx_crosses_page(struct back *b)
{
	one_answer(b, (struct b2f_response) { .offset = 4090, .status = 100 });
}

static void rx_huge(struct back *b)
{
	one_answer(b, (struct b2f_response) { .offset = 0xffff, .status = 0x7fff });
}

static void rx_error(struct back *b)
{
	one_answer(b, (struct b2f_response) { .status = XENNET_RSP_ERROR });
	one_answer(b, (struct b2f_response) { .status = -32768 });
}

static void rx_empty(struct back *b)
{
	one_answer(b, (struct b2f_response) { .status = 0 });
}

static void rx_runt(struct back *b)
{
	one_answer(b, (struct b2f_response) { .status = XENNET_PACKET_MIN - 1 });
}

static void rx_slots(struct back *b, u32 count, s16 each)
{
	u32 i;

	for (i = 0; i < count; i++)
		answer_next(b, (struct b2f_response) {
			.status = each,
			.flags = i + 1 < count ? B2F_MORE_DATA : 0,
		});
	show_b2f(b);
}

static void rx_too_many(struct back *b)
{
	rx_slots(b, XENNET_SLOTS_MAX + 5, 100);
}

/* As many fragments as an skb has, and one more. */
static void rx_fragments(struct back *b)
{
	rx_slots(b, XENNET_SLOTS_MAX, 300);
}

static void rx_oversize(struct back *b)
{
	rx_slots(b, XENNET_SLOTS_MAX, XENNET_PAGE_SIZE);
}

static void rx_endless(struct back *b)
{
	u32 i;

	for (i = 0; i < XENNET_RING_SIZE; i++)
		answer_next(b, (struct b2f_response) {
			.status = 100, .flags = B2F_MORE_DATA,
		});
	show_b2f(b);
}

static void rx_extra(struct back *b, struct xennet_extra extra, u32 count)
{
	struct b2f_request req;

	answer_next(b, (struct b2f_response) {
		.status = FRAME_LEN, .flags = B2F_EXTRA_INFO | B2F_CSUM_BLANK,
	});
	while (count--) {
		take_b2f(b, &req);
		extra_b2f(b, &extra);
	}
	show_b2f(b);
}

static void rx_extra_unknown(struct back *b)
{
	rx_extra(b, (struct xennet_extra) { .type = 9 }, 1);
}

static void rx_extra_endless(struct back *b)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO, .flags = XENNET_EXTRA_MORE,
		.gso.type = XENNET_GSO_TCPV4, .gso.size = 1448,
	};

	rx_extra(b, extra, XENNET_RING_SIZE - 1);
}

static void rx_gso(struct back *b, u8 type, u16 size)
{
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO, .gso.type = type, .gso.size = size,
	};

	rx_extra(b, extra, 1);
}

static void rx_gso_type(struct back *b)
{
	rx_gso(b, 7, 1448);
}

static void rx_gso_size(struct back *b)
{
	rx_gso(b, XENNET_GSO_TCPV4, 0);
}

/* The page is as it came: zeros, no TCP. */
static void rx_gso_nothing(struct back *b)
{
	rx_gso(b, XENNET_GSO_TCPV6, 1448);
}

static void rx_blank(struct back *b)
{
	one_answer(b, (struct b2f_response) {
		.status = FRAME_LEN, .flags = B2F_CSUM_BLANK,
	});
}

/* XSA-396: the page is still mapped. Long enough not to be copied. */
static void rx_in_use(struct back *b)
{
	struct b2f_response rsp = { .status = 1000 };
	struct b2f_request req;

	take_b2f(b, &req);
	frame_udp(map_page(b, req.gref, true), 1000);
	rsp.id = req.id;
	answer_b2f(b, &rsp);
	show_b2f(b);
}

static void swap(u8 *a, u8 *b, u32 len)
{
	for (; len--; a++, b++) {
		u8 byte = *a;

		*a = *b;
		*b = byte;
	}
}

/* A frame to nowhere, turned round. */
static void turn_to_guest(u8 *frame)
{
	swap(frame, frame + 6, 6);
	swap(frame + 26, frame + 30, 4);
}

/* Digits in a datagram to the guest. */
static void frame_to_guest(u8 *to, u32 len)
{
	u32 i;

	frame_udp(to, len);
	turn_to_guest(to);
	for (i = 42; i < len; i++)
		to[i] = '0' + (i - 42) % 10;
}

/* Honest, with all that fits behind an offset that aligns the headers (as QEMU). */
static void rx_offset(struct back *b)
{
	static const u32 lens[] = { 60, 256, 257, 1514, 4094 };
	struct b2f_response rsp = { .offset = 2 };
	struct b2f_request req;
	u8 *page;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		take_b2f(b, &req);
		page = map_page(b, req.gref, true);
		frame_to_guest(page + rsp.offset, lens[i]);
		unmap_page(b, page);
		rsp.id = req.id;
		rsp.status = lens[i];
		answer_b2f(b, &rsp);
		show_b2f(b);
	}
}

/* To be segmented, but with a checksum that is not said to be blank. */
static void rx_gso_whole(struct back *b)
{
	struct b2f_response rsp = { .status = GSO_LEN, .flags = B2F_EXTRA_INFO };
	struct xennet_extra extra = {
		.type = XENNET_EXTRA_GSO,
		.gso.type = XENNET_GSO_TCPV4, .gso.size = 1448,
	};
	struct b2f_request req;
	u8 *page;

	take_b2f(b, &req);
	page = map_page(b, req.gref, true);
	frame_tcp(page, GSO_LEN);
	turn_to_guest(page);
	unmap_page(b, page);
	rsp.id = req.id;
	take_b2f(b, &req);
	answer_b2f(b, &rsp);
	extra_b2f(b, &extra);
	show_b2f(b);
}

static void rx_errors(struct back *b, u32 count)
{
	struct b2f_response rsp = { .status = XENNET_RSP_ERROR };
	struct b2f_request req;
	u32 i;

	for (i = 0; i < count; i++) {
		take_b2f(b, &req);
		rsp.id = req.id;
		answer_b2f(b, &rsp);
		ring_back_publish(&b->b2f);
		if (!(i % 64))
			xenevtchn_notify(b->xce, b->b2f_port);
	}
	show_b2f(b);
}

static void rx_flood(struct back *b)
{
	rx_errors(b, FLOOD_FRAMES);
}

static void tx_unknown_id(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	answer_f2b(b, 0xffff, XENNET_RSP_OKAY);
	show_f2b(b);
}

static void tx_other_id(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	answer_f2b(b, req.id ^ 0x80, XENNET_RSP_OKAY);
	show_f2b(b);
}

static void tx_twice(struct back *b)
{
	struct f2b_request one, two;

	await_f2b(b, &one);
	await_f2b(b, &two);
	answer_f2b(b, one.id, XENNET_RSP_OKAY);
	answer_f2b(b, one.id, XENNET_RSP_OKAY);
	show_f2b(b);
}

static void tx_null(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	answer_f2b(b, req.id, XENNET_RSP_NULL);
	show_f2b(b);
}

static void tx_error(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	answer_f2b(b, req.id, XENNET_RSP_ERROR);
	show_f2b(b);
	await_f2b(b, &req);
	answer_f2b(b, req.id, 12345);
	show_f2b(b);
}

static void tx_in_use(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	map_page(b, req.gref, false);
	answer_f2b(b, req.id, XENNET_RSP_OKAY);
	show_f2b(b);
}

/*
 * Goes with frames of the guest mapped, and looks what becomes of them: while they are,
 * nobody else's bytes may come to lie there.
 */
static void tx_keep(struct back *b)
{
	u32 i, changed = 0, len[KEPT_FRAMES];
	u8 copy[KEPT_FRAMES][XENNET_PAGE_SIZE];
	u8 *frame[KEPT_FRAMES];
	struct f2b_request req;

	for (i = 0; i < KEPT_FRAMES; i++) {
		await_f2b(b, &req);
		frame[i] = map_page(b, req.gref, false) + req.offset;
		len[i] = min(req.size, XENNET_PAGE_SIZE - req.offset);
		memcpy(copy[i], frame[i], len[i]);
	}
	back_close(b);
	sleep_ms(KEPT_MS);
	for (i = 0; i < KEPT_FRAMES; i++)
		changed += memcmp(copy[i], frame[i], len[i]) != 0;
	printf("%u of %u changed ", changed, KEPT_FRAMES);
}

static void tx_index_ahead(struct back *b)
{
	b->f2b.rsp_prod += XENNET_RING_SIZE;
	show_f2b(b);
}

/* Takes and never answers. */
static void tx_none(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	await_f2b(b, &req);
}

/* Takes the next message about a multicast address; sends all frames before it. */
static void await_mcast(struct back *b, struct f2b_request *req)
{
	for (;;) {
		await_f2b(b, req);
		if (!req->size && req->flags & F2B_EXTRA_INFO)
			break;
		answer_f2b(b, req->id, XENNET_RSP_OKAY);
	}
	b->f2b.req_cons++;
}

static void mcast_refused(struct back *b)
{
	struct f2b_request req;

	await_mcast(b, &req);
	answer_f2b(b, req.id, XENNET_RSP_ERROR);
	answer_f2b(b, 0, XENNET_RSP_NULL);
	show_f2b(b);
}

/* Takes and never answers. */
static void mcast_none(struct back *b)
{
	struct f2b_request req;

	await_mcast(b, &req);
}

static void mcast_twice(struct back *b)
{
	struct f2b_request req;

	await_mcast(b, &req);
	answer_f2b(b, req.id, XENNET_RSP_OKAY);
	answer_f2b(b, req.id, XENNET_RSP_OKAY);
	show_f2b(b);
}

/* Goes with a message unanswered. */
static void ctrl_left(struct back *b)
{
	struct ctrl_request req;

	await_ctrl(b, &req);
}

/* Longer than the guest waits. */
static void ctrl_none(struct back *b)
{
	ctrl_left(b);
	sleep_ms(6000);
}

/* Answers @req, not with its own id and type unless these are 0. */
static void ctrl_reply(struct back *b, const struct ctrl_request *req, u16 id,
		       u16 type, u32 status, u32 data)
{
	struct ctrl_response rsp = {
		.id = req->id ^ id, .type = req->type ^ type,
		.status = status, .data = data,
	};

	answer_ctrl(b, &rsp);
	show_ctrl(b);
}

/* The same of the next message. */
static void ctrl_answer_with(struct back *b, u16 id, u16 type, u32 status,
			     u32 data)
{
	struct ctrl_request req;

	await_ctrl(b, &req);
	ctrl_reply(b, &req, id, type, status, data);
}

static void ctrl_answer(struct back *b, u16 id, u16 type, u32 status)
{
	ctrl_answer_with(b, id, type, status, 0);
}

static void ctrl_other_id(struct back *b)
{
	ctrl_answer(b, 0x8000, 0, XENNET_CTRL_SUCCESS);
}

static void ctrl_other_type(struct back *b)
{
	ctrl_answer(b, 0, 1, XENNET_CTRL_SUCCESS);
}

/* And the message that takes back what was asked. */
static void ctrl_refused(struct back *b)
{
	ctrl_answer(b, 0, 0, XENNET_CTRL_NOT_SUPPORTED);
	ctrl_answer(b, 0, 0, XENNET_CTRL_SUCCESS);
}

static void ctrl_status(struct back *b)
{
	ctrl_answer(b, 0, 0, 0xdeadbeef);
	ctrl_answer(b, 0, 0, XENNET_CTRL_SUCCESS);
}

/* To all there is, until the guest has no more to ask. */
static void ctrl_small(struct back *b)
{
	u32 i;

	for (i = 0; i < 6; i++)
		ctrl_answer(b, 0, 0, XENNET_CTRL_SUCCESS);
}

/* The guest uses its queue so much that it wants static grants. */
static void grefs_wanted(struct back *b)
{
	rx_errors(b, 300);
}

/* Room for any number of static grants, but none is taken. */
static void grefs_refused(struct back *b)
{
	grefs_wanted(b);
	ctrl_answer_with(b, 0, 0, XENNET_CTRL_SUCCESS, U32_MAX);
	ctrl_answer(b, 0, 0, XENNET_CTRL_INVALID_PARAMETER);
}

static void grefs_none(struct back *b)
{
	grefs_wanted(b);
	ctrl_answer_with(b, 0, 0, XENNET_CTRL_SUCCESS, U32_MAX);
	ctrl_none(b);
}

/* The guest goes on with what finds no room. */
static void grefs_small(struct back *b)
{
	grefs_wanted(b);
	ctrl_answer_with(b, 0, 0, XENNET_CTRL_SUCCESS, 3);
	ctrl_answer(b, 0, 0, XENNET_CTRL_SUCCESS);
	sleep_ms(1000);
}

/* The next message adds or deletes grants: the first of them. */
static u32 grefs_first(struct back *b, struct ctrl_request *req,
		       enum xennet_ctrl_type type)
{
	struct xennet_gref *list;
	u32 ref;

	await_ctrl(b, req);
	if (req->type != type) {
		printf("message %u, not %u ", req->type, type);
		exit(1);
	}
	list = (void *)map_page(b, req->data[1], false);
	ref = list[0].ref;
	unmap_page(b, (u8 *)list);
	ctrl_reply(b, req, 0, 0, XENNET_CTRL_SUCCESS, req->data[2]);
	return ref;
}

/* Has the guest add what frames from it are copied to: the first of them. */
static u32 grefs_taken(struct back *b, struct ctrl_request *req)
{
	grefs_wanted(b);
	ctrl_answer_with(b, 0, 0, XENNET_CTRL_SUCCESS, U32_MAX);
	return grefs_first(b, req, XENNET_CTRL_ADD_GREFS);
}

/* Answers what the guest sends, for some seconds. */
static void tx_answers(struct back *b, u32 seconds)
{
	struct f2b_request req;
	u32 n;

	while (seconds--) {
		sleep_ms(1000);
		while (!ring_back_requests(&b->f2b, &n) && n) {
			await_f2b(b, &req);
			answer_f2b(b, req.id, XENNET_RSP_OKAY);
		}
		show_f2b(b);
	}
}

/*
 * Says that it lets go of a static grant, which it keeps mapped: the guest is not to
 * lose the page, nor another one each time.
 */
static void grefs_kept(struct back *b)
{
	struct ctrl_request req;
	u32 kept = grefs_taken(b, &req), again;
	u8 *page = map_page(b, kept, false);

	grefs_first(b, &req, XENNET_CTRL_ADD_GREFS);
	tx_answers(b, IDLE_SECONDS);
	grefs_first(b, &req, XENNET_CTRL_DEL_GREFS);
	grefs_first(b, &req, XENNET_CTRL_DEL_GREFS);
	tx_answers(b, 3);
	grefs_wanted(b);
	ctrl_answer_with(b, 0, 0, XENNET_CTRL_SUCCESS, U32_MAX);
	again = grefs_first(b, &req, XENNET_CTRL_DEL_GREFS);
	if (again != kept || req.data[2] != 1) {
		printf("%u pages from grant %u on, not that of %u ",
		       req.data[2], again, kept);
		exit(1);
	}
	grefs_first(b, &req, XENNET_CTRL_ADD_GREFS);
	grefs_first(b, &req, XENNET_CTRL_ADD_GREFS);
	grefs_first(b, &req, XENNET_CTRL_ADD_GREFS);
	unmap_page(b, page);
}

/* An event before each answer. */
static void ctrl_early(struct back *b)
{
	struct ctrl_request req;
	u32 i;

	for (i = 0; i < 7; i++) {
		await_ctrl(b, &req);
		wake_ctrl(b);
		sleep_ms(100);
		ctrl_reply(b, &req, 0, 0, XENNET_CTRL_SUCCESS, U32_MAX);
	}
}

/* Nearly as late as the guest waits for all answers together, each time. */
static void ctrl_slow(struct back *b)
{
	struct ctrl_request req;
	u32 i;

	for (i = 0; i < 2; i++) {
		await_ctrl(b, &req);
		sleep_ms(4500);
		ctrl_reply(b, &req, 0, 0, XENNET_CTRL_SUCCESS, 0);
	}
}

static void ctrl_index_ahead(struct back *b)
{
	struct ctrl_request req;

	await_ctrl(b, &req);
	b->ctrl.rsp_prod += XENNET_CTRL_RING_SIZE;
	show_ctrl(b);
}

static void storm(struct back *b)
{
	unsigned int start = now_ms(), count = 0;

	while (now_ms() - start < STORM_MS) {
		xenevtchn_notify(b->xce, b->f2b_port);
		xenevtchn_notify(b->xce, b->b2f_port);
		count += 2;
	}
	printf("notified %u ", count);
}

static void nothing(struct back *b)
{
	struct f2b_request req;

	await_f2b(b, &req);
	answer_f2b(b, req.id, XENNET_RSP_OKAY);
	show_f2b(b);
}

const struct back_attack back_attacks[] = {
	{ "nothing", nothing },
	{ "rx-unknown-id", rx_unknown_id },
	{ "rx-mended", rx_mended },
	{ "rx-twice", rx_twice },
	{ "rx-index-ahead", rx_index_ahead },
	{ "rx-index-back", rx_index_back },
	{ "rx-crosses-page", rx_crosses_page },
	{ "rx-huge", rx_huge },
	{ "rx-error", rx_error },
	{ "rx-empty", rx_empty },
	{ "rx-runt", rx_runt },
	{ "rx-too-many", rx_too_many },
	{ "rx-fragments", rx_fragments },
	{ "rx-oversize", rx_oversize },
	{ "rx-endless", rx_endless },
	{ "rx-extra-unknown", rx_extra_unknown },
	{ "rx-extra-endless", rx_extra_endless },
	{ "rx-gso-type", rx_gso_type },
	{ "rx-gso-size", rx_gso_size },
	{ "rx-gso-nothing", rx_gso_nothing },
	{ "rx-gso-whole", rx_gso_whole },
	{ "rx-blank", rx_blank },
	{ "rx-in-use", rx_in_use },
	{ "rx-offset", rx_offset },
	{ "rx-flood", rx_flood },
	{ "tx-unknown-id", tx_unknown_id },
	{ "tx-other-id", tx_other_id },
	{ "tx-twice", tx_twice },
	{ "tx-null", tx_null },
	{ "tx-error", tx_error },
	{ "tx-in-use", tx_in_use },
	{ "tx-keep", tx_keep },
	{ "tx-index-ahead", tx_index_ahead },
	{ "tx-none", tx_none },
	{ "mcast-refused", mcast_refused, .groups = true },
	{ "mcast-none", mcast_none, .groups = true },
	{ "mcast-twice", mcast_twice, .groups = true },
	{ "ctrl-none", ctrl_none, .ctrl = true },
	{ "ctrl-other-id", ctrl_other_id, .ctrl = true },
	{ "ctrl-other-type", ctrl_other_type, .ctrl = true },
	{ "ctrl-refused", ctrl_refused, .ctrl = true },
	{ "ctrl-status", ctrl_status, .ctrl = true },
	{ "ctrl-small", ctrl_small, .ctrl = true },
	{ "grefs-refused", grefs_refused, .ctrl = true },
	{ "grefs-none", grefs_none, .ctrl = true },
	{ "grefs-small", grefs_small, .ctrl = true },
	{ "grefs-kept", grefs_kept, .ctrl = true },
	{ "ctrl-early", ctrl_early, .ctrl = true },
	{ "ctrl-slow", ctrl_slow, .ctrl = true },
	{ "ctrl-left", ctrl_left, .ctrl = true },
	{ "ctrl-index-ahead", ctrl_index_ahead, .ctrl = true },
	{ "storm", storm },
	{ }
};
