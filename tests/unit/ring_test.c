// SPDX-License-Identifier: GPL-2.0
/* Both ends of a ring: what a peer may claim, and who must be woken when. */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <xennet/ring.h>
#include "unit.h"

/* Counters start here, so that they wrap within a test. */
#define NEAR_WRAP	(U32_MAX - 100)

struct ends {
	struct f2b_sring *sring;
	struct xennet_sring_hdr *hdr;
	struct ring_front front;
	struct ring_back back;
};

/* Both ends, all counters at @start. */
static struct ends ends_at(u32 start)
{
	struct ends e = { .sring = new_page(sizeof(struct f2b_sring)) };

	e.hdr = &e.sring->hdr;
	ring_front_init(&e.front, e.hdr);
	e.front.req_prod = start;
	e.front.req_pub = start;
	e.front.rsp_cons = start;
	e.hdr->req_prod = start;
	e.hdr->rsp_prod = start;
	e.hdr->req_event = start + 1;
	e.hdr->rsp_event = start + 1;
	assert_int_equal(ring_back_attach(&e.back, e.hdr), 0);
	return e;
}

static u32 requests(struct ends *e)
{
	u32 n;

	assert_int_equal(ring_back_requests(&e->back, &n), 0);
	return n;
}

static u32 responses(struct ends *e)
{
	u32 n;

	assert_int_equal(ring_front_responses(&e->front, &n), 0);
	return n;
}

static void a_new_ring_is_empty_and_asks_for_the_first_event(void **state)
{
	struct ends e;

	(void)state;
	e.sring = new_page(sizeof(*e.sring));
	rnd_fill(e.sring, sizeof(*e.sring));
	e.hdr = &e.sring->hdr;
	ring_front_init(&e.front, e.hdr);
	assert_int_equal(ring_back_attach(&e.back, e.hdr), 0);
	assert_int_equal(requests(&e), 0);
	assert_int_equal(responses(&e), 0);
	assert_int_equal(ring_front_free(&e.front), XENNET_RING_SIZE);
	assert_int_equal(ring_back_held(&e.back), 0);
	assert_int_equal(e.hdr->req_event, 1);
	assert_int_equal(e.hdr->rsp_event, 1);
	free(e.sring);
}

static void requests_count_once_published(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 i;

	(void)state;
	for (i = 1; i <= XENNET_RING_SIZE; i++) {
		e.front.req_prod++;
		assert_int_equal(requests(&e), i - 1);
		ring_front_publish(&e.front);
		assert_int_equal(requests(&e), i);
		assert_int_equal(ring_front_free(&e.front),
				 XENNET_RING_SIZE - i);
	}
	free(e.sring);
}

static void one_request_more_than_fits_is_an_error(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 n = 1;

	(void)state;
	e.hdr->req_prod = NEAR_WRAP + XENNET_RING_SIZE + 1;
	assert_int_equal(ring_back_requests(&e.back, &n), -EPROTO);
	assert_int_equal(n, 0);
	free(e.sring);
}

static void held_requests_leave_less_room_for_new_ones(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 n;

	(void)state;
	e.hdr->req_prod = NEAR_WRAP + XENNET_RING_SIZE;
	e.back.req_cons += 10;
	assert_int_equal(ring_back_held(&e.back), 10);
	assert_int_equal(requests(&e), XENNET_RING_SIZE - 10);
	e.hdr->req_prod++;
	assert_int_equal(ring_back_requests(&e.back, &n), -EPROTO);
	e.back.rsp_prod++;
	assert_int_equal(requests(&e), XENNET_RING_SIZE - 9);
	free(e.sring);
}

static void requests_taken_back_are_an_error(void **state)
{
	struct ends e = ends_at(5);
	u32 n = 1;

	(void)state;
	e.back.req_cons++;
	assert_int_equal(ring_back_requests(&e.back, &n), -EPROTO);
	assert_int_equal(n, 0);
	free(e.sring);
}

static void more_responses_than_requests_are_an_error(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 n = 1;

	(void)state;
	e.front.req_prod += 3;
	e.hdr->rsp_prod = NEAR_WRAP + 3;
	assert_int_equal(responses(&e), 3);
	e.hdr->rsp_prod = NEAR_WRAP + 4;
	assert_int_equal(ring_front_responses(&e.front, &n), -EPROTO);
	assert_int_equal(n, 0);
	free(e.sring);
}

static void responses_taken_back_are_an_error(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 n = 1;

	(void)state;
	e.front.req_prod += 3;
	e.hdr->rsp_prod = NEAR_WRAP - 1;
	assert_int_equal(ring_front_responses(&e.front, &n), -EPROTO);
	assert_int_equal(n, 0);
	free(e.sring);
}

static void a_new_backend_sees_what_its_predecessor_left_unanswered(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	e.hdr->req_prod = NEAR_WRAP + 200;
	e.hdr->rsp_prod = NEAR_WRAP + 150;
	assert_int_equal(ring_back_attach(&e.back, e.hdr), 0);
	assert_int_equal(ring_back_held(&e.back), 0);
	assert_int_equal(requests(&e), 50);
	assert_false(ring_back_publish(&e.back));
	assert_int_equal(e.hdr->rsp_prod, NEAR_WRAP + 150);
	free(e.sring);
}

static void a_backend_refuses_a_ring_with_more_than_it_holds(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	e.hdr->req_prod = NEAR_WRAP + XENNET_RING_SIZE;
	assert_int_equal(ring_back_attach(&e.back, e.hdr), 0);
	e.hdr->req_prod++;
	assert_int_equal(ring_back_attach(&e.back, e.hdr), -EPROTO);
	e.hdr->req_prod = NEAR_WRAP - 1;
	assert_int_equal(ring_back_attach(&e.back, e.hdr), -EPROTO);
	free(e.sring);
}

/* Moves by every length past a threshold at every distance. */
static void a_notification_is_due_when_the_threshold_is_passed(void **state)
{
	u32 step, ahead;

	(void)state;
	for (step = 0; step <= XENNET_RING_SIZE; step++)
		for (ahead = 1; ahead <= XENNET_RING_SIZE; ahead++) {
			struct ends e = ends_at(NEAR_WRAP);

			e.hdr->req_event = NEAR_WRAP + ahead;
			e.front.req_prod += step;
			assert_int_equal(ring_front_publish(&e.front),
					 step >= ahead);
			e.hdr->rsp_event = NEAR_WRAP + ahead;
			e.back.rsp_prod += step;
			assert_int_equal(ring_back_publish(&e.back),
					 step >= ahead);
			free(e.sring);
		}
}

/* Published twice, the same step must not be notified twice. */
static void nothing_new_is_no_notification(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	e.front.req_prod++;
	assert_true(ring_front_publish(&e.front));
	assert_false(ring_front_publish(&e.front));
	e.back.rsp_prod++;
	assert_true(ring_back_publish(&e.back));
	assert_false(ring_back_publish(&e.back));
	free(e.sring);
}

/* The peer owns the page: own indices in it are written, never believed. */
static void a_rewritten_own_index_changes_nothing(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	e.hdr->rsp_event = NEAR_WRAP + 2;
	e.back.rsp_prod++;
	assert_false(ring_back_publish(&e.back));
	e.hdr->rsp_prod = rnd();
	e.back.rsp_prod++;
	assert_true(ring_back_publish(&e.back));
	assert_int_equal(e.hdr->rsp_prod, NEAR_WRAP + 2);

	e.hdr->req_event = NEAR_WRAP + 2;
	e.front.req_prod++;
	assert_false(ring_front_publish(&e.front));
	e.hdr->req_prod = rnd();
	e.front.req_prod++;
	assert_true(ring_front_publish(&e.front));
	assert_int_equal(e.hdr->req_prod, NEAR_WRAP + 2);
	free(e.sring);
}

static void arming_sets_the_threshold_and_tells_what_came_meanwhile(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	assert_false(ring_back_arm(&e.back, 1));
	assert_int_equal(e.hdr->req_event, NEAR_WRAP + 1);
	e.hdr->req_prod++;
	assert_true(ring_back_arm(&e.back, 1));
	assert_false(ring_back_arm(&e.back, 2));
	assert_int_equal(e.hdr->req_event, NEAR_WRAP + 2);

	e.front.req_prod += 8;
	assert_false(ring_front_arm(&e.front, 1));
	assert_int_equal(e.hdr->rsp_event, NEAR_WRAP + 1);
	e.hdr->rsp_prod++;
	assert_true(ring_front_arm(&e.front, 1));
	assert_false(ring_front_arm(&e.front, 8));
	assert_int_equal(e.hdr->rsp_event, NEAR_WRAP + 8);
	free(e.sring);
}

static void it_is_known_whether_answers_are_announced(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);

	(void)state;
	ring_front_arm(&e.front, 1);
	assert_false(ring_front_announced(&e.front, NEAR_WRAP));
	assert_true(ring_front_announced(&e.front, NEAR_WRAP + 1));
	ring_front_arm(&e.front, 8);
	e.hdr->rsp_event = NEAR_WRAP; /* the peer's word for it counts nothing */
	assert_false(ring_front_announced(&e.front, NEAR_WRAP + 7));
	assert_true(ring_front_announced(&e.front, NEAR_WRAP + 8));
	assert_true(ring_front_announced(&e.front,
					 NEAR_WRAP + XENNET_RING_SIZE));
	free(e.sring);
}

/* An index moved back is looked at again too, and then found to be wrong. */
static void arming_notices_an_index_moved_back(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u32 n;

	(void)state;
	e.hdr->req_prod--;
	assert_true(ring_back_arm(&e.back, 1));
	assert_int_equal(ring_back_requests(&e.back, &n), -EPROTO);
	free(e.sring);
}

static void what_is_written_to_a_slot_is_read_from_it(void **state)
{
	struct f2b_sring *f2b = new_page(sizeof(*f2b));
	struct b2f_sring *b2f = new_page(sizeof(*b2f));
	u32 idx;

#define ROUND_TRIP(kind, sring, type) do {				\
	struct type in, out;						\
									\
	rnd_fill(&in, sizeof(in));					\
	kind##_write_##sring(kind, idx, &in);				\
	kind##_read_##sring(kind, idx, &out);				\
	assert_memory_equal(&in, &out, sizeof(in));			\
} while (0)

	(void)state;
	for (idx = NEAR_WRAP; idx != NEAR_WRAP + 2 * XENNET_RING_SIZE; idx++) {
		ROUND_TRIP(f2b, request, f2b_request);
		ROUND_TRIP(f2b, extra, xennet_extra);
		ROUND_TRIP(f2b, response, f2b_response);
		ROUND_TRIP(b2f, request, b2f_request);
		ROUND_TRIP(b2f, extra, xennet_extra);
		ROUND_TRIP(b2f, response, b2f_response);
	}
	free(f2b);
	free(b2f);
}

static void writing_a_slot_leaves_the_others_alone(void **state)
{
	struct f2b_sring *ring = new_page(sizeof(*ring));
	struct f2b_sring *before = new_page(sizeof(*before));
	struct f2b_response rsp = { .id = 0x1234, .status = XENNET_RSP_OKAY };
	u32 i;

	(void)state;
	rnd_fill(ring, sizeof(*ring));
	memcpy(before, ring, sizeof(*ring));
	f2b_write_response(ring, XENNET_RING_SIZE + 7, &rsp);
	assert_memory_equal(&ring->hdr, &before->hdr, sizeof(ring->hdr));
	assert_memory_equal(ring->slot[7], &rsp, sizeof(rsp));
	for (i = 0; i < XENNET_RING_SIZE; i++)
		if (i != 7)
			assert_memory_equal(ring->slot[i], before->slot[i],
					    sizeof(ring->slot[i]));
	assert_memory_equal(&ring->slot[7][1], &before->slot[7][1], 8);
	free(ring);
	free(before);
}

/* Both ends move at random; four plain counters say what must be seen. */
static void random_moves_agree_with_a_plain_model(void **state)
{
	struct ends e = ends_at(NEAR_WRAP);
	u64 written = 0, consumed = 0, answered = 0, taken = 0;
	u32 round, n;

	(void)state;
	for (round = 0; round < 200000; round++) {
		switch (rnd_below(4)) {
		case 0:
			n = rnd_below(ring_front_free(&e.front) + 1);
			e.front.req_prod += n;
			written += n;
			ring_front_publish(&e.front);
			break;
		case 1:
			n = rnd_below(requests(&e) + 1);
			e.back.req_cons += n;
			consumed += n;
			break;
		case 2:
			n = rnd_below(ring_back_held(&e.back) + 1);
			e.back.rsp_prod += n;
			answered += n;
			ring_back_publish(&e.back);
			break;
		case 3:
			n = rnd_below(responses(&e) + 1);
			e.front.rsp_cons += n;
			taken += n;
			break;
		}
		assert_int_equal(requests(&e), written - consumed);
		assert_int_equal(ring_back_held(&e.back), consumed - answered);
		assert_int_equal(responses(&e), answered - taken);
		assert_int_equal(ring_front_free(&e.front),
				 XENNET_RING_SIZE - (written - taken));
	}
	free(e.sring);
}

/* Two threads as two domains, each asleep until the other notifies it. */
struct duet {
	struct ends e;
	sem_t front_event;
	sem_t back_event;
	u32 total;
};

static bool sleep_for(sem_t *event)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	return !sem_timedwait(event, &until);
}

/* Answers every request with its grant's low half for an id. */
static void *back_thread(void *arg)
{
	struct duet *d = arg;
	struct ring_back *r = &d->e.back;
	u32 n, done = 0;

	while (done < d->total) {
		if (ring_back_requests(r, &n))
			return NULL;
		if (!n) {
			if (!ring_back_arm(r, 1) && !sleep_for(&d->back_event))
				return NULL;
			continue;
		}
		for (done += n; n; n--) {
			struct f2b_response rsp = { 0 };
			struct f2b_request req;

			f2b_read_request(d->e.sring, r->req_cons++, &req);
			rsp.id = req.gref;
			f2b_write_response(d->e.sring, r->rsp_prod++, &rsp);
		}
		if (ring_back_publish(r))
			sem_post(&d->front_event);
	}
	return d;
}

static void front_send(struct duet *d, u32 *sent)
{
	struct ring_front *r = &d->e.front;
	u32 n = min(ring_front_free(r), d->total - *sent);

	for (; n; n--) {
		struct f2b_request req = { .gref = (*sent)++ };

		f2b_write_request(d->e.sring, r->req_prod++, &req);
	}
	if (ring_front_publish(r))
		sem_post(&d->back_event);
}

static void two_domains_lose_no_wakeup_and_no_order(void **state)
{
	struct duet d = { .e = ends_at(NEAR_WRAP), .total = 200000 };
	u32 n, sent = 0, got = 0;
	pthread_t back;
	void *whole;

	(void)state;
	sem_init(&d.front_event, 0, 0);
	sem_init(&d.back_event, 0, 0);
	assert_int_equal(pthread_create(&back, NULL, back_thread, &d), 0);
	while (got < d.total) {
		front_send(&d, &sent);
		n = responses(&d.e);
		if (!n && !ring_front_arm(&d.e.front, 1))
			assert_true(sleep_for(&d.front_event));
		for (; n; n--) {
			struct f2b_response rsp;

			f2b_read_response(d.e.sring, d.e.front.rsp_cons++, &rsp);
			assert_int_equal(rsp.id, (u16)got++);
		}
	}
	assert_int_equal(pthread_join(back, &whole), 0);
	assert_ptr_equal(whole, &d);
	free(d.e.sring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_ring_is_empty_and_asks_for_the_first_event),
		cmocka_unit_test(requests_count_once_published),
		cmocka_unit_test(one_request_more_than_fits_is_an_error),
		cmocka_unit_test(held_requests_leave_less_room_for_new_ones),
		cmocka_unit_test(requests_taken_back_are_an_error),
		cmocka_unit_test(more_responses_than_requests_are_an_error),
		cmocka_unit_test(responses_taken_back_are_an_error),
		cmocka_unit_test(a_new_backend_sees_what_its_predecessor_left_unanswered),
		cmocka_unit_test(a_backend_refuses_a_ring_with_more_than_it_holds),
		cmocka_unit_test(a_notification_is_due_when_the_threshold_is_passed),
		cmocka_unit_test(nothing_new_is_no_notification),
		cmocka_unit_test(a_rewritten_own_index_changes_nothing),
		cmocka_unit_test(arming_sets_the_threshold_and_tells_what_came_meanwhile),
		cmocka_unit_test(it_is_known_whether_answers_are_announced),
		cmocka_unit_test(arming_notices_an_index_moved_back),
		cmocka_unit_test(what_is_written_to_a_slot_is_read_from_it),
		cmocka_unit_test(writing_a_slot_leaves_the_others_alone),
		cmocka_unit_test(random_moves_agree_with_a_plain_model),
		cmocka_unit_test(two_domains_lose_no_wakeup_and_no_order),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
