// SPDX-License-Identifier: GPL-2.0
#include "ctrl_parse.h"

enum ctrl_verdict ctrl_parse(struct ring_front *ring, struct ctrl_sring *sring,
			     const struct ctrl_request *req,
			     struct ctrl_response *rsp)
{
	u32 avail;

	if (ring_front_responses(ring, &avail))
		return CTRL_BROKEN;
	do {
		if (!avail--)
			return CTRL_WAITING;
		ctrl_read_response(sring, ring->rsp_cons++, rsp);
	} while (ring->rsp_cons != ring->req_prod);
	return rsp->id == req->id && rsp->type == req->type ? CTRL_ANSWERED :
							       CTRL_BROKEN;
}
