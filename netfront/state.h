/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a backend's state makes the frontend do. Pure.
 *
 * States are those of xen/io/xenbus.h; of its own the frontend shows
 * Initialising (waiting for a backend), Connected, Closing and Closed.
 */
#ifndef NETFRONT_STATE_H
#define NETFRONT_STATE_H

#include <xennet/types.h>

enum front_state {
	FRONT_UNKNOWN		= 0,
	FRONT_INITIALISING	= 1,
	FRONT_INIT_WAIT		= 2,
	FRONT_INITIALISED	= 3,
	FRONT_CONNECTED		= 4,
	FRONT_CLOSING		= 5,
	FRONT_CLOSED		= 6,
	FRONT_RECONFIGURING	= 7,
	FRONT_RECONFIGURED	= 8,
};

enum front_action {
	FRONT_DO_NOTHING,
	FRONT_DO_CONNECT,	/* set up rings, new ones, and show Connected */
	FRONT_DO_CARRIER_ON,	/* the backend has taken the rings up */
	FRONT_DO_CARRIER_OFF,	/* the backend is gone, the rings stay */
	FRONT_DO_STOP,		/* stop using the rings and show Closing */
	FRONT_DO_CLOSE,		/* take rings down and show Closed */
	FRONT_DO_RETURN,	/* show Initialising, for the backend to wait */
	FRONT_DO_START,		/* show Initialising, which it is, once more */
};

/**
 * front_next() - what to do when the backend shows a state
 * @own: state the frontend shows, enum front_state
 * @back: state the backend shows, enum front_state or anything else
 * @online: the toolstack wants the device to exist
 * @again: the frontend closes of its own will, to connect anew
 *
 * - A backend that waits gets rings from a frontend that uses none: one that
 *   is new, or one that closes, or has closed, because an earlier backend went
 *   away. It may wait before the end of the earlier one was seen.
 * - One that closes of its own will waits for the backend to have seen that. Such a
 *   backend still waits for what came before: with new rings it would close over
 *   them when it sees the earlier word.
 * - A connected frontend ignores a backend that waits: it was replaced under
 *   us, and takes up the rings where its predecessor left them.
 * - One whose directory is gone (Unknown) died with its domain. The toolstack may
 *   say where the next one is: see move.c.
 * - A new frontend ignores a backend still closing from an earlier one (a
 *   driver reload, kexec); unless the device itself is on its way out.
 * - A backend that is connected to a new frontend has taken up rings of an
 *   earlier one, that are gone (another domain's keys at a move, a kernel started
 *   over): it lets go of them when it sees that there is another.
 * - Closing shown by a backend is the toolstack's word at first, written over
 *   the head of a driver that still serves the rings. It lets go of them when
 *   the frontend shows Closing, and shows Closing itself then: only that
 *   second time, or Closed, are the rings the frontend's to take down.
 * - A closed frontend comes again by itself only if it closed of its own
 *   will, and not before the backend is closed as well.
 *
 * Return: the action; FRONT_DO_NOTHING for all other states.
 */
enum front_action front_next(u32 own, u32 back, bool online, bool again);

#endif /* NETFRONT_STATE_H */
