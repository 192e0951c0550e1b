/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only code that touches shared memory.
 *
 * Every word of the shared page is read at most once per look, into private
 * storage, before anything is decided on it; a peer that rewrites a slot
 * afterwards changes nothing. Private indices never follow the peer's: what
 * the peer claims is checked against what it can have done.
 *
 * Protocol: xen/io/ring.h, free-running counters with event thresholds.
 * The caller serialises all calls on one end of one ring.
 */
#ifndef XENNET_RING_H
#define XENNET_RING_H

#include <xennet/wire.h>

/**
 * struct ring_back - the backend's end of a ring
 * @hdr: indices in the shared page
 * @req_cons: requests consumed
 * @rsp_prod: responses written
 * @rsp_pub: responses published; the peer could rewrite the shared copy
 *
 * req_cons - rsp_prod requests are consumed and unanswered.
 */
struct ring_back {
	struct xennet_sring_hdr *hdr;
	u32 req_cons;
	u32 rsp_prod;
	u32 rsp_pub;
};

/**
 * struct ring_front - the frontend's end of a ring
 * @hdr: indices in the shared page
 * @req_prod: requests written
 * @req_pub: requests published; the peer could rewrite the shared copy
 * @rsp_cons: responses consumed
 * @rsp_event: threshold set last; the peer could rewrite the shared copy
 */
struct ring_front {
	struct xennet_sring_hdr *hdr;
	u32 req_prod;
	u32 req_pub;
	u32 rsp_cons;
	u32 rsp_event;
};

/**
 * ring_passed() - did moving a counter pass the peer's threshold?
 * @event: threshold
 * @new: counter now
 * @old: counter before
 *
 * Return: true when @event is one of the values behind @old up to @new.
 */
static inline bool ring_passed(u32 event, u32 new, u32 old)
{
	return (u32)(new - event) < (u32)(new - old);
}

/**
 * ring_back_attach() - take up the backend's end of a ring in use or new
 * @r: end to set up
 * @hdr: shared indices
 *
 * Starts at the last published response, so that a backend can be replaced
 * under a running guest: requests its predecessor left unanswered are seen
 * as new.
 *
 * Return: 0, or -EPROTO when more requests are outstanding than fit.
 */
static inline int ring_back_attach(struct ring_back *r,
				   struct xennet_sring_hdr *hdr)
{
	u32 rsp_prod = READ_ONCE(hdr->rsp_prod);
	u32 req_prod = READ_ONCE(hdr->req_prod);

	r->hdr = hdr;
	r->req_cons = rsp_prod;
	r->rsp_prod = rsp_prod;
	r->rsp_pub = rsp_prod;
	return req_prod - rsp_prod > XENNET_RING_SIZE ? -EPROTO : 0;
}

/**
 * ring_back_held() - requests consumed and not yet answered
 * @r: backend's end
 *
 * Return: slots, 0 to XENNET_RING_SIZE.
 */
static inline u32 ring_back_held(const struct ring_back *r)
{
	return r->req_cons - r->rsp_prod;
}

/**
 * ring_back_requests() - how many requests wait
 * @r: backend's end
 * @n: requests, 0 to XENNET_RING_SIZE
 *
 * Slots up to the count may be read afterwards.
 *
 * Return: 0, or -EPROTO when the peer claims more than fit beside the
 * requests it has had no answer to (@n is then 0).
 */
static inline int ring_back_requests(const struct ring_back *r, u32 *n)
{
	u32 avail = READ_ONCE(r->hdr->req_prod) - r->req_cons;

	*n = 0;
	if (avail > XENNET_RING_SIZE - ring_back_held(r))
		return -EPROTO;
	/* Slots after the index: pairs with ring_front_publish(). */
	xennet_rmb();
	*n = avail;
	return 0;
}

/**
 * ring_back_publish() - show the peer all responses written so far
 * @r: backend's end
 *
 * Return: true when the peer asked to be notified of them.
 */
static inline bool ring_back_publish(struct ring_back *r)
{
	u32 old = r->rsp_pub;

	/* Responses before the index: pairs with ring_front_responses(). */
	xennet_wmb();
	WRITE_ONCE(r->hdr->rsp_prod, r->rsp_prod);
	r->rsp_pub = r->rsp_prod;
	/* Index before the threshold is read: pairs with ring_front_arm(). */
	xennet_mb();
	return ring_passed(READ_ONCE(r->hdr->rsp_event), r->rsp_prod, old);
}

/**
 * ring_back_arm() - ask to be notified of further requests
 * @r: backend's end
 * @ahead: requests to wait for, at least 1
 *
 * Return: true when the peer's index had moved on meanwhile (to anywhere):
 * look again, the notification may not come.
 */
static inline bool ring_back_arm(struct ring_back *r, u32 ahead)
{
	WRITE_ONCE(r->hdr->req_event, r->req_cons + ahead);
	/* Threshold before the index is read: pairs with ring_front_publish(). */
	xennet_mb();
	return READ_ONCE(r->hdr->req_prod) - r->req_cons >= ahead;
}

/**
 * ring_front_init() - start a ring: both counters at 0
 * @r: end to set up
 * @hdr: zeroed shared page
 */
static inline void ring_front_init(struct ring_front *r,
				   struct xennet_sring_hdr *hdr)
{
	r->hdr = hdr;
	r->req_prod = 0;
	r->req_pub = 0;
	r->rsp_cons = 0;
	r->rsp_event = 1;
	WRITE_ONCE(hdr->req_prod, 0);
	WRITE_ONCE(hdr->rsp_prod, 0);
	WRITE_ONCE(hdr->req_event, 1);
	WRITE_ONCE(hdr->rsp_event, 1);
}

/**
 * ring_front_free() - requests that can still be written
 * @r: frontend's end
 *
 * Return: slots, 0 to XENNET_RING_SIZE.
 */
static inline u32 ring_front_free(const struct ring_front *r)
{
	return XENNET_RING_SIZE - (r->req_prod - r->rsp_cons);
}

/**
 * ring_front_responses() - how many responses wait
 * @r: frontend's end
 * @n: responses, 0 to XENNET_RING_SIZE
 *
 * Return: 0, or -EPROTO when the peer claims to have answered more than was
 * asked, or takes answers back (@n is then 0).
 */
static inline int ring_front_responses(const struct ring_front *r, u32 *n)
{
	u32 avail = READ_ONCE(r->hdr->rsp_prod) - r->rsp_cons;

	*n = 0;
	if (avail > r->req_prod - r->rsp_cons)
		return -EPROTO;
	/* Slots after the index: pairs with ring_back_publish(). */
	xennet_rmb();
	*n = avail;
	return 0;
}

/**
 * ring_front_publish() - show the peer all requests written so far
 * @r: frontend's end
 *
 * Return: true when the peer asked to be notified of them.
 */
static inline bool ring_front_publish(struct ring_front *r)
{
	u32 old = r->req_pub;

	/* Requests before the index: pairs with ring_back_requests(). */
	xennet_wmb();
	WRITE_ONCE(r->hdr->req_prod, r->req_prod);
	r->req_pub = r->req_prod;
	/* Index before the threshold is read: pairs with ring_back_arm(). */
	xennet_mb();
	return ring_passed(READ_ONCE(r->hdr->req_event), r->req_prod, old);
}

/**
 * ring_front_arm() - ask to be notified of further responses
 * @r: frontend's end
 * @ahead: responses to wait for, at least 1
 *
 * Return: true when the peer's index had moved on meanwhile (to anywhere):
 * look again, the notification may not come.
 */
static inline bool ring_front_arm(struct ring_front *r, u32 ahead)
{
	WRITE_ONCE(r->rsp_event, r->rsp_cons + ahead);
	WRITE_ONCE(r->hdr->rsp_event, r->rsp_event);
	/* Threshold before the index is read: pairs with ring_back_publish(). */
	xennet_mb();
	return READ_ONCE(r->hdr->rsp_prod) - r->rsp_cons >= ahead;
}

/**
 * ring_front_announced() - is there a notification by when requests are answered?
 * @r: frontend's end
 * @req_prod: index behind the last of these requests
 *
 * May be called beside ring_front_arm(), and then has the answer before or after.
 *
 * Return: true when the threshold is one of theirs, or of requests before them.
 */
static inline bool ring_front_announced(const struct ring_front *r,
					u32 req_prod)
{
	return (s32)(req_prod - READ_ONCE(r->rsp_event)) >= 0;
}

/**
 * ring_copy_out() - copy words of a slot out, each read exactly once
 * @to: private storage
 * @slot: shared slot
 * @bytes: a multiple of 4, at most the longest slot there is
 */
static inline void ring_copy_out(void *to, const u32 *slot, size_t bytes)
{
	u32 word[CTRL_SLOT_WORDS];
	size_t i;

	for (i = 0; i < bytes / sizeof(u32); i++)
		word[i] = READ_ONCE(slot[i]);
	memcpy(to, word, bytes);
}

/**
 * ring_copy_in() - write words of a slot, each exactly once
 * @slot: shared slot; never read back
 * @from: private storage
 * @bytes: a multiple of 4, at most the longest slot there is
 */
static inline void ring_copy_in(u32 *slot, const void *from, size_t bytes)
{
	u32 word[CTRL_SLOT_WORDS];
	size_t i;

	memcpy(word, from, bytes);
	for (i = 0; i < bytes / sizeof(u32); i++)
		WRITE_ONCE(slot[i], word[i]);
}

/* Slot number @idx (a free-running counter) of a ring with @sring->slot. */
#define ring_slot(sring, idx)						\
	((sring)->slot[(idx) % (sizeof((sring)->slot) /			\
				sizeof((sring)->slot[0]))])

/* Typed copies: one per kind of slot content, to and from private storage. */
#define RING_READER(name, ring, type)					\
static inline void name(struct ring *s, u32 idx, struct type *to)	\
{									\
	ring_copy_out(to, ring_slot(s, idx), sizeof(*to));		\
}

#define RING_WRITER(name, ring, type)					\
static inline void name(struct ring *s, u32 idx, const struct type *from) \
{									\
	ring_copy_in(ring_slot(s, idx), from, sizeof(*from));		\
}

RING_READER(f2b_read_request, f2b_sring, f2b_request)
RING_READER(f2b_read_extra, f2b_sring, xennet_extra)
RING_READER(f2b_read_response, f2b_sring, f2b_response)
RING_READER(b2f_read_request, b2f_sring, b2f_request)
RING_READER(b2f_read_extra, b2f_sring, xennet_extra)
RING_READER(b2f_read_response, b2f_sring, b2f_response)

RING_READER(ctrl_read_request, ctrl_sring, ctrl_request)
RING_READER(ctrl_read_response, ctrl_sring, ctrl_response)

RING_WRITER(f2b_write_request, f2b_sring, f2b_request)
RING_WRITER(f2b_write_extra, f2b_sring, xennet_extra)
RING_WRITER(f2b_write_response, f2b_sring, f2b_response)
RING_WRITER(b2f_write_request, b2f_sring, b2f_request)
RING_WRITER(b2f_write_extra, b2f_sring, xennet_extra)
RING_WRITER(b2f_write_response, b2f_sring, b2f_response)
RING_WRITER(ctrl_write_request, ctrl_sring, ctrl_request)
RING_WRITER(ctrl_write_response, ctrl_sring, ctrl_response)

#undef RING_READER
#undef RING_WRITER

#endif /* XENNET_RING_H */
