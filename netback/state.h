/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backend's xenbus states and what each step between them does. Pure.
 *
 * States are those of xen/io/xenbus.h. The backend follows the frontend;
 * from its own state it may go to:
 *
 *	Initialising -> InitWait, Closed
 *	Closing      -> Closed
 *	InitWait     -> Connected, Closing
 *	Connected    -> Closing
 *	Closed       -> InitWait, Closing
 *
 * Initialised is never shown: Windows frontends wait for ever on it.
 */
#ifndef NETBACK_STATE_H
#define NETBACK_STATE_H

#include <xennet/types.h>

enum back_state {
	BACK_UNKNOWN		= 0,
	BACK_INITIALISING	= 1,
	BACK_INIT_WAIT		= 2,
	BACK_INITIALISED	= 3,
	BACK_CONNECTED		= 4,
	BACK_CLOSING		= 5,
	BACK_CLOSED		= 6,
	BACK_RECONFIGURING	= 7,
	BACK_RECONFIGURED	= 8,
};

/* What to do before the next state is shown. */
enum back_action {
	BACK_DO_NOTHING,
	BACK_DO_CONNECT,	/* map rings, start queues; may fail */
	BACK_DO_DISCONNECT,	/* stop queues, unmap rings */
};

/**
 * struct back_step - one step
 * @next: state to show; the current one when there is nowhere to go
 * @action: what to do first
 */
struct back_step {
	enum back_state next;
	enum back_action action;
};

/**
 * back_goal() - where a frontend's state leads the backend
 * @front: state the frontend shows
 * @now: state of the backend
 * @online: the toolstack wants the device to exist
 *
 * A backend that waits goes on waiting for a frontend that is Closed: it may
 * have closed for this backend's predecessor, and comes when it sees that this
 * one waits.
 *
 * Return: the state to reach; @now when the frontend's state asks for none
 * (Initialised, Reconfiguring, Reconfigured, InitWait and out of range).
 * Initialising leads to InitWait, Connected to Connected, Closing to
 * Closing, Unknown and otherwise Closed to Closed.
 */
enum back_state back_goal(enum back_state front, enum back_state now,
			  bool online);

/**
 * back_step() - the next step towards a goal
 * @now: state of the backend
 * @goal: state to reach, of InitWait, Connected, Closing, Closed
 *
 * Repeated until the state is @goal this ends, in at most four steps, on
 * the shortest path. Leaving Connected always disconnects, and only entering
 * it connects.
 *
 * Return: the step.
 */
struct back_step back_step(enum back_state now, enum back_state goal);

#endif /* NETBACK_STATE_H */
