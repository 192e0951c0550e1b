// SPDX-License-Identifier: GPL-2.0
/* A packet's hold on its ring slots. hold.h explains the two tokens. */
#include <linux/if_vlan.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include "hold.h"

/* Data is dom0's own: clones may share it for as long as they like. */
#define HOLD_OWN_DATA	(SKBFL_ZEROCOPY_ENABLE | SKBFL_DONT_ORPHAN)
/* Data is the guest's: it may change, and whoever keeps it must copy it. */
#define HOLD_GUEST_DATA	SKBFL_ZEROCOPY_FRAG

static void holds_free(struct kref *ref)
{
	struct holds *holds = container_of(ref, struct holds, ref);

	holds->free(holds);
}

/**
 * holds_put() - drop a reference
 * @holds: the set; may be gone on return
 *
 * Context: any.
 */
void holds_put(struct holds *holds)
{
	kref_put(&holds->ref, holds_free);
}

/*
 * Is this within the poll that is going to look at the list? A task could be
 * moved to the poll's CPU between two looks, a softirq stays where it is.
 */
static bool holds_polled(const struct holds *holds)
{
	return in_serving_softirq() &&
	       READ_ONCE(holds->poller) == smp_processor_id();
}

/*
 * Both tokens are gone. @hold belongs to the NAPI from llist_add() on, which
 * may answer and reuse it at once. The set stays: its reference is ours.
 *
 * The read side keeps module unload away until the last instruction that
 * matters here; pairs with synchronize_rcu() in the module's exit.
 */
static void hold_release(struct hold *hold)
{
	struct holds *holds = hold->holds;

	rcu_read_lock();
	if (llist_add(&hold->node, &holds->released) && !holds_polled(holds))
		napi_schedule(holds->napi);
	holds_put(holds);
	rcu_read_unlock();
}

static void hold_drop_token(struct hold *hold)
{
	if (refcount_dec_and_test(&hold->ubuf.refcnt))
		hold_release(hold);
}

/* Completion of the ubuf: the last user of the data is done, or copied it. */
static void hold_ubuf_done(struct sk_buff *skb, struct ubuf_info *ubuf,
			   bool success)
{
	hold_drop_token(container_of(ubuf, struct hold, ubuf));
}

/* The hold armed on @skb, or NULL. */
static struct hold *hold_armed(struct sk_buff *skb)
{
	struct ubuf_info *ubuf = skb_zcopy(skb);

	if (!ubuf || skb_zcopy_is_nouarg(skb) ||
	    ubuf->callback != hold_ubuf_done)
		return NULL;
	return container_of(ubuf, struct hold, ubuf);
}

/*
 * Protocols whose handlers orphan packets they pass on. Anything else that is
 * orphaned on the way up ends in a packet socket.
 */
static bool hold_goes_on(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ||
	       skb->protocol == htons(ETH_P_IPV6) ||
	       skb->protocol == htons(ETH_P_MPLS_UC);
}

/*
 * The skb is orphaned or dies: the two look alike from here, and one answer
 * serves both. Nothing but the skb itself is safe to look at: a qdisc may
 * have used skb->dev for its own tree. destructor_arg outlives a completed
 * ubuf and still names the hold: the stack keeps it valid until the destructor
 * (skbuff.h).
 */
static void hold_destructor(struct sk_buff *skb)
{
	struct hold *hold = container_of(skb_uarg(skb), struct hold, ubuf);

	if (skb_zcopy(skb) || !hold_goes_on(skb)) {
		hold_drop_token(hold);
		return;
	}
	if (skb_cloned(skb)) {
		hold->end = HOLD_SHARED;
		hold_drop_token(hold);
		return;
	}
	/* Not armed means not mapped (any more): dom0 has its own copy. */
	hold->ubuf.flags = HOLD_OWN_DATA;
	skb_zcopy_init(skb, &hold->ubuf);
}

/*
 * Arm from the start wherever a clone may be made before the skb is orphaned:
 * where an rx_handler or a VLAN device takes it, and for every frame with a
 * group address. Elsewhere an armed ubuf would only make the stack copy the
 * fragments on the way to ip_rcv, so it is left to the destructor.
 */
static bool hold_arms_early(const struct sk_buff *skb)
{
	return rcu_access_pointer(skb->dev->rx_handler) ||
	       eth_type_vlan(skb->protocol) || skb->pkt_type == PACKET_BROADCAST ||
	       skb->pkt_type == PACKET_MULTICAST ||
	       !skb_is_nonlinear(skb);
}

/**
 * holds_init() - set up the holds of a ring
 * @holds: zeroed
 * @napi: empties @holds->released
 * @free: frees @holds, from any context, once nobody uses it
 *
 * The caller owns one reference.
 */
void holds_init(struct holds *holds, struct napi_struct *napi,
		void (*free)(struct holds *holds))
{
	unsigned int i;

	init_llist_head(&holds->released);
	holds->napi = napi;
	holds->poller = -1;
	kref_init(&holds->ref);
	holds->free = free;
	ledger_init(&holds->ledger);
	for (i = 0; i < XENNET_RING_SIZE; i++) {
		holds->hold[i].holds = holds;
		holds->hold[i].ubuf.callback = hold_ubuf_done;
	}
}

/**
 * hold_begin() - let a packet hold its slots
 * @hold: entry the ledger gave out, slots and maps filled in
 * @skb: the packet, just before it goes to the stack; not shared, not
 *	cloned, after eth_type_trans()
 *
 * Context: NAPI of the ring, inside an RCU read section.
 */
void hold_begin(struct hold *hold, struct sk_buff *skb)
{
	bool arm = hold->nr_maps || hold_arms_early(skb);

	hold->end = HOLD_FREED;
	hold->ubuf.flags = hold->nr_maps ? HOLD_GUEST_DATA : HOLD_OWN_DATA;
	refcount_set(&hold->ubuf.refcnt, 1 + arm);
	kref_get(&hold->holds->ref);

	skb_shinfo(skb)->destructor_arg = &hold->ubuf;
	skb->destructor = hold_destructor;
	if (arm)
		skb_zcopy_init(skb, &hold->ubuf);
}

/*
 * Delivered to dom0 itself: the packet has arrived. The mark is on the shared
 * part of the skb; a clone of it keeps its own.
 */
static int hold_arrive(struct sk_buff *skb)
{
	struct hold *hold = hold_armed(skb);

	if (!hold)
		return 0;
	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;
	hold->end = HOLD_LOCAL;
	skb_zcopy_clear(skb, true);
	return 0;
}

/* A packet put together from fragments has one hold for each. */
static unsigned int hold_local_in(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct sk_buff *frag;

	if (hold_arrive(skb))
		return NF_DROP;
	skb_walk_frags(skb, frag)
		if (hold_arrive(frag))
			return NF_DROP;
	return NF_ACCEPT;
}

/*
 * A fragment for dom0 itself has arrived as well, although LOCAL_IN sees only
 * the whole packet: the rest of it may wait for this one's credit.
 */
static unsigned int hold_pre_routing(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (!hold_armed(skb) || !ip_is_fragment(iph) ||
	    inet_addr_type_dev_table(state->net, skb->dev,
				     iph->daddr) == RTN_UNICAST)
		return NF_ACCEPT;
	return hold_local_in(priv, skb, state);
}

/*
 * Passing through: the destructor went with ip_rcv, put one back. Routing is
 * behind us, so no early demux overwrites it any more.
 */
static unsigned int hold_forward(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct hold *hold = hold_armed(skb);

	if (hold && !skb->destructor && !skb->sk) {
		net_zcopy_get(&hold->ubuf);
		skb->destructor = hold_destructor;
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops hold_hooks[] = {
	{
		/* IPv6 reassembles behind LOCAL_IN. */
		.hook = hold_pre_routing,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_FIRST,
	}, {
		.hook = hold_local_in,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_LAST,
	}, {
		.hook = hold_local_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST,
	}, {
		.hook = hold_forward,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_FIRST,
	}, {
		.hook = hold_forward,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP6_PRI_FIRST,
	},
};

static int __net_init hold_net_init(struct net *net)
{
	return nf_register_net_hooks(net, hold_hooks, ARRAY_SIZE(hold_hooks));
}

static void __net_exit hold_net_exit(struct net *net)
{
	nf_unregister_net_hooks(net, hold_hooks, ARRAY_SIZE(hold_hooks));
}

static struct pernet_operations hold_net_ops = {
	.init = hold_net_init,
	.exit = hold_net_exit,
};

/**
 * hold_hooks_register() - watch for local delivery in every namespace
 *
 * Return: 0 or a negative error.
 */
int hold_hooks_register(void)
{
	return register_pernet_subsys(&hold_net_ops);
}

/**
 * hold_hooks_unregister() - undo hold_hooks_register()
 */
void hold_hooks_unregister(void)
{
	unregister_pernet_subsys(&hold_net_ops);
}
