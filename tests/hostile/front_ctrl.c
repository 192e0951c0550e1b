// SPDX-License-Identifier: GPL-2.0
/* Attacks by messages of the control ring. The guest has one queue. */
#include "front.h"

#define FLOOD_MESSAGES	3000u

void ctrl_offer(struct front *f)
{
	store_write_number(f->xs, FRONT_DIR, "ctrl-ring-ref", f->ring_ref[2]);
	store_write_number(f->xs, FRONT_DIR, "event-channel-ctrl", f->ctrl_port);
}

static void write_message(struct front *f, const struct ctrl_request *req)
{
	ctrl_write_request(f->ctrl_ring, f->ctrl.req_prod++, req);
}

static void send_messages(struct front *f)
{
	ring_front_publish(&f->ctrl);
	xenevtchn_notify(f->xce, f->ctrl_port);
}

/* The next response; ends the program when none comes, or a wrong one. */
static struct ctrl_response await_response(struct front *f, u16 id)
{
	unsigned int start = now_ms();
	struct ctrl_response rsp;

	while (!responses(&f->ctrl)) {
		if (now_ms() - start > PATIENCE_MS) {
			printf("no response ");
			exit(1);
		}
		sleep_ms(1);
	}
	ctrl_read_response(f->ctrl_ring, f->ctrl.rsp_cons++, &rsp);
	if (rsp.id != id) {
		printf("response to nothing asked ");
		exit(1);
	}
	return rsp;
}

struct ctrl_response ctrl_ask(struct front *f, const struct ctrl_request *msg)
{
	struct ctrl_request req = *msg;

	req.id = 0x1234 + f->ctrl.req_prod;
	write_message(f, &req);
	send_messages(f);
	return await_response(f, req.id);
}

/* Every message that cannot be, and some that must be, to get as far as others. */
static void ctrl_bad(struct front *f)
{
	const u32 page = f->data_ref[0], beyond = f->data_ref[1];
	const struct ctrl_request messages[] = {
		{ .type = XENNET_CTRL_GET_HASH_FLAGS },
		{ .type = XENNET_CTRL_SET_HASH_FLAGS, .data = { 1 } },
		{ .type = 0 },
		{ .type = 11 },
		{ .type = 0xffff },
		{ .type = XENNET_CTRL_SET_HASH_ALGORITHM, .data = { 7 } },
		{ .type = XENNET_CTRL_SET_HASH_ALGORITHM, .data = { 1 } },
		{ .type = XENNET_CTRL_SET_HASH_FLAGS, .data = { 0x10 } },
		{ .type = XENNET_CTRL_SET_HASH_FLAGS, .data = { 0xf } },
		{ .type = XENNET_CTRL_SET_HASH_KEY, .data = { BAD_REF, 40 } },
		{ .type = XENNET_CTRL_SET_HASH_KEY, .data = { page, 41 } },
		{ .type = XENNET_CTRL_SET_HASH_KEY, .data = { page, U32_MAX } },
		{ .type = XENNET_CTRL_SET_HASH_KEY, .data = { page, 40 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP_SIZE, .data = { 129 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP_SIZE, .data = { 4 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { BAD_REF, 4 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { page, 129 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { page, 0x40000001 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { page, 5 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { page, 4, U32_MAX - 1 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { beyond, 4 } },
		{ .type = XENNET_CTRL_SET_HASH_MAP, .data = { page, 4 } },
	};
	u32 i, one = 1;

	memcpy(f->data + XENNET_PAGE_SIZE + 3 * sizeof(one), &one, sizeof(one));
	printf("statuses ");
	for (i = 0; i < ARRAY_SIZE(messages); i++)
		printf("%u", ctrl_ask(f, &messages[i]).status);
	printf(" ");
}

/* A full ring, again and again. */
static void ctrl_flood(struct front *f)
{
	struct ctrl_request req = {
		.type = XENNET_CTRL_SET_HASH_KEY, .data = { f->data_ref[0], 40 },
	};
	u32 i, k, done = 0;

	for (i = 0; i < FLOOD_MESSAGES; i += XENNET_CTRL_RING_SIZE) {
		for (k = 0; k < XENNET_CTRL_RING_SIZE; k++) {
			req.id = k;
			write_message(f, &req);
		}
		send_messages(f);
		for (k = 0; k < XENNET_CTRL_RING_SIZE; k++)
			done += await_response(f, k).status ==
				XENNET_CTRL_SUCCESS;
	}
	printf("messages %u ", done);
}

static void jump(struct front *f, u32 ahead)
{
	WRITE_ONCE(f->ctrl_ring->hdr.req_prod, f->ctrl.req_prod + ahead);
	xenevtchn_notify(f->xce, f->ctrl_port);
	sleep_ms(500);
	printf("responses %u ", READ_ONCE(f->ctrl_ring->hdr.rsp_prod));
}

/* More than this ring has, less than others have. */
static void ctrl_index(struct front *f)
{
	jump(f, XENNET_CTRL_RING_SIZE + 1);
}

static void ctrl_index_far(struct front *f)
{
	jump(f, U32_MAX);
}

static void ctrl_storm(struct front *f)
{
	unsigned int start = now_ms();

	while (now_ms() - start < STORM_MS)
		xenevtchn_notify(f->xce, f->ctrl_port);
}

const struct front_attack ctrl_attacks[] = {
	{ "ctrl-bad", ctrl_bad, ctrl_offer, .spares = true },
	{ "ctrl-flood", ctrl_flood, ctrl_offer, .spares = true },
	{ "ctrl-index", ctrl_index, ctrl_offer },
	{ "ctrl-index-far", ctrl_index_far, ctrl_offer },
	{ "ctrl-storm", ctrl_storm, ctrl_offer, .spares = true },
	{ }
};
