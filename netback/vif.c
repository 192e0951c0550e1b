// SPDX-License-Identifier: GPL-2.0
/*
 * The network device of a guest interface.
 *
 * The device lives from probe to remove of its xenbus device; the queue
 * comes and goes with the guest. The stack sees the queue through one RCU
 * pointer, which is set and cleared with transmission stopped.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include "queue.h"

/* Longest frame less the longest Ethernet header. */
#define VIF_MTU_MAX	(XENNET_PACKET_MAX - VLAN_ETH_HLEN)

static netdev_tx_t vif_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vif *vif = netdev_priv(dev);
	struct queue *queue = rcu_dereference_bh(vif->queue);

	if (likely(queue))
		return b2f_xmit(queue, skb);
	dev_core_stats_tx_dropped_inc(dev);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static int vif_open(struct net_device *dev)
{
	struct vif *vif = netdev_priv(dev);
	struct queue *queue = rtnl_dereference(vif->queue);

	if (!queue)
		return 0;
	netif_tx_start_all_queues(dev);
	/* Requests may have waited for the interface to come up. */
	queue_kick(queue);
	return 0;
}

static int vif_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	return 0;
}

/* Sum of the drops that start at counter @first. */
static u64 vif_drops(const struct stats *stats, unsigned int first)
{
	unsigned int reason;
	u64 sum = 0;

	for (reason = XENNET_OK + 1; reason < XENNET_REASONS; reason++)
		sum += stat_read(stats, first + reason);
	return sum;
}

static void vif_get_stats64(struct net_device *dev,
			    struct rtnl_link_stats64 *st)
{
	struct vif *vif = netdev_priv(dev);

	st->rx_packets = stat_read(&vif->f2b, F2B_packets);
	st->rx_bytes = stat_read(&vif->f2b, F2B_bytes);
	st->rx_errors = vif_drops(&vif->f2b, F2B_DROP);
	st->tx_packets = stat_read(&vif->b2f, B2F_packets);
	st->tx_bytes = stat_read(&vif->b2f, B2F_bytes);
	st->tx_dropped = vif_drops(&vif->b2f, B2F_DROP);
}

/* Only what the guest said it can take. */
static netdev_features_t vif_fix_features(struct net_device *dev,
					  netdev_features_t features)
{
	u32 theirs = ((struct vif *)netdev_priv(dev))->features;

	if (!(theirs & XENNET_F_SG))
		features &= ~NETIF_F_SG;
	if (theirs & XENNET_F_NO_CSUM)
		features &= ~NETIF_F_IP_CSUM;
	if (!(theirs & XENNET_F_IPV6_CSUM))
		features &= ~NETIF_F_IPV6_CSUM;
	if (!(theirs & XENNET_F_GSO_TCPV4))
		features &= ~NETIF_F_TSO;
	if (!(theirs & XENNET_F_GSO_TCPV6))
		features &= ~NETIF_F_TSO6;
	return features;
}

static int vif_change_mtu(struct net_device *dev, int mtu)
{
	struct vif *vif = netdev_priv(dev);

	if (mtu > ETH_DATA_LEN && !(vif->features & XENNET_F_SG))
		return -EINVAL;
	dev->mtu = mtu;
	return 0;
}

static const struct net_device_ops vif_netdev_ops = {
	.ndo_open = vif_open,
	.ndo_stop = vif_stop,
	.ndo_start_xmit = vif_xmit,
	.ndo_get_stats64 = vif_get_stats64,
	.ndo_fix_features = vif_fix_features,
	.ndo_change_mtu = vif_change_mtu,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

/**
 * vif_set_rate() - limit what the guest sends
 * @vif: interface
 * @bytes: allowance per period
 * @usec: period in microseconds; 0: unlimited
 *
 * Context: may sleep; one caller at a time.
 */
void vif_set_rate(struct vif *vif, u32 bytes, u32 usec)
{
	struct queue *queue;

	WRITE_ONCE(vif->rate_bytes, bytes);
	WRITE_ONCE(vif->rate_usec, usec);
	rcu_read_lock();
	queue = rcu_dereference(vif->queue);
	if (queue) {
		/* Values before the mark: pairs with f2b_update_rate(). */
		smp_store_release(&queue->f2b.rate_changed, true);
		queue_kick(queue);
	}
	rcu_read_unlock();
}

static void vif_set_features(struct vif *vif, u32 features)
{
	struct net_device *dev = vif->dev;

	vif->features = features;
	if (!(features & XENNET_F_SG) && dev->mtu > ETH_DATA_LEN)
		dev_set_mtu(dev, ETH_DATA_LEN);
	netdev_update_features(dev);
}

/**
 * vif_connect() - start serving a guest
 * @vif: interface, not connected
 * @rings: what the guest published
 * @features: what it takes, from xennet_agree()
 *
 * Context: may sleep; takes RTNL.
 *
 * Return: 0 or a negative error; nothing is left behind then.
 */
int vif_connect(struct vif *vif, const struct vif_rings *rings, u32 features)
{
	struct queue *queue;

	fault_clear(vif);
	vif->features = features;
	queue = queue_create(vif, rings);
	if (IS_ERR(queue))
		return PTR_ERR(queue);

	rtnl_lock();
	vif_set_features(vif, features);
	queue_start(queue);
	rcu_assign_pointer(vif->queue, queue);
	netif_carrier_on(vif->dev);
	netif_tx_wake_all_queues(vif->dev);
	rtnl_unlock();
	vif_debugfs_add(vif);
	return 0;
}

/**
 * vif_disconnect() - stop serving a guest
 * @vif: interface, connected or not
 *
 * Context: may sleep; takes RTNL.
 */
void vif_disconnect(struct vif *vif)
{
	struct queue *queue;

	rtnl_lock();
	queue = rtnl_dereference(vif->queue);
	if (queue) {
		b2f_close(queue);
		netif_carrier_off(vif->dev);
		netif_tx_disable(vif->dev);
		RCU_INIT_POINTER(vif->queue, NULL);
	}
	rtnl_unlock();
	if (!queue)
		return;
	vif_debugfs_remove(vif);
	synchronize_net();
	queue_destroy(queue);
	fault_cancel(vif);
}

static void vif_setup(struct net_device *dev)
{
	static const u8 dummy_mac[ETH_ALEN] = {
		0xfe, 0xff, 0xff, 0xff, 0xff, 0xff
	};

	ether_setup(dev);
	dev->netdev_ops = &vif_netdev_ops;
	dev->ethtool_ops = &vif_ethtool_ops;
	dev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
			   NETIF_F_TSO | NETIF_F_TSO6;
	dev->features = dev->hw_features | NETIF_F_RXCSUM;
	dev->hw_features = dev->features;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = VIF_MTU_MAX;
	/*
	 * A bridge takes the lowest address of its ports for its own. This
	 * one is the highest there is, so that vifs never lend it theirs.
	 */
	eth_hw_addr_set(dev, dummy_mac);
}

/**
 * vif_create() - make the network device "vif<domain>.<handle>"
 * @xbdev: backend device
 * @handle: the guest's number for the interface
 *
 * Context: may sleep; takes RTNL.
 *
 * Return: the interface, without carrier, or an error.
 */
struct vif *vif_create(struct xenbus_device *xbdev, unsigned int handle)
{
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct vif *vif;
	int err;

	snprintf(name, sizeof(name), "vif%u.%u", xbdev->otherend_id, handle);
	dev = alloc_netdev(sizeof(*vif), name, NET_NAME_UNKNOWN, vif_setup);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	SET_NETDEV_DEV(dev, &xbdev->dev);

	vif = netdev_priv(dev);
	vif->dev = dev;
	vif->xbdev = xbdev;
	vif->domid = xbdev->otherend_id;
	vif->handle = handle;
	/* Until a guest says otherwise: scripts may set a large MTU first. */
	vif->features = XENNET_F_BACK;
	fault_init(vif);
	u64_stats_init(&vif->f2b.sync);
	u64_stats_init(&vif->b2f.sync);

	netif_carrier_off(dev);
	err = register_netdev(dev);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	return vif;
}

/**
 * vif_destroy() - undo vif_create()
 * @vif: interface, connected or not
 *
 * Context: may sleep; takes RTNL.
 */
void vif_destroy(struct vif *vif)
{
	vif_disconnect(vif);
	unregister_netdev(vif->dev);
	free_netdev(vif->dev);
}
