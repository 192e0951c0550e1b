// SPDX-License-Identifier: GPL-2.0
/* Attacks on what the backend sends, and on its patience with xenstore. */
#include "front.h"

/* dom0 sends a stream of small frames meanwhile. */
#define LISTEN_FRAMES	20u
#define DEAF_MS		3000u

static void post(struct front *f, u32 gref)
{
	struct b2f_request req = {
		.id = f->b2f.req_prod % XENNET_RING_SIZE,
		.gref = gref,
	};

	b2f_write_request(f->b2f_ring, f->b2f.req_prod++, &req);
}

static void show_posted(struct front *f)
{
	ring_front_publish(&f->b2f);
	front_notify(f);
}

/* Counts what arrives, posting again with @gref what came, 0: nothing. */
static void listen(struct front *f, u32 gref)
{
	unsigned int start = now_ms(), ms = gref ? PATIENCE_MS : DEAF_MS;
	u32 i, frames = 0, errors = 0;

	while (now_ms() - start < ms &&
	       frames + errors < LISTEN_FRAMES) {
		u32 n = responses(&f->b2f);

		for (i = 0; i < n; i++) {
			struct b2f_response rsp;

			b2f_read_response(f->b2f_ring, f->b2f.rsp_cons++, &rsp);
			frames += rsp.status >= 0;
			errors += rsp.status < 0;
			if (gref)
				post(f, gref);
		}
		if (n && gref)
			show_posted(f);
		sleep_ms(2);
	}
	printf("frames %u errors %u ", frames, errors);
}

void listen_on(struct front *f, u32 gref)
{
	u32 i;

	for (i = 0; i < XENNET_RING_SIZE; i++)
		post(f, gref);
	show_posted(f);
	listen(f, gref);
}

static void rx_good(struct front *f)
{
	listen_on(f, f->room_ref[0]);
}

/* Number of an echo request, -1: the frame is none. */
static int echo_number(const u8 *frame)
{
	if (frame[12] != 8 || frame[13] || frame[23] != 1 || frame[34] != 8)
		return -1;
	return frame[40] << 8 | frame[41];
}

/* Takes a response to one of @pages buffers and posts the page again. */
static int take_echo(struct front *f, u32 pages)
{
	u32 page = f->b2f.rsp_cons % pages;
	struct b2f_response rsp;
	int number = -1;

	b2f_read_response(f->b2f_ring, f->b2f.rsp_cons++, &rsp);
	if (rsp.status > 42)
		number = echo_number(f->room + page * XENNET_PAGE_SIZE +
				     rsp.offset);
	post(f, f->room_ref[page]);
	return number;
}

/* Honest, but short of memory (as iPXE): no echo request may be missing. */
static void rx_four(struct front *f)
{
	unsigned int start = now_ms();
	u32 i, frames = 0, gaps = 0;
	int last = -1;

	for (i = 0; i < 4; i++)
		post(f, f->room_ref[i]);
	show_posted(f);
	while (now_ms() - start < PATIENCE_MS && frames < LISTEN_FRAMES) {
		u32 n = responses(&f->b2f);

		for (i = 0; i < n; i++) {
			int number = take_echo(f, 4);

			if (number < 0)
				continue;
			gaps += frames && number != (last + 1) % 65536;
			frames++;
			last = number;
		}
		if (n)
			show_posted(f);
		sleep_ms(2);
	}
	printf("frames %u gaps %u ", frames, gaps);
}

static void rx_bad_gref(struct front *f)
{
	listen_on(f, BAD_REF);
}

static void rx_read_only(struct front *f)
{
	listen_on(f, f->data_ref[0]);
}

static void rx_index(struct front *f)
{
	WRITE_ONCE(f->b2f_ring->hdr.req_prod, 3 * XENNET_RING_SIZE);
	front_notify(f);
	listen(f, 0);
}

static void rx_index_back(struct front *f)
{
	post(f, f->room_ref[0]);
	show_posted(f);
	listen(f, 0);
	WRITE_ONCE(f->b2f_ring->hdr.req_prod, 0u - 5);
	front_notify(f);
	listen(f, 0);
}

static void rx_none(struct front *f)
{
	listen(f, 0);
}

/* Longer than the backend's patience, and then honest. */
static void rx_stall(struct front *f)
{
	listen(f, 0);
	listen_on(f, f->room_ref[0]);
}

static void rx_garbage_head(struct front *f)
{
	struct xennet_sring_hdr *hdr = &f->b2f_ring->hdr;

	WRITE_ONCE(hdr->rsp_prod, rnd());
	WRITE_ONCE(hdr->req_event, rnd());
	/* As an honest frontend from here on. */
	ring_front_arm(&f->b2f, 1);
	WRITE_ONCE(hdr->rsp_prod, 0);
	listen_on(f, f->room_ref[0]);
}

static void same_ring(struct front *f)
{
	store_write_number(f->xs, FRONT_DIR, "rx-ring-ref", f->ring_ref[0]);
}

/* A ring that was left in the middle, by a frontend that lost count. */
static void dirty_ring(struct front *f)
{
	f->f2b_ring->hdr.req_prod = 5 * XENNET_RING_SIZE;
	f->f2b_ring->hdr.rsp_prod = XENNET_RING_SIZE;
}

static void nothing(struct front *f)
{
	sleep_ms(200);
	(void)f;
}

/* XSA-349: states written faster than anybody can follow. */
static void flap(struct front *f)
{
	static const unsigned int states[] = { 1, 4, 6, 5, 3, 7, 99 };
	u32 i;

	for (i = 0; i < 2000; i++)
		show_state(f, states[i % ARRAY_SIZE(states)]);
	for (i = 0; i < 300; i++) {
		show_state(f, PEER_INITIALISING);
		show_state(f, PEER_CONNECTED);
		show_state(f, PEER_CLOSED);
	}
}

/* Each connection breaks a rule, and the next follows at once. */
static void fatal_again(struct front *f)
{
	u32 i;

	for (i = 0; i < 40; i++) {
		WRITE_ONCE(f->f2b_ring->hdr.req_prod,
			   f->f2b_ring->hdr.rsp_prod + 1);
		f2b_write_request(f->f2b_ring, f->f2b_ring->hdr.rsp_prod,
				  &(struct f2b_request) { .flags = F2B_MORE_DATA });
		front_notify(f);
		sleep_ms(20);
		reconnect(f, PEER_CONNECTED);
	}
}

/* Each connection is refused, and the next follows at once. */
static void refused_again(struct front *f)
{
	u32 i;

	store_write(f->xs, FRONT_DIR, "event-channel", "77777");
	for (i = 0; i < 60; i++)
		reconnect(f, PEER_CLOSING);
}

/* The same for grants of rings that are none. */
static void rings_again(struct front *f)
{
	u32 i;

	for (i = 0; i < 60; i++) {
		store_write(f->xs, FRONT_DIR, i % 2 ? "tx-ring-ref" :
						      "rx-ring-ref", "9999999");
		reconnect(f, PEER_CLOSING);
	}
}

const struct front_attack b2f_attacks[] = {
	{ "rx-good", rx_good, .spares = true },
	{ "rx-four", rx_four, .spares = true },
	{ "rx-bad-gref", rx_bad_gref, .spares = true },
	{ "rx-read-only", rx_read_only, .spares = true },
	{ "rx-index", rx_index },
	{ "rx-index-back", rx_index_back },
	{ "rx-none", rx_none, .spares = true },
	{ "rx-stall", rx_stall, .spares = true },
	{ "rx-garbage-head", rx_garbage_head, .spares = true },
	{ "same-ring", nothing, same_ring },
	{ "dirty-ring", nothing, dirty_ring },
	{ "nothing", nothing, .spares = true },
	{ "vanish", nothing, .stays = true },
	{ "flap", flap },
	{ "fatal-again", fatal_again },
	{ "refused-again", refused_again },
	{ "rings-again", rings_again },
	{ }
};
