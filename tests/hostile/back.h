/* SPDX-License-Identifier: GPL-2.0 */
/* A backend's half of an interface, for attacks to play with. */
#ifndef HOSTILE_BACK_H
#define HOSTILE_BACK_H

#include "peer.h"

/**
 * struct back - the backend's end
 * @xs: xenstore
 * @domid: the guest
 * @dir: the backend's directory
 * @front: the frontend's
 * @xce: event channels
 * @xgt: mappings
 * @f2b_port: event channel of the f2b ring
 * @b2f_port: event channel of the b2f ring
 * @f2b_ring: mapped ring
 * @b2f_ring: mapped ring
 * @f2b: our end
 * @b2f: our end
 * @ctrl_ring: mapped ring, if there is one
 * @ctrl_port: event channel of it
 * @ctrl: our end
 */
struct back {
	struct xs_handle *xs;
	u32 domid;
	char dir[64];
	char *front;
	xenevtchn_handle *xce;
	xengnttab_handle *xgt;
	evtchn_port_t f2b_port;
	evtchn_port_t b2f_port;
	struct f2b_sring *f2b_ring;
	struct b2f_sring *b2f_ring;
	struct ring_back f2b;
	struct ring_back b2f;
	struct ctrl_sring *ctrl_ring;
	evtchn_port_t ctrl_port;
	struct ring_back ctrl;
};

/**
 * struct back_attack - something a backend can do to its frontend
 * @name: on the command line
 * @run: does it, once connected
 * @groups: offers a multicast filter first
 * @ctrl: offers a control ring first
 */
struct back_attack {
	const char *name;
	void (*run)(struct back *b);
	bool groups;
	bool ctrl;
};

extern const struct back_attack back_attacks[];

/* Takes the next request of the guest; waits for it. */
void await_f2b(struct back *b, struct f2b_request *req);
void take_b2f(struct back *b, struct b2f_request *req);
void answer_f2b(struct back *b, u16 id, s16 status);
void answer_b2f(struct back *b, const struct b2f_response *rsp);
void extra_b2f(struct back *b, const struct xennet_extra *extra);
/* Waits for the guest to reach one of two states. */
void await_front(struct back *b, enum peer_state one, enum peer_state other);
/* Takes the next control message; waits for it. */
void await_ctrl(struct back *b, struct ctrl_request *req);
void answer_ctrl(struct back *b, const struct ctrl_response *rsp);
/* An event of the control ring, whatever is on it. */
void wake_ctrl(struct back *b);
/* Shows the guest what was answered, and gives it time to look. */
void show_f2b(struct back *b);
void show_b2f(struct back *b);
void show_ctrl(struct back *b);
/* A page of the guest, mapped until this program ends or unmaps it. */
u8 *map_page(struct back *b, u32 gref, bool writable);
void unmap_page(struct back *b, u8 *page);

/*
 * Closes as soon as the frontend has stopped, for it not to wait in vain. Mappings and
 * event channels end with this program.
 */
void back_close(struct back *b);

#endif /* HOSTILE_BACK_H */
