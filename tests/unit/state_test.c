// SPDX-License-Identifier: GPL-2.0
/* The backend's xenbus states; the numbers against the public header. */
#include <xen/io/xenbus.h>

#include "netback/state.h"
#include "unit.h"

#define SAME(a, b)	static_assert((int)(a) == (int)(b), #a " is " #b)

SAME(BACK_UNKNOWN, XenbusStateUnknown);
SAME(BACK_INITIALISING, XenbusStateInitialising);
SAME(BACK_INIT_WAIT, XenbusStateInitWait);
SAME(BACK_INITIALISED, XenbusStateInitialised);
SAME(BACK_CONNECTED, XenbusStateConnected);
SAME(BACK_CLOSING, XenbusStateClosing);
SAME(BACK_CLOSED, XenbusStateClosed);
SAME(BACK_RECONFIGURING, XenbusStateReconfiguring);
SAME(BACK_RECONFIGURED, XenbusStateReconfigured);

/* States the backend can be in, and those it can be led to. */
static const enum back_state own[] = {
	BACK_INITIALISING, BACK_INIT_WAIT, BACK_CONNECTED, BACK_CLOSING,
	BACK_CLOSED,
};

static const enum back_state goals[] = {
	BACK_INIT_WAIT, BACK_CONNECTED, BACK_CLOSING, BACK_CLOSED,
};

/* The transitions state.h allows, written out once more. */
static bool allowed(enum back_state from, enum back_state to)
{
	switch (from) {
	case BACK_INITIALISING:
		return to == BACK_INIT_WAIT || to == BACK_CLOSED;
	case BACK_INIT_WAIT:
		return to == BACK_CONNECTED || to == BACK_CLOSING;
	case BACK_CONNECTED:
		return to == BACK_CLOSING;
	case BACK_CLOSING:
		return to == BACK_CLOSED;
	case BACK_CLOSED:
		return to == BACK_INIT_WAIT || to == BACK_CLOSING;
	default:
		return false;
	}
}

/* Length of the shortest way, by trying all; 99: none. */
static u32 distance(enum back_state from, enum back_state to, u32 budget)
{
	u32 i, best = 99;

	if (from == to)
		return 0;
	if (!budget)
		return best;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (allowed(from, own[i]))
			best = min(best, 1 + distance(own[i], to, budget - 1));
	return best;
}

static void a_frontends_state_leads_where_it_should(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(own); i++) {
		enum back_state now = own[i];

		assert_int_equal(back_goal(BACK_INITIALISING, now, true), BACK_INIT_WAIT);
		assert_int_equal(back_goal(BACK_CONNECTED, now, true), BACK_CONNECTED);
		assert_int_equal(back_goal(BACK_CLOSING, now, true), BACK_CLOSING);
		assert_int_equal(back_goal(BACK_CLOSED, now, false), BACK_CLOSED);
		assert_int_equal(back_goal(BACK_UNKNOWN, now, true), BACK_CLOSED);
	}
}

/* It closed for the backend before this one, and has not seen this one wait yet. */
static void a_closed_frontend_is_waited_for(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		assert_int_equal(back_goal(BACK_CLOSED, own[i], true),
				 own[i] == BACK_INIT_WAIT ? BACK_INIT_WAIT :
							    BACK_CLOSED);
}

static void other_states_of_a_frontend_move_nothing(void **state)
{
	static const int others[] = {
		BACK_INIT_WAIT, BACK_INITIALISED, BACK_RECONFIGURING,
		BACK_RECONFIGURED, 9, 1000, -1,
	};
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		for (j = 0; j < ARRAY_SIZE(others); j++)
			assert_int_equal(back_goal(others[j], own[i], true), own[i]);
}

static void every_goal_is_reached_on_the_shortest_way(void **state)
{
	u32 i, j, steps;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		for (j = 0; j < ARRAY_SIZE(goals); j++) {
			enum back_state now = own[i];

			for (steps = 0; now != goals[j]; steps++) {
				enum back_state next;

				next = back_step(now, goals[j]).next;
				assert_true(allowed(now, next));
				now = next;
			}
			assert_int_equal(steps, distance(own[i], goals[j], 5));
			assert_true(steps <= 4);
		}
}

static void only_entering_connected_connects_and_leaving_it_disconnects(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		for (j = 0; j < ARRAY_SIZE(goals); j++) {
			struct back_step step = back_step(own[i], goals[j]);
			enum back_action want = BACK_DO_NOTHING;

			if (step.next != own[i] && step.next == BACK_CONNECTED)
				want = BACK_DO_CONNECT;
			if (step.next != own[i] && own[i] == BACK_CONNECTED)
				want = BACK_DO_DISCONNECT;
			assert_int_equal(step.action, want);
		}
}

static void at_the_goal_there_is_nothing_to_do(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(goals); i++) {
		struct back_step step = back_step(goals[i], goals[i]);

		assert_int_equal(step.next, goals[i]);
		assert_int_equal(step.action, BACK_DO_NOTHING);
	}
}

/* Some frontends wait for ever on a backend that shows it. */
static void initialised_and_reconfiguring_are_never_shown(void **state)
{
	int now, goal;

	(void)state;
	for (now = 0; now <= BACK_CLOSED; now++)
		for (goal = 0; goal <= BACK_RECONFIGURED; goal++) {
			enum back_state next = back_step(now, goal).next;

			if ((int)next == now)
				continue;
			assert_true(next == BACK_INIT_WAIT ||
				    next == BACK_CONNECTED ||
				    next == BACK_CLOSING || next == BACK_CLOSED);
		}
}

static void states_out_of_range_stay_where_they_are(void **state)
{
	static const int odd[] = {
		BACK_UNKNOWN, BACK_INITIALISED, BACK_RECONFIGURING,
		BACK_RECONFIGURED, 9, 1000, -1,
	};
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		for (j = 0; j < ARRAY_SIZE(goals); j++)
			assert_int_equal((int)back_step(odd[i], goals[j]).next,
					 odd[i]);
		for (j = 0; j < ARRAY_SIZE(own); j++)
			assert_int_equal(back_step(own[j], odd[i]).next, own[j]);
	}
}

/* A frontend that reloads its module, or resumes after a migration. */
static void a_frontend_that_starts_over_is_served_again(void **state)
{
	static const enum back_state want[] = {
		BACK_CLOSING, BACK_CLOSED, BACK_INIT_WAIT,
	};
	enum back_state now = BACK_CONNECTED;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		now = back_step(now, back_goal(BACK_INITIALISING, now, true)).next;
		assert_int_equal(now, want[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frontends_state_leads_where_it_should),
		cmocka_unit_test(a_closed_frontend_is_waited_for),
		cmocka_unit_test(other_states_of_a_frontend_move_nothing),
		cmocka_unit_test(every_goal_is_reached_on_the_shortest_way),
		cmocka_unit_test(only_entering_connected_connects_and_leaving_it_disconnects),
		cmocka_unit_test(at_the_goal_there_is_nothing_to_do),
		cmocka_unit_test(initialised_and_reconfiguring_are_never_shown),
		cmocka_unit_test(states_out_of_range_stay_where_they_are),
		cmocka_unit_test(a_frontend_that_starts_over_is_served_again),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
