// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows. Names are ABI: Documentation/parameters.md lists them. */
#include <linux/ethtool.h>
#include "queue.h"

/* In slots; free + posted + held = 256. */
static const char vif_stat_names[][ETH_GSTRING_LEN] = {
	"q0_f2b_free", "q0_f2b_posted", "q0_f2b_held", "q0_f2b_held_high",
#define X(name) "q0_f2b_" #name,
	F2B_STATS(X)
#undef X
#define X(sym, name) "q0_f2b_end_" name,
	HOLD_ENDS(X)
#undef X
#define X(sym, name, text) "q0_f2b_drop_" name,
	XENNET_DROPS(X)
	XENNET_FATALS(X)
#undef X
#define X(name) "q0_b2f_" #name,
	B2F_STATS(X)
#undef X
#define X(sym, name, text) "q0_b2f_drop_" name,
	XENNET_DROPS(X)
	XENNET_FATALS(X)
#undef X
};

static_assert(ARRAY_SIZE(vif_stat_names) ==
	      4 + F2B_STATS_COUNT + B2F_STATS_COUNT, "a name for each");

/**
 * vif_read_slots() - who owns the slots of the f2b ring now
 * @vif: interface
 * @s: result; all free while no guest is connected
 *
 * Read beside the queue's NAPI: the three add up, but may be one moment old.
 *
 * Context: any.
 */
void vif_read_slots(struct vif *vif, struct vif_slots *s)
{
	struct queue *queue;
	u32 posted = 0;

	*s = (struct vif_slots) { .free = XENNET_RING_SIZE };
	rcu_read_lock();
	queue = rcu_dereference(vif->queue);
	if (queue) {
		s->held = READ_ONCE(queue->holds.ledger.held);
		s->high = READ_ONCE(queue->holds.ledger.high);
		ring_back_requests(&queue->f2b.ring, &posted);
		s->posted = min(posted, XENNET_RING_SIZE - s->held);
		s->free = XENNET_RING_SIZE - s->held - s->posted;
	}
	rcu_read_unlock();
}

static void vif_get_drvinfo(struct net_device *dev,
			    struct ethtool_drvinfo *info)
{
	struct vif *vif = netdev_priv(dev);

	strscpy(info->driver, "netback", sizeof(info->driver));
	strscpy(info->version, XENNET_VERSION, sizeof(info->version));
	strscpy(info->bus_info, dev_name(&vif->xbdev->dev),
		sizeof(info->bus_info));
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

static int vif_get_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(vif_stat_names) : -EOPNOTSUPP;
}

static void vif_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		memcpy(data, vif_stat_names, sizeof(vif_stat_names));
}

static void vif_get_ethtool_stats(struct net_device *dev,
				  struct ethtool_stats *stats, u64 *data)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_slots slots;
	unsigned int i;

	vif_read_slots(vif, &slots);
	*data++ = slots.free;
	*data++ = slots.posted;
	*data++ = slots.held;
	*data++ = slots.high;
	for (i = 0; i < F2B_STATS_COUNT; i++)
		*data++ = stat_read(&vif->f2b, i);
	for (i = 0; i < B2F_STATS_COUNT; i++)
		*data++ = stat_read(&vif->b2f, i);
}

const struct ethtool_ops vif_ethtool_ops = {
	.get_drvinfo = vif_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ringparam = vif_get_ringparam,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = vif_get_sset_count,
	.get_strings = vif_get_strings,
	.get_ethtool_stats = vif_get_ethtool_stats,
};
