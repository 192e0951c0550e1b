// SPDX-License-Identifier: GPL-2.0
/* The net_device: what the stack sees of an interface. */
#include <linux/ctype.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <xennet/offload.h>
#include <xennet/param.h>
#include "netfront.h"

#define OFFLOADS (NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | \
		  NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_FRAGLIST)

static netdev_tx_t front_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct front *front = netdev_priv(dev);

	return tx_xmit(&front->queue[skb_get_queue_mapping(skb)], skb);
}

/* NAPI wakes the transmit queues that have room, which those of no backend do not. */
static int front_open(struct net_device *dev)
{
	struct front *front = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < front->nr_queues && front->connected; i++)
		queue_kick(&front->queue[i]);
	return 0;
}

/* NAPI goes on, to take back what is sent, but gives nothing to the stack. */
static int front_stop(struct net_device *dev)
{
	netif_tx_disable(dev);
	/* Polls under way end; later ones see that it is down. They may go on and on. */
	synchronize_net();
	return 0;
}

static int front_change_mtu(struct net_device *dev, int mtu)
{
	if (mtu > ETH_DATA_LEN && !(dev->features & NETIF_F_SG))
		return -EINVAL;
	dev->mtu = mtu;
	return 0;
}

static netdev_features_t front_features_check(struct sk_buff *skb,
					      struct net_device *dev,
					      netdev_features_t features)
{
	const struct front *front = netdev_priv(dev);

	return xennet_check_features(skb, features, front->agreed);
}

static netdev_features_t front_fix_features(struct net_device *dev,
					    netdev_features_t features)
{
	const struct front *front = netdev_priv(dev);

	if (!(front->agreed & XENNET_F_SG))
		features &= ~(NETIF_F_SG | NETIF_F_FRAGLIST);
	if (front->agreed & XENNET_F_NO_CSUM)
		features &= ~NETIF_F_IP_CSUM;
	if (!(front->agreed & XENNET_F_IPV6_CSUM))
		features &= ~NETIF_F_IPV6_CSUM;
	if (!(front->agreed & XENNET_F_GSO_TCPV4))
		features &= ~NETIF_F_TSO;
	if (!(front->agreed & XENNET_F_GSO_TCPV6))
		features &= ~NETIF_F_TSO6;
	if (!rss_can(front))
		features &= ~NETIF_F_RXHASH;
	return features;
}

static int front_set_features(struct net_device *dev,
			      netdev_features_t features)
{
	struct front *front = netdev_priv(dev);
	int err = 0;

	if ((features ^ dev->features) & NETIF_F_RXHASH)
		err = rss_switch(front, features & NETIF_F_RXHASH);
	if (err)
		return err;
	if (features & NETIF_F_SG || dev->mtu <= ETH_DATA_LEN)
		return 0;
	netdev_info(dev, "MTU reduced to %u: no scatter-gather\n",
		    ETH_DATA_LEN);
	err = dev_set_mtu(dev, ETH_DATA_LEN);
	/* Not by the user: a backend that has it gets what the toolstack says. */
	if (!err)
		front->mtu = ETH_DATA_LEN;
	return err;
}

static u64 sum_drops(const struct u64_stats_sync *sync,
		     const u64_stats_t drop[XENNET_REASONS])
{
	unsigned int reason;
	u64 sum = 0;

	for (reason = 0; reason < XENNET_REASONS; reason++)
		sum += stat_read(sync, &drop[reason]);
	return sum;
}

static void front_get_stats64(struct net_device *dev,
			      struct rtnl_link_stats64 *to)
{
	const struct front *front = netdev_priv(dev);
	unsigned int made, i;

	rcu_read_lock();
	/* With make_queues(): so many are there. */
	made = smp_load_acquire(&front->nr_made);
	for (i = 0; i < made; i++) {
		const struct xmit_stats *xmit = &front->queue[i].xmit_stats;
		const struct napi_stats *napi = &front->queue[i].napi_stats;

		to->tx_packets += stat_read(&napi->sync, &napi->f2b_packets);
		to->tx_bytes += stat_read(&napi->sync, &napi->f2b_bytes);
		to->tx_dropped += sum_drops(&xmit->sync, xmit->drop);
		to->tx_errors += sum_drops(&napi->sync, napi->f2b_drop);
		to->rx_packets += stat_read(&napi->sync, &napi->b2f_packets);
		to->rx_bytes += stat_read(&napi->sync, &napi->b2f_bytes);
		to->rx_dropped += sum_drops(&napi->sync, napi->b2f_drop) +
			stat_read(&napi->sync, &napi->b2f_xdp[XENNET_XDP_drop]) +
			stat_read(&napi->sync,
				  &napi->b2f_xdp[XENNET_XDP_aborted]);
	}
	rcu_read_unlock();
}

/* In atomic context, with the addresses locked. */
static void front_set_rx_mode(struct net_device *dev)
{
	filter_changed(netdev_priv(dev));
}

static int front_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct front *front = netdev_priv(dev);

	return xennet_xdp_command(&front->xdp_prog, bpf);
}

static const struct net_device_ops front_netdev_ops = {
	.ndo_open		= front_open,
	.ndo_stop		= front_stop,
	.ndo_start_xmit		= front_start_xmit,
	.ndo_change_mtu		= front_change_mtu,
	.ndo_get_stats64	= front_get_stats64,
	.ndo_set_rx_mode	= front_set_rx_mode,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_features_check	= front_features_check,
	.ndo_fix_features	= front_fix_features,
	.ndo_set_features	= front_set_features,
	.ndo_bpf		= front_bpf,
	.ndo_xdp_xmit		= xennet_xdp_xmit,
};

/*
 * Attributes that the in-tree driver has: a target for posted buffers that it takes and
 * does not use any more, and how many there are.
 */
static ssize_t rxbuf_min_show(struct device *device,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", XENNET_RING_SIZE);
}

static ssize_t rxbuf_min_store(struct device *device,
			       struct device_attribute *attr,
			       const char *buf, size_t len)
{
	return isdigit(*buf) ? len : -EBADMSG;
}

static ssize_t rxbuf_cur_show(struct device *device,
			      struct device_attribute *attr, char *buf)
{
	const struct front *front = netdev_priv(to_net_dev(device));

	return sysfs_emit(buf, "%u\n", READ_ONCE(front->rx_pending));
}

static DEVICE_ATTR_RW(rxbuf_min);
static DEVICE_ATTR_RO(rxbuf_cur);
/* The two differ in nothing but the name. */
static struct device_attribute dev_attr_rxbuf_max =
	__ATTR(rxbuf_max, 0644, rxbuf_min_show, rxbuf_min_store);

static struct attribute *front_attrs[] = {
	&dev_attr_rxbuf_min.attr,
	&dev_attr_rxbuf_max.attr,
	&dev_attr_rxbuf_cur.attr,
	NULL
};

static const struct attribute_group front_attr_group = {
	.attrs = front_attrs,
};

static void setup_netdev(struct net_device *dev)
{
	dev->sysfs_groups[0] = &front_attr_group;
	dev->netdev_ops = &front_netdev_ops;
	dev->ethtool_ops = &front_ethtool_ops;
	xennet_set_xdp_features(dev, XENNET_XDP_FEATURES);
	dev->hw_features = OFFLOADS | NETIF_F_RXCSUM;
	/* The backend checks segment sizes itself. */
	dev->features = dev->hw_features | NETIF_F_GSO_ROBUST;
	/* A backend may want less of tagged frames: front_features_check(). */
	dev->vlan_features = dev->features;
	dev->hw_features |= NETIF_F_RXHASH;
	/* Only the stack knows the address: it may change at any time. */
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = XENNET_PACKET_MAX - ETH_HLEN;
	netif_set_tso_max_size(dev, XENNET_PACKET_MAX - ETH_HLEN);
	netif_carrier_off(dev);
	netif_tx_stop_all_queues(dev);
}

/**
 * front_create() - make an interface without a peer
 * @xbdev: its xenbus device
 *
 * Return: the interface, not registered, or NULL without memory.
 */
struct front *front_create(struct xenbus_device *xbdev)
{
	unsigned int param = READ_ONCE(netfront_max_queues);
	unsigned int max = xennet_queues_ever(param);
	struct net_device *dev = alloc_etherdev_mq(sizeof(struct front), max);
	struct front *front;
	unsigned int i;

	if (!dev)
		return NULL;
	front = netdev_priv(dev);
	front->dev = dev;
	front->xbdev = xbdev;
	front->tx_coalesce.frames = TX_FRAMES;
	front->tx_coalesce.usecs = jiffies_to_usecs(TX_JIFFIES);
	front->rx_coalesce.adaptive = true;
	front->rx_coalesce.frames = 1;
	xennet_link_init(&front->settings);
	mutex_init(&front->ctrl_lock);
	filter_init(front);
	rss_init(front);
	statics_init(front);
	front->mtu_told = ETH_DATA_LEN;
	front->tx_wanted = XENNET_RING_SIZE;
	front->rx_wanted = XENNET_RING_SIZE;
	front->max_queues = max;
	front->wanted = xennet_queues(param);
	front->offered = 1;
	for (i = 0; i < max; i++)
		netdev_queue_set_dql_min_limit(netdev_get_tx_queue(dev, i),
					       TX_BYTES_MIN);
	SET_NETDEV_DEV(dev, &xbdev->dev);
	setup_netdev(dev);
	/* Before registration there is nothing in this that could fail. */
	netif_set_real_num_queues(dev, 1, 1);
	return front;
}

/**
 * front_register() - show the interface to the system, unless it is
 * @front: interface with its MAC address set
 *
 * Return: 0 or an error.
 */
int front_register(struct front *front)
{
	int err;

	if (front->dev->reg_state != NETREG_UNINITIALIZED)
		return 0;
	err = register_netdev(front->dev);
	if (!err)
		front_debugfs_add(front);
	return err;
}

static void destroy_queues(struct queue *queue, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		queue_destroy(&queue[i]);
	kvfree(queue);
}

/**
 * front_destroy() - counterpart of front_create()
 * @front: disconnected interface; gone afterwards
 */
void front_destroy(struct front *front)
{
	if (front->dev->reg_state == NETREG_REGISTERED) {
		front_debugfs_remove(front);
		unregister_netdev(front->dev);
		/* A user's last command may have asked for it, */
		cancel_work_sync(&front->renew);
		/* and a queue's last poll for this. */
		cancel_delayed_work_sync(&front->mend);
	}
	destroy_queues(front->queue, front->nr_made);
	free_netdev(front->dev);
}

/*
 * Queues in the place of those so far, whose counters they take over. Only who
 * transmits, or reads counters, may look at those of a disconnected interface without
 * RTNL: a grace period has them done with the old ones. Disks may wait for the thread
 * that this runs in, to connect as well: memory does not wait for them.
 */
static int make_queues(struct front *front, unsigned int nr)
{
	struct queue *old = front->queue;
	unsigned int nr_old = front->nr_made;
	struct queue *queue = kvcalloc(nr, sizeof(*queue), GFP_NOIO);
	unsigned int i;

	if (!queue)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		if (i < nr_old) {
			queue[i].xmit_stats = old[i].xmit_stats;
			queue[i].napi_stats = old[i].napi_stats;
		}
		queue_create(&queue[i], front, i);
	}
	WRITE_ONCE(front->queue, queue);
	/* Who sees the number sees them: front_get_stats64(). */
	smp_store_release(&front->nr_made, nr);
	synchronize_net();
	destroy_queues(old, nr_old);
	front_debugfs_grow(front, nr_old);
	return 0;
}

/**
 * front_agree_sizes() - how many queues, of what size, the next connection has
 * @front: disconnected interface
 * @offered: most queues the backend takes
 *
 * Queues are made when they are first needed, as many as there is memory for.
 *
 * Context: front->life held; takes RTNL.
 *
 * Return: 0, or -ENOMEM without any queue.
 */
int front_agree_sizes(struct front *front, unsigned int offered)
{
	unsigned int wanted, nr;

	rtnl_lock();
	front->offered = clamp(offered, 1u, front->max_queues);
	wanted = min(front->offered, front->wanted);
	for (nr = wanted; nr > front->nr_made; nr--)
		if (!make_queues(front, nr))
			break;
	if (nr && nr < wanted)
		dev_warn(&front->xbdev->dev, "%u of %u queues: no memory for more\n",
			 nr, wanted);
	front->nr_queues = nr;
	front->tx_pending = front->tx_wanted;
	WRITE_ONCE(front->rx_pending, front->rx_wanted);
	rtnl_unlock();
	return nr ? 0 : -ENOMEM;
}

/**
 * front_use_queues() - settle on what queues there are
 * @front: disconnected interface
 * @nr: queues that can connect, 1 to front->nr_queues
 *
 * The stack needs memory for those it has not had so far.
 *
 * Context: front->life held; takes RTNL.
 *
 * Return: how many are used, 1 to @nr.
 */
unsigned int front_use_queues(struct front *front, unsigned int nr)
{
	rtnl_lock();
	while (netif_set_real_num_queues(front->dev, nr, nr) && nr > 1)
		nr--;
	front->nr_queues = nr;
	rtnl_unlock();
	return nr;
}

/*
 * Every CPU sends on one queue, where there are several. Only when their number
 * has changed: what the user has set since is kept.
 */
static void spread_queue(struct queue *queue)
{
	unsigned int nr = queue->front->nr_queues;
	unsigned int cpu, i = 0;
	cpumask_var_t mask;

	if (nr == 1 || nr == queue->front->nr_spread ||
	    !zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	for_each_possible_cpu(cpu)
		if (i++ % nr == queue->id)
			cpumask_set_cpu(cpu, mask);
	netif_set_xps_queue(queue->front->dev, mask, queue->id);
	free_cpumask_var(mask);
}

/* As the toolstack says, but for what the user has changed since it last did. */
static void follow_toolstack(struct front *front)
{
	struct net_device *dev = front->dev;
	struct sockaddr_storage address = { .ss_family = dev->type };

	if (dev->addr_assign_type != NET_ADDR_SET &&
	    !ether_addr_equal(dev->dev_addr, front->mac)) {
		ether_addr_copy(address.__data, front->mac);
		if (!dev_set_mac_address(dev, (void *)&address, NULL))
			dev->addr_assign_type = NET_ADDR_PERM;
	}
	if (dev->mtu == front->mtu && front->mtu != front->mtu_told &&
	    !dev_set_mtu(dev, front->mtu_told))
		front->mtu = dev->mtu;
}

/**
 * front_up() - start a registered interface whose queues are connected
 * @front: the interface
 *
 * The carrier comes later, when the backend has connected as well.
 */
void front_up(struct front *front)
{
	unsigned int i;

	rtnl_lock();
	rss_renew(front);
	follow_toolstack(front);
	for (i = 0; i < front->nr_queues; i++) {
		spread_queue(&front->queue[i]);
		if (front->nr_queues > 1)
			events_spread(&front->queue[i]);
		events_rename(&front->queue[i]);
		queue_start(&front->queue[i]);
	}
	front->nr_spread = front->nr_queues;
	WRITE_ONCE(front->connected, true);
	filter_start(front);
	rtnl_unlock();
}

/**
 * front_down() - counterpart of front_up()
 * @front: the interface, up or not
 */
void front_down(struct front *front)
{
	unsigned int i;

	ctrl_abandon(front);
	rss_stop(front);
	rtnl_lock();
	netif_carrier_off(front->dev);
	for (i = 0; i < front->nr_queues && front->connected; i++)
		queue_stop(&front->queue[i]);
	filter_stop(front);
	WRITE_ONCE(front->connected, false);
	statics_stop(front);
	rtnl_unlock();
}
