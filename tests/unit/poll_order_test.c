// SPDX-License-Identifier: GPL-2.0
/*
 * What a poll does at its end, and in which order: asks the guest for an event
 * (ring_back_arm()) and lets go of its NAPI, which another CPU may then poll.
 * A model on the ring's own code of two CPUs, a guest, and a packet whose end
 * has the NAPI scheduled as well, in every order in which they can reach the
 * shared page: no request may be left waiting with nobody about to look.
 */
#include <ucontext.h>

static void step(void);

#include <xennet/types.h>

#undef READ_ONCE
#undef WRITE_ONCE
#define READ_ONCE(x)	({ step(); (x); })
#define WRITE_ONCE(x, v)						\
	do {								\
		__typeof__(x) val = (v);				\
		step();							\
		(x) = val;						\
	} while (0)

#include <xennet/ring.h>
#include "unit.h"

enum { CPU_A, CPU_B, GUEST, PACKET, ACTORS };

#define STACK		65536
#define STEPS_MAX	100
#define REQUESTS	2u

/* One run: who is where, and what was chosen at each step. */
static struct {
	struct xennet_sring_hdr hdr;
	struct ring_front front;
	struct ring_back back;
	bool scheduled, missed;
	bool queued[ACTORS], runs[ACTORS];
	unsigned int now;
	unsigned int depth;
} m;

/* The order under test: is the ring armed before NAPI lets go? */
static bool arm_first;

/* The choices of this run; the next one differs in the last that can. */
static struct { u8 taken, of; } path[STEPS_MAX];

static ucontext_t actor[ACTORS], model;
static char stack[ACTORS][STACK];

/* One of @n ways to go on. */
static unsigned int choose(unsigned int n)
{
	unsigned int d = m.depth++;

	assert_in_range(d, 0, STEPS_MAX - 1);
	path[d].of = n;
	return path[d].taken;
}

/* Anybody may be next at the shared page. */
static void step(void)
{
	swapcontext(&actor[m.now], &model);
}

static bool napi_take(void)
{
	if (m.scheduled) {
		m.missed = true;
		return false;
	}
	m.scheduled = true;
	return true;
}

/* An interrupt on @cpu, which may be in a poll. */
static void event(unsigned int cpu)
{
	if (napi_take())
		m.queued[cpu] = true;
}

/* napi_complete_done(): false when it was scheduled meanwhile. */
static bool napi_lets_go(void)
{
	step();
	if (m.missed) {
		m.missed = false;
		return false;
	}
	m.scheduled = false;
	return true;
}

static void take_all(void)
{
	u32 n;

	assert_int_equal(ring_back_requests(&m.back, &n), 0);
	m.back.req_cons += n;
	m.back.rsp_prod += n;
}

/* Returns true when the NAPI polls on. */
static bool poll_once(void)
{
	take_all();
	if (arm_first)
		return ring_back_arm(&m.back, 1) || !napi_lets_go();
	if (!napi_lets_go())
		return true;
	return ring_back_arm(&m.back, 1) && napi_take();
}

static void cpu_run(void)
{
	for (;;) {
		unsigned int cpu = m.now;

		while (m.queued[cpu]) {
			m.queued[cpu] = false;
			while (poll_once())
				;
		}
		m.runs[cpu] = false;
		step();
	}
}

/* Its events interrupt either CPU. */
static void guest_run(void)
{
	while (m.front.req_prod < REQUESTS) {
		m.front.req_prod++;
		if (ring_front_publish(&m.front))
			event(choose(2));
	}
	m.runs[GUEST] = false;
	step();
}

/* A packet is sent, somewhere, and its hold ends. */
static void packet_run(void)
{
	event(CPU_B);
	m.runs[PACKET] = false;
	step();
}

static void actor_start(unsigned int nr, void (*run)(void))
{
	getcontext(&actor[nr]);
	actor[nr].uc_stack.ss_sp = stack[nr];
	actor[nr].uc_stack.ss_size = STACK;
	actor[nr].uc_link = NULL;
	makecontext(&actor[nr], run, 0);
}

static void start(void)
{
	memset(&m, 0, sizeof(m));
	m.hdr.req_event = 1;
	m.hdr.rsp_event = 1;
	m.front.hdr = &m.hdr;
	m.back.hdr = &m.hdr;
	m.runs[GUEST] = true;
	m.runs[PACKET] = true;
	actor_start(CPU_A, cpu_run);
	actor_start(CPU_B, cpu_run);
	actor_start(GUEST, guest_run);
	actor_start(PACKET, packet_run);
}

/* Lets one actor go on to its next step; false when none can. */
static bool go_on(void)
{
	unsigned int able[ACTORS], n = 0, i;

	for (i = 0; i < ACTORS; i++)
		if (m.runs[i] || m.queued[i])
			able[n++] = i;
	if (!n)
		return false;
	m.now = able[n > 1 ? choose(n) : 0];
	m.runs[m.now] = true;
	swapcontext(&model, &actor[m.now]);
	return true;
}

/* The next run's choices; false when there is none. */
static bool next_path(void)
{
	unsigned int d = m.depth;

	while (d && path[d - 1].taken + 1 == path[d - 1].of)
		d--;
	if (!d)
		return false;
	path[d - 1].taken++;
	memset(&path[d], 0, sizeof(path) - d * sizeof(path[0]));
	return true;
}

/* Does a run end with requests that nobody will look at? */
static bool gets_stuck(bool armed_first)
{
	arm_first = armed_first;
	memset(path, 0, sizeof(path));
	do {
		start();
		while (go_on())
			;
		if (m.back.req_cons != m.front.req_prod)
			return true;
	} while (next_path());
	return false;
}

static void armed_before_the_napi_lets_go_nothing_waits(void **state)
{
	(void)state;
	assert_false(gets_stuck(true));
}

/* The model can find what it is for. */
static void armed_afterwards_something_may(void **state)
{
	(void)state;
	assert_true(gets_stuck(false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(armed_before_the_napi_lets_go_nothing_waits),
		cmocka_unit_test(armed_afterwards_something_may),
	};

	return cmocka_run_group_tests_name("poll_order", tests, NULL, NULL);
}
