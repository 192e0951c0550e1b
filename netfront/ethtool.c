// SPDX-License-Identifier: GPL-2.0
/* ethtool: statistics of each queue, names made from their fields. */
#include <linux/ethtool.h>
#include <xennet/ethtool.h>
#include "netfront.h"

/* X(name): values as of now. */
#define GAUGES(X)							\
	X(f2b_free)		/* ring slots free */			\
	X(f2b_posted)		/* ring slots with the backend */	\
	X(f2b_posted_high)	/* most of them since connecting */	\
	X(f2b_events)		/* notifications received */		\
	X(b2f_posted)		/* buffers with the backend */		\
	X(b2f_events)

/**
 * struct counter - where a counter is
 * @name: shown after the queue's
 * @offset: in struct xmit_stats or struct napi_stats
 */
struct counter {
	const char *name;
	size_t offset;
};

#define GAUGE_NAME(name) #name,
#define XMIT_COUNTER(field) { #field, offsetof(struct xmit_stats, field) },
#define NAPI_COUNTER(field) { #field, offsetof(struct napi_stats, field) },

static const char * const gauges[] = { GAUGES(GAUGE_NAME) };
static const struct counter xmit_counters[] = { XMIT_STATS(XMIT_COUNTER) };
static const struct counter napi_counters[] = { NAPI_STATS(NAPI_COUNTER) };

/* With what the number beside each counts. */
static const char * const tests[FRONT_TESTS] = {
	[FRONT_TEST_LINK]	= "link (down)",
	[FRONT_TEST_ACCOUNTS]	= "accounts (queues wrong)",
	[FRONT_TEST_FRAMES]	= "frames (not answered)",
};

/* The one private flag. */
static const char static_flag[] = "static-grants";

/* Of the interface, behind those of its queues. */
#define CTRL_NAME(field) "ctrl_" #field,
static const char * const ctrl_names[] = { CTRL_STATS(CTRL_NAME) };

/* And by its in-tree name: b2f_csum_fixed of all queues. */
static const char intree_fixed[] = "rx_gso_checksum_fixup";

#define XDP_NAME(field) "b2f_xdp_" #field,
static const char * const xdp_names[] = { XENNET_XDP_FATES(XDP_NAME) };

#define QUEUE_STATS (ARRAY_SIZE(gauges) + ARRAY_SIZE(xmit_counters) + \
		     ARRAY_SIZE(napi_counters) + XENNET_XDP_FATES_COUNT + \
		     XENNET_REASONS - 1)

static void front_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	const struct front *front = netdev_priv(dev);

	xennet_get_drvinfo(front->xbdev, info);
}

static int front_get_link_ksettings(struct net_device *dev,
				    struct ethtool_link_ksettings *settings)
{
	const struct front *front = netdev_priv(dev);

	xennet_link_get(&front->settings, settings);
	return 0;
}

static int front_set_link_ksettings(struct net_device *dev,
				    const struct ethtool_link_ksettings *settings)
{
	struct front *front = netdev_priv(dev);

	return ethtool_virtdev_set_link_ksettings(dev, settings,
						  &front->settings.speed,
						  &front->settings.duplex);
}

static void front_get_ringparam(struct net_device *dev,
				struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	const struct front *front = netdev_priv(dev);

	ring->rx_max_pending = XENNET_RING_SIZE;
	ring->tx_max_pending = XENNET_RING_SIZE;
	ring->rx_pending = front->rx_pending;
	ring->tx_pending = front->tx_pending;
}

/* As front_set_channels(). */
static int front_set_ringparam(struct net_device *dev,
			       struct ethtool_ringparam *ring,
			       struct kernel_ethtool_ringparam *kernel_ring,
			       struct netlink_ext_ack *extack)
{
	struct front *front = netdev_priv(dev);

	if (min(ring->rx_pending, ring->tx_pending) < XENNET_PENDING_MIN) {
		NL_SET_ERR_MSG_MOD(extack, "at least 32 of each");
		return -EINVAL;
	}
	front->rx_wanted = ring->rx_pending;
	front->tx_wanted = ring->tx_pending;
	if (front->rx_wanted != front->rx_pending ||
	    front->tx_wanted != front->tx_pending)
		schedule_work(&front->renew);
	return 0;
}

static int front_get_coalesce(struct net_device *dev,
			      struct ethtool_coalesce *to,
			      struct kernel_ethtool_coalesce *kernel_to,
			      struct netlink_ext_ack *extack)
{
	const struct front *front = netdev_priv(dev);

	xennet_get_rx_coalesce(&front->rx_coalesce, to);
	to->tx_max_coalesced_frames = front->tx_coalesce.frames;
	to->tx_coalesce_usecs = front->tx_coalesce.usecs;
	return 0;
}

/* The timer of answers knows nothing shorter than a jiffy. */
static int read_tx_coalesce(const struct ethtool_coalesce *from,
			    struct xennet_coalesce *tx,
			    struct netlink_ext_ack *extack)
{
	u32 frames = from->tx_max_coalesced_frames;
	u32 usecs = from->tx_coalesce_usecs;

	if (!frames || frames > TX_FRAMES) {
		NL_SET_ERR_MSG_MOD(extack, "tx-frames: 1 to 64");
		return -EINVAL;
	}
	if (!usecs || usecs > XENNET_COALESCE_USECS) {
		NL_SET_ERR_MSG_MOD(extack, "tx-usecs: 1 to 50000");
		return -EINVAL;
	}
	tx->frames = frames;
	tx->usecs = jiffies_to_usecs(usecs_to_jiffies(usecs));
	return 0;
}

static int front_set_coalesce(struct net_device *dev,
			      struct ethtool_coalesce *from,
			      struct kernel_ethtool_coalesce *kernel_from,
			      struct netlink_ext_ack *extack)
{
	struct front *front = netdev_priv(dev);
	struct xennet_coalesce rx, tx = {};
	int err;

	err = xennet_read_rx_coalesce(&front->rx_coalesce, from, &rx, extack);
	if (err)
		return err;
	err = read_tx_coalesce(from, &tx, extack);
	if (err)
		return err;
	xennet_set_coalesce(&front->rx_coalesce, &rx);
	xennet_set_coalesce(&front->tx_coalesce, &tx);
	return 0;
}

static void front_get_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	const struct front *front = netdev_priv(dev);

	channels->max_combined = front->offered;
	channels->combined_count = front->nr_queues;
}

/* Both ends connect anew for it; until they have, get_channels has the old. */
static int front_set_channels(struct net_device *dev,
			      struct ethtool_channels *channels)
{
	struct front *front = netdev_priv(dev);

	front->wanted = channels->combined_count;
	if (front->wanted != front->nr_queues)
		schedule_work(&front->renew);
	return 0;
}

static int front_get_sset_count(struct net_device *dev, int set)
{
	const struct front *front = netdev_priv(dev);

	switch (set) {
	case ETH_SS_STATS:
		return front->nr_queues * QUEUE_STATS + CTRL_STATS_COUNT + 1;
	case ETH_SS_TEST:
		return FRONT_TESTS;
	case ETH_SS_PRIV_FLAGS:
		return 1;
	default:
		return -EOPNOTSUPP;
	}
}

static void queue_strings(unsigned int queue, u8 **at)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gauges); i++)
		ethtool_sprintf(at, "q%u_%s", queue, gauges[i]);
	for (i = 0; i < ARRAY_SIZE(xmit_counters); i++)
		ethtool_sprintf(at, "q%u_%s", queue, xmit_counters[i].name);
	for (i = 0; i < ARRAY_SIZE(napi_counters); i++)
		ethtool_sprintf(at, "q%u_%s", queue, napi_counters[i].name);
	for (i = 0; i < XENNET_XDP_FATES_COUNT; i++)
		ethtool_sprintf(at, "q%u_%s", queue, xdp_names[i]);
	for (i = XENNET_OK + 1; i < XENNET_REASONS; i++)
		ethtool_sprintf(at, "q%u_drop_%s", queue,
				xennet_reason_name(i));
}

static void front_get_strings(struct net_device *dev, u32 set, u8 *at)
{
	const struct front *front = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < front->nr_queues && set == ETH_SS_STATS; i++)
		queue_strings(i, &at);
	for (i = 0; i < CTRL_STATS_COUNT && set == ETH_SS_STATS; i++)
		ethtool_sprintf(&at, "%s", ctrl_names[i]);
	if (set == ETH_SS_STATS)
		ethtool_sprintf(&at, "%s", intree_fixed);
	for (i = 0; i < FRONT_TESTS && set == ETH_SS_TEST; i++)
		ethtool_sprintf(&at, "%s", tests[i]);
	if (set == ETH_SS_PRIV_FLAGS)
		ethtool_sprintf(&at, "%s", static_flag);
}

static u32 front_get_priv_flags(struct net_device *dev)
{
	const struct front *front = netdev_priv(dev);

	return front->statics;
}

/* Wanted as well of backends to come. */
static int front_set_priv_flags(struct net_device *dev, u32 flags)
{
	struct front *front = netdev_priv(dev);
	bool on = flags & 1;

	if (on == front->statics)
		return 0;
	return statics_set(front, on);
}

/* NAPI moves both meanwhile, together or one after the other. */
static u32 buffers_posted(const struct queue *queue)
{
	const struct ring_front *ring = &queue->rx.ring;
	u32 cons = READ_ONCE(ring->rsp_cons);

	return min(READ_ONCE(ring->req_prod) - cons, queue->front->rx_pending);
}

/* In the order of GAUGES. */
static u64 *add_gauges(u64 *at, struct queue *queue)
{
	struct tx *tx = &queue->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	*at++ = XENNET_RING_SIZE - ids_outstanding(&tx->ids);
	*at++ = ids_outstanding(&tx->ids);
	*at++ = tx->ids.high;
	spin_unlock_irqrestore(&tx->lock, flags);
	*at++ = READ_ONCE(queue->line[0].events);
	*at++ = buffers_posted(queue);
	/* Of the one event channel when both rings share it. */
	*at++ = READ_ONCE(queue->line[queue->nr_lines == 2].events);
	return at;
}

static u64 *add_counters(u64 *at, const struct queue *queue)
{
	const struct xmit_stats *xmit = &queue->xmit_stats;
	const struct napi_stats *napi = &queue->napi_stats;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xmit_counters); i++)
		*at++ = stat_read(&xmit->sync, (const void *)xmit +
					       xmit_counters[i].offset);
	for (i = 0; i < ARRAY_SIZE(napi_counters); i++)
		*at++ = stat_read(&napi->sync, (const void *)napi +
					       napi_counters[i].offset);
	for (i = 0; i < XENNET_XDP_FATES_COUNT; i++)
		*at++ = stat_read(&napi->sync, &napi->b2f_xdp[i]);
	for (i = XENNET_OK + 1; i < XENNET_REASONS; i++)
		*at++ = stat_read(&xmit->sync, &xmit->drop[i]) +
			stat_read(&napi->sync, &napi->f2b_drop[i]) +
			stat_read(&napi->sync, &napi->b2f_drop[i]);
	return at;
}

/* Of those not in use as well: it never falls. */
static u64 sum_fixed(const struct front *front)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < front->nr_made; i++) {
		const struct napi_stats *napi = &front->queue[i].napi_stats;

		sum += stat_read(&napi->sync, &napi->b2f_csum_fixed);
	}
	return sum;
}

/* RTNL is held, so a queue does not connect or disconnect meanwhile. */
static void front_get_ethtool_stats(struct net_device *dev,
				    struct ethtool_stats *stats, u64 *at)
{
	struct front *front = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < front->nr_queues; i++) {
		at = add_gauges(at, &front->queue[i]);
		at = add_counters(at, &front->queue[i]);
	}
	memcpy(at, &front->ctrl_stats, sizeof(front->ctrl_stats));
	at[CTRL_STATS_COUNT] = sum_fixed(front);
}

static void front_self_test(struct net_device *dev, struct ethtool_test *test,
			    u64 *result)
{
	unsigned int i;

	front_test(netdev_priv(dev), result);
	for (i = 0; i < FRONT_TESTS; i++)
		if (result[i])
			test->flags |= ETH_TEST_FL_FAILED;
}

DEFINE_RSS_OPS(rss)

const struct ethtool_ops front_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS |
				     ETHTOOL_COALESCE_USE_ADAPTIVE_RX |
				     ETHTOOL_COALESCE_MAX_FRAMES,
	.get_drvinfo		= front_get_drvinfo,
	.get_link_ksettings	= front_get_link_ksettings,
	.set_link_ksettings	= front_set_link_ksettings,
	.get_link		= ethtool_op_get_link,
	.get_ringparam		= front_get_ringparam,
	.set_ringparam		= front_set_ringparam,
	.get_coalesce		= front_get_coalesce,
	.set_coalesce		= front_set_coalesce,
	.get_channels		= front_get_channels,
	.set_channels		= front_set_channels,
	.get_rxfh_key_size	= rss_key_size,
	.get_rxfh_indir_size	= rss_table_size,
	RSS_OPS(rss),
	.get_sset_count		= front_get_sset_count,
	.get_strings		= front_get_strings,
	.get_priv_flags		= front_get_priv_flags,
	.set_priv_flags		= front_set_priv_flags,
	.get_ethtool_stats	= front_get_ethtool_stats,
	.self_test		= front_self_test,
	.get_ts_info		= ethtool_op_get_ts_info,
};
