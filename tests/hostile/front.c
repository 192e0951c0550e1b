// SPDX-License-Identifier: GPL-2.0
/* The frontend's life but for the attack: share, publish, connect, close. */
#include "front.h"

void front_notify(struct front *f)
{
	xenevtchn_notify(f->xce, f->port);
}

void put_request(struct front *f, u32 gref, u16 flags, u16 offset, u16 size)
{
	struct f2b_request req = {
		.gref = gref,
		.offset = offset,
		.flags = flags,
		.id = f->f2b.req_prod % XENNET_RING_SIZE,
		.size = size,
	};

	f2b_write_request(f->f2b_ring, f->f2b.req_prod++, &req);
	f->posted++;
}

void put_extra(struct front *f, const struct xennet_extra *extra)
{
	f2b_write_extra(f->f2b_ring, f->f2b.req_prod++, extra);
	f->posted++;
}

void send_all(struct front *f)
{
	ring_front_publish(&f->f2b);
	front_notify(f);
}

static void count_answer(struct front *f, const struct f2b_response *rsp)
{
	switch (rsp->status) {
	case XENNET_RSP_OKAY:
		f->answer[ANSWER_OKAY]++;
		break;
	case XENNET_RSP_ERROR:
		f->answer[ANSWER_ERROR]++;
		break;
	case XENNET_RSP_NULL:
		f->answer[ANSWER_NULL]++;
		break;
	default:
		f->answer[ANSWER_OTHER]++;
	}
}

u32 responses(const struct ring_front *ring)
{
	u32 n;

	if (ring_front_responses(ring, &n)) {
		printf("the backend answers what it was not asked ");
		exit(1);
	}
	return n;
}

static u32 take_answers(struct front *f)
{
	u32 i, n = responses(&f->f2b);

	for (i = 0; i < n; i++) {
		struct f2b_response rsp;

		f2b_read_response(f->f2b_ring, f->f2b.rsp_cons++, &rsp);
		count_answer(f, &rsp);
	}
	return n;
}

void collect(struct front *f, unsigned int ms)
{
	unsigned int start = now_ms();

	while (f->f2b.rsp_cons != f->f2b.req_prod && now_ms() - start < ms) {
		if (take_answers(f))
			start = now_ms();
		else
			sleep_ms(1);
	}
}

static void *share(struct front *f, unsigned int count, u32 *ref, bool writable)
{
	void *pages = xengntshr_share_pages(f->xgs, 0, count, ref, writable);

	if (!pages)
		die("sharing pages");
	memset(pages, 0, count * XENNET_PAGE_SIZE);
	return pages;
}

static void front_create(struct front *f)
{
	xenevtchn_port_or_error_t port;

	f->xs = xs_open(0);
	f->xce = xenevtchn_open(NULL, 0);
	f->xgs = xengntshr_open(NULL, 0);
	if (!f->xs || !f->xce || !f->xgs)
		die("xenstore, event channels, grants");
	f->back = xs_read(f->xs, XBT_NULL, FRONT_DIR "/backend", NULL);
	port = xenevtchn_bind_unbound_port(f->xce, 0);
	if (!f->back || port < 0)
		die("backend, port");
	f->port = port;
	port = xenevtchn_bind_unbound_port(f->xce, 0);
	if (port < 0)
		die("port");
	f->ctrl_port = port;
	f->ctrl_ring = share(f, 1, &f->ring_ref[2], true);
	f->f2b_ring = share(f, 1, &f->ring_ref[0], true);
	f->b2f_ring = share(f, 1, &f->ring_ref[1], true);
	f->data = share(f, DATA_PAGES, f->data_ref, false);
	f->room = share(f, DATA_PAGES, f->room_ref, true);
	ring_front_init(&f->f2b, &f->f2b_ring->hdr);
	ring_front_init(&f->b2f, &f->b2f_ring->hdr);
	ring_front_init(&f->ctrl, &f->ctrl_ring->hdr);
}

/* What a run of attacks has in common; spoilt keys are written again. */
void front_write_features(void)
{
	static const char * const gone[] = {
		"event-channel-tx", "event-channel-rx", "multi-queue-num-queues",
		"ctrl-ring-ref", "event-channel-ctrl",
	};
	static const char * const set[] = {
		"request-rx-copy", "feature-rx-notify", "feature-sg",
		"feature-gso-tcpv4", "feature-gso-tcpv6",
		"feature-ipv6-csum-offload",
	};
	struct xs_handle *xs = xs_open(0);
	unsigned int i;

	if (!xs)
		die("xenstore");
	for (i = 0; i < ARRAY_SIZE(gone); i++)
		store_write(xs, FRONT_DIR, gone[i], NULL);
	for (i = 0; i < ARRAY_SIZE(set); i++)
		store_write(xs, FRONT_DIR, set[i], "1");
	xs_close(xs);
}

static void write_rings(struct front *f)
{
	store_write_number(f->xs, FRONT_DIR, "tx-ring-ref", f->ring_ref[0]);
	store_write_number(f->xs, FRONT_DIR, "rx-ring-ref", f->ring_ref[1]);
	store_write_number(f->xs, FRONT_DIR, "event-channel", f->port);
}

/* "KEY=VALUE,KEY": the first is written, the second removed. */
static void spoil_keys(struct front *f, char *words)
{
	char *word;

	while ((word = strsep(&words, ","))) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = 0;
		store_write(f->xs, FRONT_DIR, word, value);
	}
}

void show_state(struct front *f, unsigned int state)
{
	store_write_number(f->xs, FRONT_DIR, "state", state);
}

/* Ends the attack when the backend does not come to @wanted. */
static void need_state(struct front *f, unsigned int wanted)
{
	unsigned int state = await_state(f->xs, f->back, wanted, wanted,
					 PATIENCE_MS);

	if (state != wanted) {
		printf("backend stays in state %u ", state);
		exit(1);
	}
}

void reconnect(struct front *f, enum peer_state end)
{
	show_state(f, PEER_CLOSED);
	need_state(f, PEER_CLOSED);
	show_state(f, PEER_INITIALISING);
	need_state(f, PEER_INIT_WAIT);
	show_state(f, PEER_CONNECTED);
	need_state(f, end);
}

static void front_close(struct front *f)
{
	show_state(f, PEER_CLOSING);
	await_state(f->xs, f->back, PEER_CLOSING, PEER_CLOSED, PATIENCE_MS);
	show_state(f, PEER_CLOSED);
	await_state(f->xs, f->back, PEER_CLOSED, PEER_CLOSED, PATIENCE_MS);
}

static bool front_connect(struct front *f, const struct front_attack *attack,
			  char *words)
{
	unsigned int state;

	show_state(f, PEER_INITIALISING);
	need_state(f, PEER_INIT_WAIT);
	write_rings(f);
	if (attack->keys)
		attack->keys(f);
	spoil_keys(f, words);
	show_state(f, PEER_CONNECTED);
	state = await_state(f->xs, f->back, PEER_CONNECTED, PEER_CLOSING,
			    PATIENCE_MS);
	return state == PEER_CONNECTED;
}

static void report(const struct front *f)
{
	static const char * const names[ANSWERS] = {
		"okay", "error", "null", "other",
	};
	u32 i, open = f->posted;

	for (i = 0; i < ANSWERS; i++) {
		open -= f->answer[i];
		if (f->answer[i])
			printf("%s %u ", names[i], f->answer[i]);
	}
	if (open)
		printf("open %u ", open);
}

static const struct front_attack *find(const char *name)
{
	static const struct front_attack * const lists[] = {
		f2b_attacks, b2f_attacks, ctrl_attacks, grefs_attacks,
	};
	const struct front_attack *a;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		for (a = lists[i]; a->name; a++)
			if (!strcmp(a->name, name))
				return a;
	fprintf(stderr, "peer: no attack %s\n", name);
	exit(1);
}

static bool behaves(struct front *f)
{
	u32 before = f->answer[ANSWER_OKAY], posted = f->posted;

	find("good")->run(f);
	return f->answer[ANSWER_OKAY] - before == f->posted - posted;
}

enum front_end front_run(char *words)
{
	const struct front_attack *attack = find(strsep(&words, ","));
	enum front_end end = FRONT_OVER;
	struct front f = { };

	front_create(&f);
	if (front_connect(&f, attack, words)) {
		attack->run(&f);
		report(&f);
		if (attack->spares)
			end = behaves(&f) ? FRONT_ALIVE : FRONT_DEAD;
	} else {
		printf("refused ");
	}
	if (!attack->stays)
		front_close(&f);
	return end;
}

enum front_end front_probe(void)
{
	struct front f = { };
	bool alive;

	front_create(&f);
	alive = front_connect(&f, find("good"), NULL) && behaves(&f);
	front_close(&f);
	return alive ? FRONT_ALIVE : FRONT_DEAD;
}
