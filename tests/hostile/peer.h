/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer that breaks the rules, in user space: a frontend in a guest whose
 * netfront has let go of its device, or a backend in dom0 in netback's place.
 */
#ifndef HOSTILE_PEER_H
#define HOSTILE_PEER_H

#include <stdio.h>
#include <stdlib.h>

#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenstore.h>

#include <xennet/reason.h>
#include <xennet/ring.h>

/* A grant that no domain has given. */
#define BAD_REF		0x00fffff0u
/* Bytes of an ordinary frame. */
#define FRAME_LEN	60u
/* Of one of several segments, in one page. */
#define GSO_LEN		3000u
/* Milliseconds a well behaved other end takes at most, for anything. */
#define PATIENCE_MS	15000u
/* Milliseconds of notifications without end. */
#define STORM_MS	1000u

/* States of either end, as in xen/io/xenbus.h. */
enum peer_state {
	PEER_INITIALISING = 1,
	PEER_INIT_WAIT	= 2,
	PEER_CONNECTED	= 4,
	PEER_CLOSING	= 5,
	PEER_CLOSED	= 6,
};

/* What the other end made of the requests it was given. */
enum peer_answer {
	ANSWER_OKAY,
	ANSWER_ERROR,
	ANSWER_NULL,
	ANSWER_OTHER,
	ANSWERS,
};

_Noreturn void die(const char *what);
void sleep_ms(unsigned int ms);
unsigned int now_ms(void);
u32 rnd(void);

void store_write(struct xs_handle *xs, const char *dir, const char *key,
		 const char *value);
void store_write_number(struct xs_handle *xs, const char *dir, const char *key,
			unsigned int value);
/* The number a key holds; 0 when there is none. */
unsigned int store_number(struct xs_handle *xs, const char *dir,
			  const char *key);
/* Waits until the "state" in @dir is one of two; returns the last one seen. */
unsigned int await_state(struct xs_handle *xs, const char *dir,
			 unsigned int one, unsigned int other, unsigned int ms);

/* An Ethernet frame of @len bytes to a station nobody is. */
void frame_udp(u8 *to, u32 len);
/* The same with a TCP segment, its checksum left blank. */
void frame_tcp(u8 *to, u32 len);
/* Ethernet header only, of a protocol of that number. */
void frame_bare(u8 *to, u16 protocol);

/* What a frontend's process ends with. */
enum front_end {
	FRONT_ALIVE,	/* an honest frontend got its answers afterwards */
	FRONT_FAILED,	/* the attack could not be made */
	FRONT_DEAD,	/* an honest frontend got no answers */
	FRONT_OVER,	/* the connection is over: try another */
};

/* Keys that attacks do not change without saying so. */
void front_write_features(void);
/* One attack, from connecting to closing; both end with their process. */
enum front_end front_run(char *words);
int back_run(const char *domid, const char *name);
/* Does an honest frontend get its answers, in a connection of its own? */
enum front_end front_probe(void);

#endif /* HOSTILE_PEER_H */
