// SPDX-License-Identifier: GPL-2.0
/*
 * The network device of a guest interface.
 *
 * The device lives from probe to remove of its xenbus device; the queues
 * come and go with the guest. The stack sees them through one RCU pointer,
 * which is set and cleared with transmission stopped.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <xennet/napi.h>
#include <xennet/offload.h>
#include <xennet/param.h>
#include "queue.h"
#include "xdp.h"

/* Longest frame less the longest Ethernet header. */
#define VIF_MTU_MAX	(XENNET_PACKET_MAX - VLAN_ETH_HLEN)

static netdev_tx_t vif_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_queues *queues = rcu_dereference_bh(vif->queues);
	unsigned int id = skb_get_queue_mapping(skb);

	if (likely(queues && id < queues->nr))
		return b2f_xmit(queues->queue[id], skb);
	dev_core_stats_tx_dropped_inc(dev);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static void vif_kick(const struct vif_queues *queues)
{
	unsigned int i;

	for (i = 0; i < queues->nr; i++)
		queue_kick(queues->queue[i]);
}

static int vif_open(struct net_device *dev)
{
	struct vif *vif = netdev_priv(dev);
	struct vif_queues *queues = rtnl_dereference(vif->queues);

	link_tell(vif);
	if (!queues)
		return 0;
	netif_tx_start_all_queues(dev);
	/* Requests may have waited for the interface to come up. */
	vif_kick(queues);
	return 0;
}

static int vif_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	link_tell(netdev_priv(dev));
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
	unsigned int i;

	for (i = 0; i < vif->max_queues; i++) {
		const struct stats *f2b = &vif->stats[i].f2b;
		const struct stats *b2f = &vif->stats[i].b2f;

		st->rx_packets += stat_read(f2b, F2B_packets);
		st->rx_bytes += stat_read(f2b, F2B_bytes);
		st->rx_dropped += stat_read(f2b, F2B_xdp_drop) +
				  stat_read(f2b, F2B_xdp_aborted);
		st->rx_errors += vif_drops(f2b, F2B_DROP);
		st->tx_packets += stat_read(b2f, B2F_packets);
		st->tx_bytes += stat_read(b2f, B2F_bytes);
		st->tx_dropped += vif_drops(b2f, B2F_DROP);
	}
}

static netdev_features_t vif_features_check(struct sk_buff *skb,
					    struct net_device *dev,
					    netdev_features_t features)
{
	const struct vif *vif = netdev_priv(dev);

	return xennet_check_features(skb, features, vif->features);
}

/* Only what the guest said it can take. */
static netdev_features_t vif_fix_features(struct net_device *dev,
					  netdev_features_t features)
{
	u32 theirs = ((struct vif *)netdev_priv(dev))->features;

	if (!(theirs & XENNET_F_SG))
		features &= ~(NETIF_F_SG | NETIF_F_FRAGLIST);
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

static int vif_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct vif *vif = netdev_priv(dev);

	return xennet_xdp_command(&vif->xdp_prog, bpf);
}

static const struct net_device_ops vif_netdev_ops = {
	.ndo_open = vif_open,
	.ndo_stop = vif_stop,
	.ndo_start_xmit = vif_xmit,
	.ndo_select_queue = steer_queue,
	.ndo_get_stats64 = vif_get_stats64,
	.ndo_features_check = vif_features_check,
	.ndo_fix_features = vif_fix_features,
	.ndo_change_mtu = vif_change_mtu,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_bpf = vif_bpf,
	.ndo_xdp_xmit = xennet_xdp_xmit,
};

/**
 * vif_set_rate() - limit what the guest sends, on all queues together
 * @vif: interface
 * @bytes: allowance per period
 * @usec: period in microseconds; 0: unlimited
 *
 * Context: may sleep; one caller at a time.
 */
void vif_set_rate(struct vif *vif, u32 bytes, u32 usec)
{
	struct vif_queues *queues;
	unsigned int i;

	rcu_read_lock();
	queues = rcu_dereference(vif->queues);
	spin_lock_bh(&vif->shaper_lock);
	shaper_set(&vif->shaper, bytes, usec, ktime_to_us(ktime_get()));
	for (i = 0; queues && i < queues->nr; i++)
		f2b_unthrottle(queues->queue[i]);
	spin_unlock_bh(&vif->shaper_lock);
	if (queues)
		vif_kick(queues);
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

static void vif_destroy_queues(struct vif_queues *queues)
{
	while (queues->nr)
		queue_destroy(queues->queue[--queues->nr]);
	kfree(queues);
}

static struct vif_queues *vif_create_queues(struct vif *vif,
					    const struct vif_rings *rings,
					    unsigned int nr)
{
	struct vif_queues *queues;
	struct queue *queue;

	queues = kzalloc(struct_size(queues, queue, nr), GFP_KERNEL);
	if (!queues)
		return ERR_PTR(-ENOMEM);
	while (queues->nr < nr) {
		queue = queue_create(vif, queues->nr, &rings[queues->nr]);
		if (IS_ERR(queue)) {
			vif_destroy_queues(queues);
			return ERR_CAST(queue);
		}
		queue->statics.queues = nr;
		queues->queue[queues->nr++] = queue;
	}
	return queues;
}

/* RTNL is held. */
static int vif_start(struct vif *vif, struct vif_queues *queues, u32 features)
{
	unsigned int i;
	int err;

	err = netif_set_real_num_queues(vif->dev, queues->nr, queues->nr);
	if (err)
		return err;
	vif_set_features(vif, features);
	for (i = 0; i < queues->nr; i++)
		queue_start(queues->queue[i]);
	rcu_assign_pointer(vif->queues, queues);
	link_serve(vif, true);
	netif_tx_wake_all_queues(vif->dev);
	return 0;
}

/**
 * vif_connect() - start serving a guest
 * @vif: interface, not connected
 * @rings: what the guest published, of each queue
 * @nr: queues, 1 to vif->max_queues
 * @ctrl: what it published of its control ring, NULL without
 * @features: what it takes, from xennet_agree()
 *
 * Context: may sleep; takes RTNL.
 *
 * Return: 0 or a negative error; nothing is left behind then.
 */
int vif_connect(struct vif *vif, const struct vif_rings *rings,
		unsigned int nr, const struct vif_ctrl *ctrl, u32 features)
{
	struct vif_queues *queues;
	int err;

	fault_clear(vif);
	filter_reset(vif, features & XENNET_F_REQUEST_MCAST);
	vif->features = features;
	queues = vif_create_queues(vif, rings, nr);
	if (IS_ERR(queues))
		return PTR_ERR(queues);
	/* Its keys may be those of a driver before this one: frames need none of it. */
	err = ctrl_connect(vif, ctrl, queues);
	if (err && vif_may_log(vif))
		netdev_warn(vif->dev, "domain %u: control ring not usable, error %d: going on without\n",
			    vif->domid, err);

	rtnl_lock();
	err = vif_start(vif, queues, features);
	rtnl_unlock();
	if (err)
		goto disconnect;
	vif_debugfs_add(vif, queues);
	return 0;

disconnect:
	ctrl_disconnect(vif);
	fault_cancel(vif);
	vif_destroy_queues(queues);
	return err;
}

/**
 * vif_disconnect() - stop serving a guest
 * @vif: interface, connected or not
 *
 * Context: may sleep; takes RTNL.
 */
void vif_disconnect(struct vif *vif)
{
	struct vif_queues *queues;
	unsigned int i;

	rtnl_lock();
	queues = rtnl_dereference(vif->queues);
	if (queues) {
		for (i = 0; i < queues->nr; i++) {
			b2f_close(queues->queue[i]);
			xennet_show_napi(vif->dev, i, NULL);
		}
		link_serve(vif, false);
		netif_tx_disable(vif->dev);
		RCU_INIT_POINTER(vif->queues, NULL);
	}
	rtnl_unlock();
	if (!queues)
		return;
	vif_debugfs_remove(vif);
	ctrl_disconnect(vif);
	synchronize_net();
	for (i = 0; i < queues->nr; i++)
		queue_stop(queues->queue[i]);
	vif_destroy_queues(queues);
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
	xennet_set_xdp_features(dev, XENNET_XDP_FEATURES);
	dev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
			   NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_FRAGLIST;
	dev->features = dev->hw_features | NETIF_F_RXCSUM;
	dev->hw_features = dev->features;
	/* A guest may want less of tagged frames: vif_features_check(). */
	dev->vlan_features = dev->features;
	/* The tag comes on top. */
	netif_set_tso_max_size(dev, XENNET_PACKET_MAX - VLAN_HLEN);
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = VIF_MTU_MAX;
	/*
	 * A bridge takes the lowest address of its ports for its own. This
	 * one is the highest there is, so that vifs never lend it theirs.
	 */
	eth_hw_addr_set(dev, dummy_mac);
}

static void vif_free(struct vif *vif)
{
	kvfree(vif->stats);
	free_netdev(vif->dev);
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
	unsigned int max = xennet_queues(READ_ONCE(netback_max_queues));
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct vif *vif;
	int err;

	snprintf(name, sizeof(name), "vif%u.%u", xbdev->otherend_id, handle);
	dev = alloc_netdev_mq(sizeof(*vif), name, NET_NAME_UNKNOWN, vif_setup,
			      max);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	SET_NETDEV_DEV(dev, &xbdev->dev);

	vif = netdev_priv(dev);
	vif->dev = dev;
	vif->max_queues = max;
	vif->stats = kvcalloc(max, sizeof(*vif->stats), GFP_KERNEL);
	if (!vif->stats) {
		vif_free(vif);
		return ERR_PTR(-ENOMEM);
	}
	vif->xbdev = xbdev;
	vif->domid = xbdev->otherend_id;
	vif->handle = handle;
	/* Until a guest says otherwise: scripts may set a large MTU first. */
	vif->features = XENNET_F_BACK;
	fault_init(vif);
	link_init(vif);
	filter_init(vif);
	vif->coalesce.adaptive = true;
	vif->coalesce.frames = 1;
	vif->tx_coalesce = vif->coalesce;
	xennet_link_init(&vif->settings);
	spin_lock_init(&vif->shaper_lock);
	u64_stats_init(&vif->ctrl_stats.sync);
	while (max--) {
		u64_stats_init(&vif->stats[max].f2b.sync);
		u64_stats_init(&vif->stats[max].b2f.sync);
	}
	err = netif_set_real_num_queues(dev, 1, 1);
	if (!err)
		err = register_netdev(dev);
	if (err) {
		vif_free(vif);
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
	link_exit(vif);
	vif_disconnect(vif);
	unregister_netdev(vif->dev);
	vif_free(vif);
}

/* RTNL is held, which keeps the queues. In another namespace a vif is registered anew. */
static int vif_event(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct vif_queues *queues;
	struct vif *vif;
	unsigned int i;

	if (dev->netdev_ops != &vif_netdev_ops ||
	    (event != NETDEV_CHANGENAME && event != NETDEV_REGISTER))
		return NOTIFY_DONE;
	vif = netdev_priv(dev);
	queues = rtnl_dereference(vif->queues);
	for (i = 0; queues && i < queues->nr; i++)
		queue_rename(queues->queue[i]);
	return NOTIFY_DONE;
}

static struct notifier_block vif_notifier = { .notifier_call = vif_event };

/**
 * vif_module_init() - before the first interface
 *
 * Return: 0 or an error.
 */
int vif_module_init(void)
{
	return register_netdevice_notifier(&vif_notifier);
}

/**
 * vif_module_exit() - after the last interface
 */
void vif_module_exit(void)
{
	unregister_netdevice_notifier(&vif_notifier);
}
