/* SPDX-License-Identifier: GPL-2.0 */
/* A frontend's half of an interface, for attacks to play with. */
#ifndef HOSTILE_FRONT_H
#define HOSTILE_FRONT_H

#include "peer.h"

#define FRONT_DIR	"device/vif/0"
#define DATA_PAGES	32u

/**
 * struct front - the frontend's end
 * @xs: xenstore
 * @back: the backend's directory
 * @xce: event channels
 * @xgs: shared pages
 * @port: event channel of both rings
 * @ctrl_port: event channel of the control ring
 * @ring_ref: grants of the f2b, the b2f and the control ring
 * @f2b_ring: shared page
 * @b2f_ring: shared page
 * @ctrl_ring: shared page
 * @f2b: our end
 * @b2f: our end
 * @ctrl: our end
 * @data: pages for frames
 * @data_ref: their grants; the backend may only read
 * @room: pages to receive into
 * @room_ref: their grants; the backend may write
 * @posted: f2b slots posted
 * @answer: answers to them, by enum peer_answer
 */
struct front {
	struct xs_handle *xs;
	char *back;
	xenevtchn_handle *xce;
	xengntshr_handle *xgs;
	evtchn_port_t port;
	evtchn_port_t ctrl_port;
	u32 ring_ref[3];
	struct f2b_sring *f2b_ring;
	struct b2f_sring *b2f_ring;
	struct ctrl_sring *ctrl_ring;
	struct ring_front f2b;
	struct ring_front b2f;
	struct ring_front ctrl;
	u8 *data;
	u32 data_ref[DATA_PAGES];
	u8 *room;
	u32 room_ref[DATA_PAGES];
	u32 posted;
	u32 answer[ANSWERS];
};

/**
 * struct front_attack - something a frontend can do to its backend
 * @name: on the command line
 * @run: does it, once connected
 * @keys: spoils the keys first, or NULL
 * @spares: leaves the connection of use
 * @stays: ends without closing
 */
struct front_attack {
	const char *name;
	void (*run)(struct front *f);
	void (*keys)(struct front *f);
	bool spares;
	bool stays;
};

extern const struct front_attack f2b_attacks[];
extern const struct front_attack b2f_attacks[];
extern const struct front_attack ctrl_attacks[];
extern const struct front_attack grefs_attacks[];

/* One f2b slot. Its id is its place in the ring. */
void put_request(struct front *f, u32 gref, u16 flags, u16 offset, u16 size);
void put_extra(struct front *f, const struct xennet_extra *extra);
/* Shows the backend all that was put, whether it asked to hear of it or not. */
void send_all(struct front *f);
/* Takes answers until all posted slots have one, or none has come for @ms. */
void collect(struct front *f, unsigned int ms);
void front_notify(struct front *f);
/* Posts one page again and again, and counts what arrives in it. */
void listen_on(struct front *f, u32 gref);
/* Keys of the control ring. */
void ctrl_offer(struct front *f);
/* Sends a message and waits for its answer. */
struct ctrl_response ctrl_ask(struct front *f, const struct ctrl_request *msg);
/* Responses that wait on a ring of @f's; ends the program when that lies. */
u32 responses(const struct ring_front *ring);
void show_state(struct front *f, unsigned int state);
/* Shows Closed, Initialising, Connected, each when the backend is ready for it; and
 * waits for what it then shows, @end.
 */
void reconnect(struct front *f, enum peer_state end);

#endif /* HOSTILE_FRONT_H */
