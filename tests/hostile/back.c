// SPDX-License-Identifier: GPL-2.0
/* The backend's life but for the attack: map, bind, connect, close. */
#include <sys/mman.h>

#include "back.h"

#define LOOK_MS	200u

/* A guest that takes longer to stop has let itself be held up. */
#define STOP_MS	1000u

static void set_state(struct back *b, enum peer_state state)
{
	store_write_number(b->xs, b->dir, "state", state);
}

void await_front(struct back *b, enum peer_state one, enum peer_state other)
{
	unsigned int state = await_state(b->xs, b->front, one, other,
					 PATIENCE_MS);

	if (state == one || state == other)
		return;
	printf("the frontend stays in state %u ", state);
	exit(1);
}

u8 *map_page(struct back *b, u32 gref, bool writable)
{
	int prot = PROT_READ | (writable ? PROT_WRITE : 0);
	void *page = xengnttab_map_grant_ref(b->xgt, b->domid, gref, prot);

	if (!page)
		die("mapping a page of the guest");
	return page;
}

void unmap_page(struct back *b, u8 *page)
{
	if (xengnttab_unmap(b->xgt, page, 1))
		die("unmapping a page of the guest");
}

void await_f2b(struct back *b, struct f2b_request *req)
{
	unsigned int start = now_ms();
	u32 n;

	while (ring_back_requests(&b->f2b, &n) || !n) {
		ring_back_arm(&b->f2b, 1);
		if (now_ms() - start > PATIENCE_MS) {
			printf("the guest sends nothing ");
			exit(1);
		}
		sleep_ms(5);
	}
	f2b_read_request(b->f2b_ring, b->f2b.req_cons++, req);
}

void take_b2f(struct back *b, struct b2f_request *req)
{
	unsigned int start = now_ms();
	u32 n;

	while (ring_back_requests(&b->b2f, &n) || !n) {
		if (now_ms() - start > PATIENCE_MS) {
			printf("the guest posts nothing ");
			exit(1);
		}
		sleep_ms(1);
	}
	b2f_read_request(b->b2f_ring, b->b2f.req_cons++, req);
}

void answer_f2b(struct back *b, u16 id, s16 status)
{
	struct f2b_response rsp = { .id = id, .status = status };

	f2b_write_response(b->f2b_ring, b->f2b.rsp_prod++, &rsp);
}

void answer_b2f(struct back *b, const struct b2f_response *rsp)
{
	b2f_write_response(b->b2f_ring, b->b2f.rsp_prod++, rsp);
}

void extra_b2f(struct back *b, const struct xennet_extra *extra)
{
	b2f_write_extra(b->b2f_ring, b->b2f.rsp_prod++, extra);
}

void show_f2b(struct back *b)
{
	ring_back_publish(&b->f2b);
	xenevtchn_notify(b->xce, b->f2b_port);
	sleep_ms(LOOK_MS);
}

void show_b2f(struct back *b)
{
	ring_back_publish(&b->b2f);
	xenevtchn_notify(b->xce, b->b2f_port);
	sleep_ms(LOOK_MS);
}

void await_ctrl(struct back *b, struct ctrl_request *req)
{
	unsigned int start = now_ms();
	u32 n;

	while (ring_back_requests(&b->ctrl, &n) || !n) {
		if (now_ms() - start > PATIENCE_MS) {
			printf("the guest has no message ");
			exit(1);
		}
		sleep_ms(5);
	}
	ctrl_read_request(b->ctrl_ring, b->ctrl.req_cons++, req);
}

void answer_ctrl(struct back *b, const struct ctrl_response *rsp)
{
	ctrl_write_response(b->ctrl_ring, b->ctrl.rsp_prod++, rsp);
}

void wake_ctrl(struct back *b)
{
	xenevtchn_notify(b->xce, b->ctrl_port);
}

void show_ctrl(struct back *b)
{
	ring_back_publish(&b->ctrl);
	wake_ctrl(b);
	sleep_ms(LOOK_MS);
}

static evtchn_port_t bind(struct back *b, const char *key)
{
	xenevtchn_port_or_error_t port;

	port = xenevtchn_bind_interdomain(b->xce, b->domid,
					  store_number(b->xs, b->front, key));
	if (port < 0)
		die(key);
	return port;
}

void back_close(struct back *b)
{
	unsigned int start = now_ms();

	if (store_number(b->xs, b->front, "state") == PEER_INITIALISING)
		return set_state(b, PEER_CLOSED);
	set_state(b, PEER_CLOSING);
	await_front(b, PEER_CLOSING, PEER_CLOSED);
	if (now_ms() - start > STOP_MS)
		printf("held up for %u ms ", now_ms() - start);
	set_state(b, PEER_CLOSED);
	/* One that closed of its own will wants to connect again. */
	await_front(b, PEER_CLOSED, PEER_INITIALISING);
}

static void connect_ctrl(struct back *b)
{
	b->ctrl_ring = (void *)map_page(b, store_number(b->xs, b->front,
							"ctrl-ring-ref"), true);
	ring_back_attach(&b->ctrl, &b->ctrl_ring->hdr);
	b->ctrl_port = bind(b, "event-channel-ctrl");
}

/* The frontend closes, whatever it had, and starts from the beginning. */
static void back_connect(struct back *b, const struct back_attack *attack)
{
	const char *offer = attack->groups ? "1" : "0";

	back_close(b);
	store_write(b->xs, b->dir, "feature-split-event-channels", "1");
	store_write(b->xs, b->dir, "feature-rx-copy", "1");
	store_write(b->xs, b->dir, "feature-multicast-control", offer);
	store_write(b->xs, b->dir, "feature-dynamic-multicast-control", offer);
	store_write(b->xs, b->dir, "feature-ctrl-ring", attack->ctrl ? "1" : "0");
	set_state(b, PEER_INIT_WAIT);
	await_front(b, PEER_CONNECTED, PEER_CONNECTED);
	b->f2b_ring = (void *)map_page(b, store_number(b->xs, b->front,
						       "tx-ring-ref"), true);
	b->b2f_ring = (void *)map_page(b, store_number(b->xs, b->front,
						       "rx-ring-ref"), true);
	ring_back_attach(&b->f2b, &b->f2b_ring->hdr);
	ring_back_attach(&b->b2f, &b->b2f_ring->hdr);
	b->f2b_port = bind(b, "event-channel-tx");
	b->b2f_port = bind(b, "event-channel-rx");
	if (attack->ctrl)
		connect_ctrl(b);
	set_state(b, PEER_CONNECTED);
}

static void back_create(struct back *b, const char *domid)
{
	char path[80];

	b->domid = atoi(domid);
	b->xs = xs_open(0);
	b->xce = xenevtchn_open(NULL, 0);
	b->xgt = xengnttab_open(NULL, 0);
	if (!b->xs || !b->xce || !b->xgt)
		die("xenstore, event channels, grants");
	snprintf(b->dir, sizeof(b->dir), "backend/vif/%u/0", b->domid);
	snprintf(path, sizeof(path), "%s/frontend", b->dir);
	b->front = xs_read(b->xs, XBT_NULL, path, NULL);
	if (!b->front)
		die(path);
}

int back_run(const char *domid, const char *name)
{
	const struct back_attack *attack = back_attacks;
	struct back b = { };

	while (attack->name && strcmp(attack->name, name))
		attack++;
	if (!attack->name) {
		fprintf(stderr, "peer: no attack %s\n", name);
		return 1;
	}
	back_create(&b, domid);
	back_connect(&b, attack);
	attack->run(&b);
	back_close(&b);
	return 0;
}
