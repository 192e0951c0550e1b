// SPDX-License-Identifier: GPL-2.0
/* A packet's hold on its ring slots. hold.h explains the two tokens. */
#include <linux/if_vlan.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include "hold.h"

/* Data is dom0's own: clones may share it for as long as they like. */
#define HOLD_OWN_DATA	(SKBFL_ZEROCOPY_ENABLE | SKBFL_DONT_ORPHAN)

static struct kmem_cache *hold_cache;

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

static const struct ubuf_info_ops hold_ubuf_ops = {
	.complete = hold_ubuf_done,
};

/* The hold armed on @skb, or NULL. */
static struct hold *hold_armed(struct sk_buff *skb)
{
	struct ubuf_info *ubuf = skb_zcopy_of(skb, &hold_ubuf_ops);

	return ubuf ? container_of(ubuf, struct hold, ubuf) : NULL;
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
	skb_zcopy_init(skb, &hold->ubuf);
}

/* May tc or nftables send a packet on before it is routed? */
static bool hold_ingress_hooked(const struct net_device *dev)
{
	bool hooked = false;

#ifdef CONFIG_NET_XGRESS
	hooked = rcu_access_pointer(dev->tcx_ingress);
#endif
#ifdef CONFIG_NETFILTER_INGRESS
	hooked = hooked || rcu_access_pointer(dev->nf_hooks_ingress);
#endif
	return hooked;
}

/*
 * Arm from the start wherever the packet may be cloned or segmented before it is orphaned:
 * where an rx_handler, an ingress hook or a VLAN device takes it, and for every frame with
 * a group address. Elsewhere an armed ubuf would only make the stack copy the
 * fragments on the way to ip_rcv, so it is left to the destructor.
 */
static bool hold_arms_early(const struct sk_buff *skb)
{
	return rcu_access_pointer(skb->dev->rx_handler) ||
	       eth_type_vlan(skb->protocol) || skb->pkt_type == PACKET_BROADCAST ||
	       skb->pkt_type == PACKET_MULTICAST ||
	       !skb_is_nonlinear(skb) || hold_ingress_hooked(skb->dev);
}

static void hold_setup(struct hold *hold, struct holds *holds, u16 entry)
{
	hold->holds = holds;
	ubuf_info_set_ops(&hold->ubuf, &hold_ubuf_ops);
	hold->ubuf.flags = HOLD_OWN_DATA;
	hold->entry = entry;
}

/**
 * holds_init() - set up the holds of a ring
 * @holds: zeroed
 * @napi: empties @holds->released
 * @free: calls holds_exit(), from any context, once nobody uses it
 *
 * The caller owns one reference.
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int holds_init(struct holds *holds, struct napi_struct *napi,
	       void (*free)(struct holds *holds))
{
	unsigned int i;

	if (!kmem_cache_alloc_bulk(hold_cache, GFP_KERNEL, XENNET_RING_SIZE,
				   (void **)holds->hold))
		return -ENOMEM;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		hold_setup(holds->hold[i], holds, i);
	init_llist_head(&holds->released);
	holds->napi = napi;
	holds->poller = -1;
	kref_init(&holds->ref);
	holds->free = free;
	ledger_init(&holds->ledger);
	return 0;
}

/**
 * holds_exit() - counterpart of holds_init()
 * @holds: set without a reference
 */
void holds_exit(struct holds *holds)
{
	struct hold *hold, *next;

	llist_for_each_entry_safe(hold, next, llist_del_all(&holds->released),
				  node)
		if (hold->entry == HOLD_PARKED)
			kmem_cache_free(hold_cache, hold);
	kmem_cache_free_bulk(hold_cache, XENNET_RING_SIZE,
			     (void **)holds->hold);
	if (holds->spare)
		kmem_cache_free(hold_cache, holds->spare);
}

/**
 * hold_begin() - let a packet hold its slots
 * @hold: entry the ledger gave out, slots filled in
 * @skb: the packet, just before it goes to the stack; not shared, not
 *	cloned, after eth_type_trans()
 *
 * Context: NAPI of the ring, inside an RCU read section.
 */
void hold_begin(struct hold *hold, struct sk_buff *skb)
{
	bool arm = hold_arms_early(skb);

	hold->end = HOLD_FREED;
	refcount_set(&hold->ubuf.refcnt, 1 + arm);
	kref_get(&hold->holds->ref);

	skb_shinfo(skb)->destructor_arg = &hold->ubuf;
	skb->destructor = hold_destructor;
	if (arm)
		skb_zcopy_init(skb, &hold->ubuf);
}

/**
 * holds_can_park() - is there memory for one more hold?
 * @holds: the set
 *
 * Context: NAPI of the ring.
 *
 * Return: true if so, and that hold_park() may be called.
 */
bool holds_can_park(struct holds *holds)
{
	if (!holds->spare)
		holds->spare = kmem_cache_alloc(hold_cache,
						GFP_ATOMIC | __GFP_NOWARN);
	return holds->spare;
}

/**
 * hold_park() - let a hold go on without its slots
 * @hold: live, with an entry in the ledger; that gets another hold
 *
 * Context: NAPI of the ring, after holds_can_park().
 */
void hold_park(struct hold *hold)
{
	struct holds *holds = hold->holds;

	hold_setup(holds->spare, holds, hold->entry);
	holds->hold[hold->entry] = holds->spare;
	holds->spare = NULL;
	holds->nr_parked++;
	hold->entry = HOLD_PARKED;
}

/**
 * hold_forget() - free a hold that was parked
 * @hold: ended, off the released list
 *
 * Context: NAPI of the ring.
 */
void hold_forget(struct hold *hold)
{
	hold->holds->nr_parked--;
	kmem_cache_free(hold_cache, hold);
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
 * hold_module_init() - before the first hold
 *
 * Return: 0 or a negative error.
 */
int hold_module_init(void)
{
	int err;

	hold_cache = KMEM_CACHE(hold, 0);
	if (!hold_cache)
		return -ENOMEM;
	err = register_pernet_subsys(&hold_net_ops);
	if (err)
		kmem_cache_destroy(hold_cache);
	return err;
}

/**
 * hold_module_exit() - counterpart of hold_module_init(), after the last hold
 */
void hold_module_exit(void)
{
	unregister_pernet_subsys(&hold_net_ops);
	kmem_cache_destroy(hold_cache);
}
