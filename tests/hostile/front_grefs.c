// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks by static grants: lists of them, and frames in them. The backend takes
 * 40 for a queue; the guest has one queue. The list is in the last page of room.
 */
#include "front.h"

#define GREFS		40u
#define LIST		(DATA_PAGES - 1)
#define FRAMES		20u
#define FLOOD_LISTS	50u
#define ANSWER_MS	1500u

static struct xennet_gref *list_page(struct front *f)
{
	return (struct xennet_gref *)(f->room + LIST * XENNET_PAGE_SIZE);
}

/* Lists @count grants, all with @flags. */
static void write_list(struct front *f, const u32 *refs, u32 count, u16 flags)
{
	struct xennet_gref *list = list_page(f);
	u32 i;

	for (i = 0; i < count; i++)
		list[i] = (struct xennet_gref) {
			.ref = refs[i], .flags = flags, .status = 0xabcd,
		};
}

/* The status, as one digit. */
static void say(struct front *f, u16 type, u32 queue, u32 list, u32 count)
{
	struct ctrl_request req = {
		.type = type, .data = { queue, list, count },
	};

	printf("%u", ctrl_ask(f, &req).status);
}

static void add(struct front *f, const u32 *refs, u32 count, u16 flags)
{
	write_list(f, refs, count, flags);
	say(f, XENNET_CTRL_ADD_GREFS, 0, f->room_ref[LIST], count);
}

/* The status, then how many went, then what became of each. */
static void del(struct front *f, const u32 *refs, u32 count)
{
	struct ctrl_request req = {
		.type = XENNET_CTRL_DEL_GREFS,
		.data = { 0, f->room_ref[LIST], count },
	};
	struct ctrl_response rsp;
	u32 i;

	write_list(f, refs, count, 0);
	rsp = ctrl_ask(f, &req);
	printf("%u:%u:", rsp.status, rsp.data);
	for (i = 0; i < count; i++)
		printf("%x", READ_ONCE(list_page(f)[i].status));
	printf(" ");
}

/* Lists that cannot be, and some that must be, to get as far as others. */
static void grefs_bad(struct front *f)
{
	const u32 *d = f->data_ref, list = f->room_ref[LIST];
	const u32 twice[] = { d[2], d[2] }, one_bad[] = { d[3], BAD_REF };
	const u32 gone[] = { d[0], d[9], BAD_REF, d[1], d[0] };

	say(f, XENNET_CTRL_GET_GREFS_SIZE, 0, 0, 0);
	say(f, XENNET_CTRL_GET_GREFS_SIZE, 1, 0, 0);
	say(f, XENNET_CTRL_ADD_GREFS, 0, list, 0);
	say(f, XENNET_CTRL_ADD_GREFS, 0, list, XENNET_GREFS_MAX + 1);
	say(f, XENNET_CTRL_ADD_GREFS, 0, list, U32_MAX);
	say(f, XENNET_CTRL_ADD_GREFS, 0, BAD_REF, 1);
	say(f, XENNET_CTRL_DEL_GREFS, 0, BAD_REF, 1);
	say(f, XENNET_CTRL_DEL_GREFS, U32_MAX, list, 1);
	write_list(f, d, 2, XENNET_GREF_READONLY);
	say(f, XENNET_CTRL_ADD_GREFS, 1, list, 2);
	printf(" ");

	add(f, d, 2, XENNET_GREF_READONLY);
	add(f, d, 2, XENNET_GREF_READONLY);
	add(f, twice, 2, XENNET_GREF_READONLY);
	add(f, one_bad, 2, XENNET_GREF_READONLY);
	add(f, one_bad, 1, XENNET_GREF_READONLY);
	add(f, &d[4], 1, 0);
	add(f, &list, 1, 0);
	printf(" ");

	del(f, gone, ARRAY_SIZE(gone));
	del(f, one_bad, 2);
	del(f, &list, 1);
	write_list(f, d, 2, XENNET_GREF_READONLY);
	say(f, XENNET_CTRL_ADD_GREFS, 0, list, 2);
	memcpy(f->data, list_page(f), 2 * sizeof(struct xennet_gref));
	say(f, XENNET_CTRL_DEL_GREFS, 0, f->data_ref[0], 2);
	printf(" ");
}

/* As many as there is room for, and one more. */
static void grefs_many(struct front *f)
{
	add(f, f->data_ref, DATA_PAGES, XENNET_GREF_READONLY);
	add(f, f->room_ref, GREFS - DATA_PAGES + 1, 0);
	add(f, f->room_ref, GREFS - DATA_PAGES, 0);
	add(f, &f->room_ref[GREFS - DATA_PAGES], 1, 0);
	printf(" ");
	del(f, f->room_ref, 1);
	add(f, &f->room_ref[GREFS - DATA_PAGES], 1, 0);
	printf(" ");
}

/* Frames of two slots: neither in a static grant, one, the other, or both. */
static void put_frames(struct front *f)
{
	u32 i;

	for (i = 0; i < FRAMES; i++) {
		u32 first = i % 4 < 2 ? 0 : 16, second = i % 2 ? 1 : 17;

		frame_udp(f->data + first * XENNET_PAGE_SIZE, 4000);
		put_request(f, f->data_ref[first], F2B_MORE_DATA, 0, 5000);
		put_request(f, f->data_ref[second], 0, 5, 1000);
	}
	send_all(f);
}

static void grefs_mixed(struct front *f)
{
	add(f, f->data_ref, 16, XENNET_GREF_READONLY);
	printf(" ");
	put_frames(f);
	collect(f, ANSWER_MS);
}

/* While frames are underway in them. */
static void grefs_pulled(struct front *f)
{
	u32 i;

	for (i = 0; i < 5; i++) {
		add(f, f->data_ref, DATA_PAGES, XENNET_GREF_READONLY);
		put_frames(f);
		say(f, XENNET_CTRL_DEL_GREFS, 0, f->room_ref[LIST], DATA_PAGES);
		collect(f, ANSWER_MS);
	}
	printf(" ");
}

/* Frames to the guest do not go through what the backend may only read. */
static void grefs_read_only(struct front *f)
{
	add(f, f->room_ref, 1, XENNET_GREF_READONLY);
	printf(" ");
	listen_on(f, f->room_ref[0]);
}

static void grefs_room(struct front *f)
{
	add(f, f->room_ref, 1, 0);
	printf(" ");
	listen_on(f, f->room_ref[0]);
}

static void grefs_flood(struct front *f)
{
	struct ctrl_request req = { .data = { 0, f->room_ref[LIST],
					      DATA_PAGES } };
	u32 i, done = 0;

	write_list(f, f->data_ref, DATA_PAGES, XENNET_GREF_READONLY);
	for (i = 0; i < FLOOD_LISTS; i++) {
		req.type = XENNET_CTRL_ADD_GREFS;
		done += ctrl_ask(f, &req).status == XENNET_CTRL_SUCCESS;
		req.type = XENNET_CTRL_DEL_GREFS;
		done += ctrl_ask(f, &req).status == XENNET_CTRL_SUCCESS;
	}
	printf("lists %u ", done);
}

/* The backend unmaps what nobody took out. */
static void grefs_left(struct front *f)
{
	add(f, f->data_ref, DATA_PAGES, XENNET_GREF_READONLY);
	printf(" ");
	put_frames(f);
}

const struct front_attack grefs_attacks[] = {
	{ "grefs-bad", grefs_bad, ctrl_offer, .spares = true },
	{ "grefs-many", grefs_many, ctrl_offer, .spares = true },
	{ "grefs-mixed", grefs_mixed, ctrl_offer, .spares = true },
	{ "grefs-pulled", grefs_pulled, ctrl_offer, .spares = true },
	{ "grefs-read-only", grefs_read_only, ctrl_offer, .spares = true },
	{ "grefs-room", grefs_room, ctrl_offer, .spares = true },
	{ "grefs-flood", grefs_flood, ctrl_offer, .spares = true },
	{ "grefs-left", grefs_left, ctrl_offer },
	{ "grefs-deserted", grefs_left, ctrl_offer, .stays = true },
	{ }
};
