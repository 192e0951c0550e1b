// SPDX-License-Identifier: GPL-2.0
/* What each state of a backend makes the frontend do. */
#include <xen/io/xenbus.h>

#include "netfront/state.h"
#include "unit.h"

#define SAME(a, b)	static_assert((int)(a) == (int)(b), #a " is " #b)

SAME(FRONT_UNKNOWN, XenbusStateUnknown);
SAME(FRONT_INITIALISING, XenbusStateInitialising);
SAME(FRONT_INIT_WAIT, XenbusStateInitWait);
SAME(FRONT_INITIALISED, XenbusStateInitialised);
SAME(FRONT_CONNECTED, XenbusStateConnected);
SAME(FRONT_CLOSING, XenbusStateClosing);
SAME(FRONT_CLOSED, XenbusStateClosed);
SAME(FRONT_RECONFIGURING, XenbusStateReconfiguring);
SAME(FRONT_RECONFIGURED, XenbusStateReconfigured);

static void a_waiting_backend_gets_rings_from_who_has_none(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_INIT_WAIT, true, false),
			 FRONT_DO_CONNECT);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_INIT_WAIT, true, false),
			 FRONT_DO_CONNECT);
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_INIT_WAIT, true, false),
			 FRONT_DO_NOTHING);
}

/* The next one may wait before the end of the earlier one was seen. */
static void a_waiting_backend_ends_the_wait_for_an_earlier_one(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_INIT_WAIT, true, false),
			 FRONT_DO_CONNECT);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_INIT_WAIT, false, false),
			 FRONT_DO_NOTHING);
	/* Of its own will: this one has not seen it yet. */
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_INIT_WAIT, true, true),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_INIT_WAIT, true, true),
			 FRONT_DO_CONNECT);
}

static void a_closed_device_on_its_way_out_does_not_come_back(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_INIT_WAIT, false, false),
			 FRONT_DO_NOTHING);
}

static void a_connected_backend_turns_the_carrier_on(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_CONNECTED, true, false),
			 FRONT_DO_CARRIER_ON);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_CONNECTED, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CONNECTED, true, false),
			 FRONT_DO_NOTHING);
}

/* It has found another one's rings: at a move, or after a kernel's death. */
static void a_backend_connected_to_nothing_is_made_to_let_go(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_CONNECTED, true, false),
			 FRONT_DO_START);
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_CONNECTED, false, false),
			 FRONT_DO_NOTHING);
}

/* The toolstack says Closing before the backend's driver knows. */
static void rings_go_when_the_backend_has_let_go(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_CLOSING, true, false),
			 FRONT_DO_STOP);
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_CLOSING, false, false),
			 FRONT_DO_STOP);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_CLOSING, true, false),
			 FRONT_DO_CLOSE);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_CLOSING, false, false),
			 FRONT_DO_CLOSE);
}

static void a_closed_backend_is_followed_at_once(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_CLOSED, true, false),
			 FRONT_DO_CLOSE);
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_CLOSED, false, false),
			 FRONT_DO_CLOSE);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_CLOSED, true, false),
			 FRONT_DO_CLOSE);
}

static void a_closed_frontend_stays_closed(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CLOSING, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CLOSED, true, false),
			 FRONT_DO_NOTHING);
}

static void one_that_closed_of_its_own_will_comes_again(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_CLOSING, true, true),
			 FRONT_DO_CLOSE);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CLOSING, true, true),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CLOSED, true, true),
			 FRONT_DO_RETURN);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_CLOSED, false, true),
			 FRONT_DO_NOTHING);
}

/* A driver reloaded, or a kernel started over, under an old backend. */
static void a_new_frontend_outlasts_an_old_backends_end(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_CLOSING, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_CLOSED, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_CLOSING, false, false),
			 FRONT_DO_CLOSE);
}

/* With its domain, and its part of xenstore. */
static void a_backend_that_died_takes_the_carrier_with_it(void **state)
{
	(void)state;
	assert_int_equal(front_next(FRONT_CONNECTED, FRONT_UNKNOWN, true, false),
			 FRONT_DO_CARRIER_OFF);
	assert_int_equal(front_next(FRONT_INITIALISING, FRONT_UNKNOWN, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSING, FRONT_UNKNOWN, true, false),
			 FRONT_DO_NOTHING);
	assert_int_equal(front_next(FRONT_CLOSED, FRONT_UNKNOWN, true, true),
			 FRONT_DO_NOTHING);
}

static void other_states_of_a_backend_move_nothing(void **state)
{
	static const u32 others[] = {
		FRONT_INITIALISING, FRONT_INITIALISED, FRONT_RECONFIGURING,
		FRONT_RECONFIGURED, 9, 1000, U32_MAX,
	};
	u32 own, i;

	(void)state;
	for (own = 0; own <= FRONT_RECONFIGURED; own++)
		for (i = 0; i < ARRAY_SIZE(others); i++)
			assert_int_equal(front_next(own, others[i], true, false),
					 FRONT_DO_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_waiting_backend_gets_rings_from_who_has_none),
		cmocka_unit_test(a_waiting_backend_ends_the_wait_for_an_earlier_one),
		cmocka_unit_test(a_closed_device_on_its_way_out_does_not_come_back),
		cmocka_unit_test(a_connected_backend_turns_the_carrier_on),
		cmocka_unit_test(a_backend_connected_to_nothing_is_made_to_let_go),
		cmocka_unit_test(rings_go_when_the_backend_has_let_go),
		cmocka_unit_test(a_closed_backend_is_followed_at_once),
		cmocka_unit_test(a_closed_frontend_stays_closed),
		cmocka_unit_test(one_that_closed_of_its_own_will_comes_again),
		cmocka_unit_test(a_new_frontend_outlasts_an_old_backends_end),
		cmocka_unit_test(a_backend_that_died_takes_the_carrier_with_it),
		cmocka_unit_test(other_states_of_a_backend_move_nothing),
	};

	return cmocka_run_group_tests_name("front_state", tests, NULL, NULL);
}
