// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows. Names are ABI: Documentation/parameters.md lists them. */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <xennet/ethtool.h>
#include "queue.h"

/* Of each queue, after its "qN_". In slots; free + posted + held = 256. */
static const char * const queue_stats[] = {
	"f2b_free", "f2b_posted", "f2b_held", "f2b_held_high",
#define X(name) "f2b_" #name,
	F2B_STATS(X)
#undef X
#define X(sym, name) "f2b_end_" name,
	HOLD_ENDS(X)
#undef X
#define X(sym, name, text) "f2b_drop_" name,
	XENNET_DROPS(X)
	XENNET_FATALS(X)
#undef X
#define X(name) "b2f_" #name,
	B2F_STATS(X)
#undef X
#define X(sym, name, text) "b2f_drop_" name,
	XENNET_DROPS(X)
	XENNET_FATALS(X)
#undef X
};

/* Of the interface, behind those of its queues. */
static const char * const ctrl_stats[] = {
#define X(name) "ctrl_" #name,
	CTRL_STATS(X)
#undef X
};

/* And of the interface, by their in-tree names. */
static const struct {
	enum f2b_stat nr;
	const char *name;
} intree_stats[] = {
#define X(nr, name) { nr, name },
	INTREE_STATS(X)
#undef X
};

static_assert(ARRAY_SIZE(queue_stats) ==
	      4 + F2B_STATS_COUNT + B2F_STATS_COUNT, "a name for each");

/**
 * queue_read_slots() - who owns the slots of a queue's f2b ring now
 * @queue: the queue, or NULL: no guest is connected, all are free
 * @s: result
 *
 * Read beside the queue's NAPI: the three add up, but may be one moment old.
 *
 * Context: any; the caller keeps the queue from being destroyed.
 */
void queue_read_slots(const struct queue *queue, struct vif_slots *s)
{
	u32 posted = 0;

	*s = (struct vif_slots) { .free = XENNET_RING_SIZE };
	if (!queue)
		return;
	s->held = READ_ONCE(queue->holds.ledger.held);
	s->high = READ_ONCE(queue->holds.ledger.high);
	ring_back_requests(&queue->f2b.ring, &posted);
	s->posted = min(posted, XENNET_RING_SIZE - s->held);
	s->free = XENNET_RING_SIZE - s->held - s->posted;
}

static void vif_get_drvinfo(struct net_device *dev,
			    struct ethtool_drvinfo *info)
{
	struct vif *vif = netdev_priv(dev);

	xennet_get_drvinfo(vif->xbdev, info);
}

static int vif_get_link_ksettings(struct net_device *dev,
				  struct ethtool_link_ksettings *settings)
{
	const struct vif *vif = netdev_priv(dev);

	xennet_link_get(&vif->settings, settings);
	return 0;
}

static int vif_set_link_ksettings(struct net_device *dev,
				  const struct ethtool_link_ksettings *settings)
{
	struct vif *vif = netdev_priv(dev);

	return ethtool_virtdev_set_link_ksettings(dev, settings,
						  &vif->settings.speed,
						  &vif->settings.duplex);
}

static void vif_get_ringparam(struct net_device *dev,
			      struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	ring->rx_max_pending = XENNET_RING_SIZE;
	ring->tx_max_pending = XENNET_RING_SIZE;
	ring->rx_pending = XENNET_RING_SIZE;
	ring->tx_pending = XENNET_RING_SIZE;
}

static int vif_get_coalesce(struct net_device *dev,
			    struct ethtool_coalesce *to,
			    struct kernel_ethtool_coalesce *kernel_to,
			    struct netlink_ext_ack *extack)
{
	const struct vif *vif = netdev_priv(dev);

	xennet_get_rx_coalesce(&vif->coalesce, to);
	to->use_adaptive_tx_coalesce = vif->tx_coalesce.adaptive;
	to->tx_max_coalesced_frames = vif->tx_coalesce.frames;
	to->tx_coalesce_usecs = vif->tx_coalesce.usecs;
	return 0;
}

static int vif_set_coalesce(struct net_device *dev,
			    struct ethtool_coalesce *from,
			    struct kernel_ethtool_coalesce *kernel_from,
			    struct netlink_ext_ack *extack)
{
	struct vif *vif = netdev_priv(dev);
	struct xennet_coalesce rx, tx = {
		.adaptive = from->use_adaptive_tx_coalesce,
		.frames = from->tx_max_coalesced_frames,
		.usecs = from->tx_coalesce_usecs,
	};
	int err;

	err = xennet_read_rx_coalesce(&vif->coalesce, from, &rx, extack);
	if (!err)
		err = xennet_check_coalesce(&vif->tx_coalesce, &tx, extack);
	if (err)
		return err;
	xennet_set_coalesce(&vif->coalesce, &rx);
	xennet_set_coalesce(&vif->tx_coalesce, &tx);
	return 0;
}

/* How many queues there are is the guest's choice. */
static void vif_get_channels(struct net_device *dev,
			     struct ethtool_channels *channels)
{
	struct vif *vif = netdev_priv(dev);

	channels->max_combined = vif->max_queues;
	channels->combined_count = dev->real_num_tx_queues;
}

/* Queues in use, or last in use: RTNL is held, so they stay the same. */
static int vif_get_sset_count(struct net_device *dev, int set)
{
	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return dev->real_num_tx_queues * ARRAY_SIZE(queue_stats) +
	       ARRAY_SIZE(ctrl_stats) + ARRAY_SIZE(intree_stats);
}

static void vif_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	unsigned int queue, i;

	if (set != ETH_SS_STATS)
		return;
	for (queue = 0; queue < dev->real_num_tx_queues; queue++)
		for (i = 0; i < ARRAY_SIZE(queue_stats); i++)
			ethtool_sprintf(&data, "q%u_%s", queue, queue_stats[i]);
	for (i = 0; i < ARRAY_SIZE(ctrl_stats); i++)
		ethtool_sprintf(&data, "%s", ctrl_stats[i]);
	for (i = 0; i < ARRAY_SIZE(intree_stats); i++)
		ethtool_sprintf(&data, "%s", intree_stats[i].name);
}

static u64 *vif_add_stats(u64 *data, const struct queue *queue,
			  const struct vif_stats *stats)
{
	struct vif_slots slots;
	unsigned int i;

	queue_read_slots(queue, &slots);
	*data++ = slots.free;
	*data++ = slots.posted;
	*data++ = slots.held;
	*data++ = slots.high;
	for (i = 0; i < F2B_STATS_COUNT; i++)
		*data++ = stat_read(&stats->f2b, i);
	for (i = 0; i < B2F_STATS_COUNT; i++)
		*data++ = stat_read(&stats->b2f, i);
	return data;
}

/* One counter of all queues, of those not in use as well: it never falls. */
static u64 vif_sum_f2b(const struct vif *vif, enum f2b_stat nr)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < vif->max_queues && nr < F2B_STATS_COUNT; i++)
		sum += stat_read(&vif->stats[i].f2b, nr);
	return sum;
}

static void vif_get_ethtool_stats(struct net_device *dev,
				  struct ethtool_stats *stats, u64 *data)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_queues *queues = rtnl_dereference(vif->queues);
	unsigned int i;

	for (i = 0; i < dev->real_num_tx_queues; i++)
		data = vif_add_stats(data, queues ? queues->queue[i] : NULL,
				     &vif->stats[i]);
	for (i = 0; i < CTRL_STATS_COUNT; i++)
		*data++ = stat_read(&vif->ctrl_stats, i);
	for (i = 0; i < ARRAY_SIZE(intree_stats); i++)
		*data++ = vif_sum_f2b(vif, intree_stats[i].nr);
}

const struct ethtool_ops vif_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS |
				     ETHTOOL_COALESCE_USE_ADAPTIVE |
				     ETHTOOL_COALESCE_MAX_FRAMES,
	.get_drvinfo = vif_get_drvinfo,
	.get_link_ksettings = vif_get_link_ksettings,
	.set_link_ksettings = vif_set_link_ksettings,
	.get_link = ethtool_op_get_link,
	.get_ringparam = vif_get_ringparam,
	.get_coalesce = vif_get_coalesce,
	.set_coalesce = vif_set_coalesce,
	.get_channels = vif_get_channels,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = vif_get_sset_count,
	.get_strings = vif_get_strings,
	.get_ethtool_stats = vif_get_ethtool_stats,
};
