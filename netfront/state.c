// SPDX-License-Identifier: GPL-2.0
/* What a backend's state makes the frontend do. */
#include "state.h"

static enum front_action backend_closes(u32 own, u32 back, bool online)
{
	if (own == FRONT_CLOSED || (own == FRONT_INITIALISING && online))
		return FRONT_DO_NOTHING;
	if (own == FRONT_CONNECTED && back == FRONT_CLOSING)
		return FRONT_DO_STOP;
	return FRONT_DO_CLOSE;
}

enum front_action front_next(u32 own, u32 back, bool online)
{
	switch (back) {
	case FRONT_INIT_WAIT:
		if (own == FRONT_INITIALISING || (own == FRONT_CLOSED && online))
			return FRONT_DO_CONNECT;
		return FRONT_DO_NOTHING;
	case FRONT_CONNECTED:
		return own == FRONT_CONNECTED ? FRONT_DO_CARRIER_ON :
						FRONT_DO_NOTHING;
	case FRONT_CLOSING:
	case FRONT_CLOSED:
		return backend_closes(own, back, online);
	default:
		return FRONT_DO_NOTHING;
	}
}
