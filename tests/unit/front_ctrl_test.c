// SPDX-License-Identifier: GPL-2.0
/* Messages of the control ring, from netfront's end to netback's and back. */
#include "netback/rss.h"
#include "netfront/ctrl_parse.h"
#include "unit.h"

/* Both ends of a ring. */
struct pair {
	struct ctrl_sring sring;
	struct ring_front front;
	struct ring_back back;
};

static void connect_pair(struct pair *p)
{
	memset(p, 0, sizeof(*p));
	ring_front_init(&p->front, &p->sring.hdr);
	assert_int_equal(ring_back_attach(&p->back, &p->sring.hdr), 0);
}

static struct ctrl_request ask(struct pair *p, u16 type, u32 value)
{
	struct ctrl_request req = {
		.id = p->front.req_prod, .type = type, .data = { value },
	};

	ctrl_write_request(&p->sring, p->front.req_prod++, &req);
	ring_front_arm(&p->front, p->front.req_prod - p->front.rsp_cons);
	ring_front_publish(&p->front);
	return req;
}

static void take(struct pair *p, struct ctrl_request *req)
{
	u32 n;

	assert_int_equal(ring_back_requests(&p->back, &n), 0);
	assert_int_equal(n, 1);
	ctrl_read_request(&p->sring, p->back.req_cons++, req);
	ring_back_arm(&p->back, 1);
}

static void answer(struct pair *p, const struct ctrl_response *rsp)
{
	ctrl_write_response(&p->sring, p->back.rsp_prod++, rsp);
	assert_true(ring_back_publish(&p->back));
}

static void every_message_has_its_answer(void **state)
{
	struct rss rss = { 0 };
	struct pair p;
	u32 round;

	(void)state;
	connect_pair(&p);
	for (round = 0; round < 1000; round++) {
		struct ctrl_request req, seen;
		struct ctrl_response rsp, got;

		req = ask(&p, XENNET_CTRL_SET_HASH_ALGORITHM, round % 3);
		assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &got),
				 CTRL_WAITING);
		take(&p, &seen);
		rss_obey(&rss, &seen, NULL, 1, &rsp);
		answer(&p, &rsp);
		assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &got),
				 CTRL_ANSWERED);
		assert_int_equal(got.status, round % 3 < 2 ?
				 XENNET_CTRL_SUCCESS :
				 XENNET_CTRL_INVALID_PARAMETER);
	}
}

static void answers_left_to_another_backend_are_passed_over(void **state)
{
	struct ctrl_response rsp = { .type = XENNET_CTRL_SET_HASH_FLAGS }, got;
	struct ctrl_request first, req;
	struct pair p;

	(void)state;
	connect_pair(&p);
	first = ask(&p, XENNET_CTRL_SET_HASH_FLAGS, 1);
	req = ask(&p, XENNET_CTRL_SET_HASH_FLAGS, 2);
	rsp.id = first.id;
	ctrl_write_response(&p.sring, p.back.rsp_prod++, &rsp);
	assert_false(ring_back_publish(&p.back));
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &got),
			 CTRL_WAITING);
	rsp.id = req.id;
	rsp.status = 7;
	answer(&p, &rsp);
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &got),
			 CTRL_ANSWERED);
	assert_int_equal(got.status, 7);
}

static void an_answer_to_something_else_is_none(void **state)
{
	struct ctrl_response rsp = { .type = XENNET_CTRL_SET_HASH_FLAGS };
	struct ctrl_request req;
	struct pair p;

	(void)state;
	connect_pair(&p);
	req = ask(&p, XENNET_CTRL_SET_HASH_FLAGS, 1);
	rsp.id = req.id + 1;
	answer(&p, &rsp);
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &rsp),
			 CTRL_BROKEN);

	connect_pair(&p);
	req = ask(&p, XENNET_CTRL_SET_HASH_FLAGS, 1);
	rsp.id = req.id;
	rsp.type = XENNET_CTRL_GET_HASH_FLAGS;
	answer(&p, &rsp);
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &rsp),
			 CTRL_BROKEN);
}

static void only_one_answer_can_be_there(void **state)
{
	struct ctrl_response rsp;
	struct ctrl_request req;
	struct pair p;

	(void)state;
	connect_pair(&p);
	req = ask(&p, XENNET_CTRL_GET_HASH_FLAGS, 0);
	p.sring.hdr.rsp_prod = 2;
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &rsp),
			 CTRL_BROKEN);
	p.sring.hdr.rsp_prod = -1;
	assert_int_equal(ctrl_parse(&p.front, &p.sring, &req, &rsp),
			 CTRL_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_has_its_answer),
		cmocka_unit_test(answers_left_to_another_backend_are_passed_over),
		cmocka_unit_test(an_answer_to_something_else_is_none),
		cmocka_unit_test(only_one_answer_can_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
