// SPDX-License-Identifier: GPL-2.0
/* What a backend's state makes the frontend do. */
#include "state.h"

/* A backend that waits has no rings of ours: what is left of old ones can go. */
static enum front_action backend_waits(u32 own, bool online, bool again)
{
	bool closing = (own == FRONT_CLOSING && !again) || own == FRONT_CLOSED;

	if (own == FRONT_INITIALISING || (closing && online))
		return FRONT_DO_CONNECT;
	return FRONT_DO_NOTHING;
}

static enum front_action backend_serves(u32 own, bool online)
{
	if (own == FRONT_CONNECTED)
		return FRONT_DO_CARRIER_ON;
	return own == FRONT_INITIALISING && online ? FRONT_DO_START :
						     FRONT_DO_NOTHING;
}

static enum front_action backend_closes(u32 own, u32 back, bool online,
					bool again)
{
	if (own == FRONT_CLOSED && back == FRONT_CLOSED && online && again)
		return FRONT_DO_RETURN;
	if (own == FRONT_CLOSED || (own == FRONT_INITIALISING && online))
		return FRONT_DO_NOTHING;
	if (own == FRONT_CONNECTED && back == FRONT_CLOSING)
		return FRONT_DO_STOP;
	return FRONT_DO_CLOSE;
}

enum front_action front_next(u32 own, u32 back, bool online, bool again)
{
	switch (back) {
	case FRONT_INIT_WAIT:
		return backend_waits(own, online, again);
	case FRONT_CONNECTED:
		return backend_serves(own, online);
	case FRONT_UNKNOWN:
		return own == FRONT_CONNECTED ? FRONT_DO_CARRIER_OFF :
						FRONT_DO_NOTHING;
	case FRONT_CLOSING:
	case FRONT_CLOSED:
		return backend_closes(own, back, online, again);
	default:
		return FRONT_DO_NOTHING;
	}
}
