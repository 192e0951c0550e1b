// SPDX-License-Identifier: GPL-2.0
/*
 * Which queue a frame for the guest goes to, and the hash it has: as the guest
 * asked for (rss.h), or else as the stack likes.
 */
#include <net/flow_dissector.h>
#include "vif.h"

static_assert(sizeof_field(struct rss_flow, tuple) >=
	      2 * sizeof(struct in6_addr) + 2 * sizeof(__be16), "room for all");

/* Ports follow addresses. Those of a fragment may be anything. */
static void steer_add_ports(const struct flow_keys *keys, u32 addrs, u32 type,
			    struct rss_flow *flow)
{
	if (keys->basic.ip_proto != IPPROTO_TCP ||
	    keys->control.flags & FLOW_DIS_IS_FRAGMENT)
		return;
	flow->types |= BIT(type);
	memcpy(flow->tuple + addrs, &keys->ports.src, sizeof(__be16));
	memcpy(flow->tuple + addrs + sizeof(__be16), &keys->ports.dst,
	       sizeof(__be16));
}

static void steer_dissect(const struct sk_buff *skb, struct rss_flow *flow)
{
	const struct flow_dissector_key_addrs *addrs;
	struct flow_keys keys;

	flow->types = 0;
	if (!skb_flow_dissect_flow_keys(skb, &keys,
					FLOW_DISSECTOR_F_STOP_AT_ENCAP))
		return;
	addrs = &keys.addrs;
	switch (keys.control.addr_type) {
	case FLOW_DISSECTOR_KEY_IPV4_ADDRS:
		flow->types = BIT(XENNET_HASH_IPV4);
		memcpy(flow->tuple, &addrs->v4addrs.src, 4);
		memcpy(flow->tuple + 4, &addrs->v4addrs.dst, 4);
		steer_add_ports(&keys, 8, XENNET_HASH_IPV4_TCP, flow);
		break;
	case FLOW_DISSECTOR_KEY_IPV6_ADDRS:
		flow->types = BIT(XENNET_HASH_IPV6);
		memcpy(flow->tuple, &addrs->v6addrs.src, 16);
		memcpy(flow->tuple + 16, &addrs->v6addrs.dst, 16);
		steer_add_ports(&keys, 32, XENNET_HASH_IPV6_TCP, flow);
		break;
	}
}

/**
 * steer_hash() - the hash to send with a frame
 * @vif: interface
 * @skb: the frame
 * @hash: result; none unless the guest wants frames hashed
 *
 * Context: any.
 */
void steer_hash(const struct vif *vif, const struct sk_buff *skb,
		struct xennet_hash *hash)
{
	struct rss_flow flow;

	*hash = (struct xennet_hash) { .algorithm = XENNET_HASH_NONE };
	if (!rss_on(&vif->rss))
		return;
	steer_dissect(skb, &flow);
	rss_hash(&vif->rss, &flow, hash);
}

/**
 * steer_queue() - the queue of a frame
 * @dev: network device of the interface
 * @skb: the frame
 * @sb_dev: for the stack's own choice
 *
 * It is hashed again when it is sent: between here and there lies a qdisc, which
 * leaves no place to keep a hash in, and may change the frame.
 *
 * Context: soft interrupts off.
 *
 * Return: number of the queue.
 */
u16 steer_queue(struct net_device *dev, struct sk_buff *skb,
		struct net_device *sb_dev)
{
	const struct vif *vif = netdev_priv(dev);
	struct xennet_hash hash;

	if (!rss_on(&vif->rss))
		return netdev_pick_tx(dev, skb, sb_dev);
	steer_hash(vif, skb, &hash);
	return rss_queue(&vif->rss, hash.value, dev->real_num_tx_queues);
}
