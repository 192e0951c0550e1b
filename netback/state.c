// SPDX-License-Identifier: GPL-2.0
#include "state.h"

/* First step from a state towards a goal; BACK_UNKNOWN: stay. */
static const enum back_state path[][BACK_CLOSED + 1] = {
	[BACK_INITIALISING] = {
		[BACK_INIT_WAIT]	= BACK_INIT_WAIT,
		[BACK_CONNECTED]	= BACK_INIT_WAIT,
		[BACK_CLOSING]		= BACK_INIT_WAIT,
		[BACK_CLOSED]		= BACK_CLOSED,
	},
	[BACK_INIT_WAIT] = {
		[BACK_CONNECTED]	= BACK_CONNECTED,
		[BACK_CLOSING]		= BACK_CLOSING,
		[BACK_CLOSED]		= BACK_CLOSING,
	},
	[BACK_CONNECTED] = {
		[BACK_INIT_WAIT]	= BACK_CLOSING,
		[BACK_CLOSING]		= BACK_CLOSING,
		[BACK_CLOSED]		= BACK_CLOSING,
	},
	[BACK_CLOSING] = {
		[BACK_INIT_WAIT]	= BACK_CLOSED,
		[BACK_CONNECTED]	= BACK_CLOSED,
		[BACK_CLOSED]		= BACK_CLOSED,
	},
	[BACK_CLOSED] = {
		[BACK_INIT_WAIT]	= BACK_INIT_WAIT,
		[BACK_CONNECTED]	= BACK_INIT_WAIT,
		[BACK_CLOSING]		= BACK_CLOSING,
	},
};

enum back_state back_goal(enum back_state front, enum back_state now,
			  bool online)
{
	switch (front) {
	case BACK_INITIALISING:
		return BACK_INIT_WAIT;
	case BACK_CONNECTED:
		return BACK_CONNECTED;
	case BACK_CLOSING:
		return BACK_CLOSING;
	case BACK_CLOSED:
		if (now == BACK_INIT_WAIT && online)
			return now;
		return BACK_CLOSED;
	case BACK_UNKNOWN:
		return BACK_CLOSED;
	default:
		return now;
	}
}

struct back_step back_step(enum back_state now, enum back_state goal)
{
	struct back_step step = { .next = now, .action = BACK_DO_NOTHING };

	if (now > BACK_CLOSED || goal > BACK_CLOSED || !path[now][goal])
		return step;
	step.next = path[now][goal];
	if (step.next == BACK_CONNECTED)
		step.action = BACK_DO_CONNECT;
	else if (now == BACK_CONNECTED)
		step.action = BACK_DO_DISCONNECT;
	return step;
}
