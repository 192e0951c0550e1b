// SPDX-License-Identifier: GPL-2.0
/*
 * What ethtool -t tests. Nothing of it disturbs traffic: offline and online are
 * the same.
 *
 * There is no loopback: a frame comes back only if the bridge at the other end
 * reflects it, which is not ours to switch on. What can be seen from here is
 * that the backend takes frames and answers their slots. So frames go from this
 * station to itself: a bridge finds that they are where they belong and drops
 * them, and nobody else sees them.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include "netfront.h"

/* Frames a queue, and how long each may take. */
#define TEST_COUNT	4u
#define TEST_MS		2000u

static bool has_link(const struct front *front)
{
	return front->connected && netif_running(front->dev) &&
	       netif_carrier_ok(front->dev);
}

/* Every id is free or posted, and as many are posted as the ring has. */
static bool tx_accounts_right(struct tx *tx)
{
	unsigned long flags;
	bool right;

	spin_lock_irqsave(&tx->lock, flags);
	right = ids_is_valid(&tx->ids, tx->ring.req_prod - tx->ring.rsp_cons);
	spin_unlock_irqrestore(&tx->lock, flags);
	return right;
}

/*
 * Every buffer has its page, and as many are posted as the user wants; or as many as
 * there were pages for.
 */
static bool rx_accounts_right(const struct rx *rx, u32 pending)
{
	u32 posted = rx->ring.req_prod - rx->ring.rsp_cons;
	u32 nr, pages = 0;

	for (nr = 0; nr < rx->nr_buffers; nr++)
		pages += !!rx->page[nr];
	if (pages != rx->nr_pages)
		return false;
	return posted == (buffers_complete(rx) ? pending : min(pending, pages));
}

/* NAPI stands still meanwhile: in the middle of a poll rx is not at rest. */
static bool accounts_right(struct queue *queue)
{
	bool right;

	napi_disable(&queue->napi);
	right = tx_accounts_right(&queue->tx) &&
		rx_accounts_right(&queue->rx, queue->front->rx_pending);
	napi_enable(&queue->napi);
	queue_kick(queue);
	return right;
}

static struct sk_buff *test_frame(struct net_device *dev)
{
	unsigned int len = ETH_HLEN + min_t(u32, dev->mtu, ETH_DATA_LEN);
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	eth = skb_put_zero(skb, len);
	ether_addr_copy(eth->h_dest, dev->dev_addr);
	ether_addr_copy(eth->h_source, dev->dev_addr);
	eth->h_proto = htons(ETH_P_802_EX1);
	skb->dev = dev;
	skb->protocol = eth->h_proto;
	skb_reset_mac_header(skb);
	return skb;
}

/* A slot that is answered gives up its reference: then only ours is left. */
static bool is_answered(struct sk_buff *skb)
{
	unsigned int ms;

	for (ms = 0; ms < TEST_MS && refcount_read(&skb->users) > 1; ms++)
		usleep_range(1000, 2000);
	return refcount_read(&skb->users) == 1;
}

/* A full ring is waited for as an answer is. */
static bool is_sent(struct queue *queue, struct sk_buff *skb)
{
	unsigned int ms;

	for (ms = 0; ms < TEST_MS; ms++) {
		int ret = __dev_direct_xmit(skb_get(skb), queue->id);

		if (dev_xmit_complete(ret))
			return ret == NETDEV_TX_OK;
		kfree_skb(skb);
		usleep_range(1000, 2000);
	}
	return false;
}

/* Frames that were lost so far, at this end or by the backend's word. */
static u64 errors(const struct queue *queue)
{
	const struct xmit_stats *xmit = &queue->xmit_stats;
	const struct napi_stats *napi = &queue->napi_stats;
	unsigned int reason;
	u64 sum = 0;

	for (reason = XENNET_OK + 1; reason < XENNET_REASONS; reason++)
		sum += stat_read(&xmit->sync, &xmit->drop[reason]) +
		       stat_read(&napi->sync, &napi->f2b_drop[reason]);
	return sum;
}

/* Frames of a queue that the backend did not send, or not in time. */
static u64 frames_lost(struct queue *queue)
{
	struct sk_buff *skb = test_frame(queue->front->dev);
	u64 before = errors(queue);
	unsigned int i;

	for (i = 0; skb && i < TEST_COUNT; i++)
		if (!is_sent(queue, skb) || !is_answered(skb))
			break;
	kfree_skb(skb);
	return TEST_COUNT - i + errors(queue) - before;
}

/* Of all queues; after the first loss no more are sent: RTNL is held. */
static u64 all_frames_lost(struct front *front)
{
	u64 lost = has_link(front) ? 0 : TEST_COUNT;
	unsigned int i;

	for (i = 0; i < front->nr_queues && !lost; i++)
		lost = frames_lost(&front->queue[i]);
	return lost;
}

/**
 * front_test() - test the interface
 * @front: the interface
 * @result: by enum front_test, 0: passed
 *
 * RTNL is held.
 */
void front_test(struct front *front, u64 result[FRONT_TESTS])
{
	unsigned int i;

	result[FRONT_TEST_LINK] = !has_link(front);
	result[FRONT_TEST_ACCOUNTS] = 0;
	for (i = 0; i < front->nr_queues && front->connected; i++)
		result[FRONT_TEST_ACCOUNTS] += !accounts_right(&front->queue[i]);
	result[FRONT_TEST_FRAMES] = all_frames_lost(front);
}
