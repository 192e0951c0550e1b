/* SPDX-License-Identifier: GPL-2.0 */
/* A guest and the backend's end of its f2b ring, one packet at a time. */
#ifndef UNIT_SCENE_H
#define UNIT_SCENE_H

#include "guest.h"

/* A guest with a backend opposite that looks at all it writes. */
struct scene {
	struct guest g;
	struct ring_back back;
	struct f2b_pkt pkt;
};

static inline int setup_at(void **state, u32 start)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->g = guest_new(start);
	s->g.sring->hdr.req_prod = start;
	s->g.sring->hdr.rsp_prod = start;
	assert_int_equal(ring_back_attach(&s->back, &s->g.sring->hdr), 0);
	*state = s;
	return 0;
}

static inline int setup(void **state)
{
	return setup_at(state, 0);
}

static inline int teardown(void **state)
{
	struct scene *s = *state;

	guest_free(&s->g);
	free(s);
	return 0;
}

/* Takes one packet; consumes what its verdict says. */
static inline enum xennet_reason take(struct scene *s)
{
	u32 n;

	s->g.sring->hdr.req_prod = s->g.prod;
	assert_int_equal(ring_back_requests(&s->back, &n), 0);
	f2b_parse(s->g.sring, s->back.req_cons, n, FATAL_SLOTS, &s->pkt);
	s->back.req_cons += s->pkt.used;
	return s->pkt.reason;
}

#define AT(where, name)	cmocka_unit_test_setup_teardown(name, where, teardown)
#define T(name)		AT(setup, name)

#endif /* UNIT_SCENE_H */
