/* SPDX-License-Identifier: GPL-2.0 */
/* Answers of the control ring. Pure. */
#ifndef NETFRONT_CTRL_PARSE_H
#define NETFRONT_CTRL_PARSE_H

#include <xennet/ring.h>

/* What the backend has to say to a message. */
enum ctrl_verdict {
	CTRL_WAITING,
	CTRL_ANSWERED,
	CTRL_BROKEN,
};

/**
 * ctrl_parse() - look for the answer to a message
 * @ring: our end of the ring, on which @req is the last message
 * @sring: shared ring
 * @req: the message
 * @rsp: the answer, in private memory; only valid with CTRL_ANSWERED
 *
 * Answers come in the order of the messages and carry their ids (xen/io/netif.h). Those to
 * earlier messages, which an earlier backend has left to this one, are passed over.
 * Status and data are for the caller to judge, by what was asked.
 *
 * Return: CTRL_WAITING without an answer; CTRL_BROKEN when the index is out of
 * range, or the answer is one to something else.
 */
enum ctrl_verdict ctrl_parse(struct ring_front *ring, struct ctrl_sring *sring,
			     const struct ctrl_request *req,
			     struct ctrl_response *rsp);

#endif /* NETFRONT_CTRL_PARSE_H */
