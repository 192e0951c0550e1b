/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet's hold on its ring slots: the heart of this driver.
 *
 * A hold begins when a packet's data has reached dom0 and ends when nothing
 * in dom0 uses the packet any more: it was sent, or dropped by whoever
 * dropped it. Then, and not before, its slots are answered. The kernel has
 * no single place that says so; a hold therefore rests on two tokens, and
 * lasts until both are gone:
 *
 *   the destructor  skb->destructor, called when the skb is orphaned or dies.
 *		     Clones do not inherit it.
 *   the ubuf	     a ubuf_info armed on skb_shared_info, completed when the
 *		     last user of the data is done. Clones, segments and
 *		     expanded heads share it by reference count. It ends early
 *		     when an skb goes up to protocol handlers or packet taps
 *		     (skb_orphan_frags_rx) or is linearised.
 *
 * Where one of them ends early the other carries on:
 *
 *   bridge, rx_handlers  the ubuf is armed from the start; both tokens stay
 *			  until the NIC frees the skb. A flooded clone holds by
 *			  the ubuf, whatever becomes of the original.
 *   routing		  the ubuf ends before ip_rcv. ip_rcv orphans the skb;
 *			  the destructor sees an skb without a ubuf and arms it
 *			  again, handing its token over. In the FORWARD hook the
 *			  skb gets a destructor again, so that both are there.
 *   death		  skb_release_head_state() calls the destructor, which
 *			  arms the ubuf if need be; skb_release_data() completes
 *			  it at once.
 *   a tap took a clone	  the data is shared and the ubuf cannot be armed on it
 *			  any more: the destructor ends the hold. A reader in
 *			  dom0 that does not read thus never holds a guest up.
 *   other protocols	  an skb orphaned on its way up goes to a packet socket and
 *			  no further: the destructor ends the hold.
 *   local delivery	  the LOCAL_IN hook ends the hold: a socket's queue is
 *			  not the way out of the machine. A fragment's ends
 *			  at PRE_ROUTING: the rest of its packet may be waiting
 *			  for its credit.
 *
 * SKBFL_DONT_ORPHAN keeps skb_clone() and pskb_expand_head() from copying
 * the data and completing the ubuf. The data is dom0's own, a copy of the
 * guest's, so whoever shares it may keep it for as long as they like.
 *
 * A hold that waits for something other than a device's turn is parked
 * (core/credit.h): its slots are answered, and it goes on without them, to say
 * when the packet has ended after all.
 *
 * A hold may outlive its queue, its interface and its guest.
 */
#ifndef NETBACK_HOLD_H
#define NETBACK_HOLD_H

#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "core/credit.h"
#include "ledger.h"

/* X(symbol, ethtool name): how a hold ended. */
#define HOLD_ENDS(X)							\
	X(FREED,  "freed")	/* data freed: sent or dropped */	\
	X(LOCAL,  "local")	/* delivered to a socket of dom0 */	\
	X(SHARED, "shared")	/* orphaned while a clone uses the data */ \
	X(LEFT,   "left")	/* outlived the guest's connection */

enum hold_end {
#define X(sym, name) HOLD_##sym,
	HOLD_ENDS(X)
#undef X
	HOLD_ENDS_COUNT,
};

struct holds;

/* Ledger entry of a hold whose slots were answered: it goes on without. */
#define HOLD_PARKED	XENNET_RING_SIZE

/**
 * struct hold - one packet's hold
 * @ubuf: counts the tokens; shown to the stack while armed
 * @node: on struct holds.released once the tokens are gone
 * @holds: the set it belongs to
 * @frame: its place in the ring's credit; owned by the queue's NAPI
 * @entry: its entry in the ledger, or HOLD_PARKED; likewise
 * @end: how it ended, enum hold_end
 *
 * Written by the queue's NAPI while the hold is not live; then, until it is
 * on the released list, @ubuf and @end by whoever takes a token.
 */
struct hold {
	struct ubuf_info ubuf;
	struct llist_node node;
	struct holds *holds;
	struct credit_frame frame;
	u16 entry;
	u8 end;
};

/**
 * struct holds - the holds of one f2b ring
 * @released: holds that ended; pushed from any context, emptied by @napi
 * @napi: polled when @released becomes non-empty; may be disabled for good
 * @poller: CPU of a poll that will empty @released before it ends, or -1; kept
 *	by that poll
 * @ref: one for the owner and one for each live hold
 * @free: called when @ref drops to zero, from any context
 * @ledger: who owns each slot; owned by @napi, as all that follows
 * @hold: by ledger entry; each has one
 * @spare: takes the place of one that is parked; or NULL
 * @nr_parked: live holds that are parked
 */
struct holds {
	struct llist_head released;
	struct napi_struct *napi;
	int poller;
	struct kref ref;
	void (*free)(struct holds *holds);
	struct ledger ledger;
	struct hold *hold[XENNET_RING_SIZE];
	struct hold *spare;
	u32 nr_parked;
};

int holds_init(struct holds *holds, struct napi_struct *napi,
	       void (*free)(struct holds *holds));
void holds_exit(struct holds *holds);
void holds_put(struct holds *holds);
bool holds_can_park(struct holds *holds);
void hold_begin(struct hold *hold, struct sk_buff *skb);
void hold_park(struct hold *hold);
void hold_forget(struct hold *hold);
int hold_module_init(void);
void hold_module_exit(void);

#endif /* NETBACK_HOLD_H */
