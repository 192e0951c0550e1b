// SPDX-License-Identifier: GPL-2.0
/*
 * Receive side scaling: the backend hashes frames for this guest, sends them to
 * a queue by a table, and each with its hash. As the user says, with ethtool -X
 * and -N, which turn it on, and -K rxhash.
 *
 * The settings outlive a connection, and are told to each new backend that takes
 * them. Until the user wants any, it is left to the backend which queue a frame
 * goes to: a hash costs its computation, and a slot.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <xennet/wire.h>
#include "netfront.h"

#define TYPES_ALL	GENMASK(XENNET_HASH_TYPES - 1, 0)
#define RXH_ADDRS	(RXH_IP_SRC | RXH_IP_DST)
#define RXH_PORTS	(RXH_L4_B_0_1 | RXH_L4_B_2_3)

static u32 table_entry(const struct front *front, unsigned int i)
{
	return front->rss.table[i] % front->nr_queues;
}

static int program_types(struct front *front)
{
	u32 supported;
	int err;

	err = ctrl_ask(front, XENNET_CTRL_GET_HASH_FLAGS, 0, &supported);
	if (err)
		return err;
	return ctrl_ask(front, XENNET_CTRL_SET_HASH_FLAGS,
			front->rss.types & supported, NULL);
}

static int program_table(struct front *front)
{
	u32 entry[RSS_TABLE], most;
	unsigned int i;
	int err;

	err = ctrl_ask(front, XENNET_CTRL_GET_HASH_MAP_SIZE, 0, &most);
	if (err)
		return err;
	if (most < RSS_TABLE)
		return -ENOSPC;
	err = ctrl_ask(front, XENNET_CTRL_SET_HASH_MAP_SIZE, RSS_TABLE, NULL);
	if (err)
		return err;
	for (i = 0; i < RSS_TABLE; i++)
		entry[i] = table_entry(front, i);
	return ctrl_show(front, XENNET_CTRL_SET_HASH_MAP, entry, sizeof(entry),
			 RSS_TABLE);
}

static int program(struct front *front)
{
	int err;

	err = ctrl_ask(front, XENNET_CTRL_SET_HASH_ALGORITHM,
		       XENNET_HASH_TOEPLITZ, NULL);
	if (err)
		return err;
	err = ctrl_show(front, XENNET_CTRL_SET_HASH_KEY, front->rss.key,
			RSS_KEY_BYTES, RSS_KEY_BYTES);
	if (err)
		return err;
	err = program_types(front);
	if (err)
		return err;
	return program_table(front);
}

/**
 * rss_can() - does the backend hash frames?
 * @front: interface
 *
 * Context: RTNL or front->ctrl_lock held.
 *
 * Return: false when it has no control ring, or did not do as it was told.
 */
bool rss_can(const struct front *front)
{
	return front->agreed & XENNET_F_CTRL_RING && !front->rss_refused;
}

/* With front->ctrl_lock held. Returns 0, or an error, and nothing is hashed. */
static int tell(struct front *front, bool on)
{
	int err = 0;

	if (!front->connected || !rss_can(front))
		return 0;
	if (on)
		err = program(front);
	/* Of -EIO there has been a message. */
	if (err && err != -EIO)
		netdev_warn(front->dev, "backend in domain %d does not hash frames as wanted: error %d\n",
			    front->xbdev->otherend_id, err);
	if (!on || err)
		ctrl_ask(front, XENNET_CTRL_SET_HASH_ALGORITHM,
			 XENNET_HASH_NONE, NULL);
	return err;
}

/**
 * rss_switch() - have the backend hash frames, or not
 * @front: interface whose backend has a control ring, or that is down: then
 *	rss_start() does it once it is up
 * @on: which
 *
 * Context: RTNL held; sleeps.
 *
 * Return: 0; or an error as of ctrl_ask(), and nothing is hashed.
 */
int rss_switch(struct front *front, bool on)
{
	int err;

	mutex_lock(&front->ctrl_lock);
	err = tell(front, on);
	front->rss_on = on && !err;
	mutex_unlock(&front->ctrl_lock);
	return err;
}

static void refuse(struct front *front, bool refused)
{
	mutex_lock(&front->ctrl_lock);
	front->rss_refused = refused;
	mutex_unlock(&front->ctrl_lock);
}

/* Off, and shown so, as long as this backend is there. */
static void give_up(struct front *front)
{
	refuse(front, true);
	netdev_update_features(front->dev);
}

/**
 * rss_renew() - nothing is known yet of what the backend refuses
 * @front: interface that comes up
 *
 * Context: RTNL held.
 */
void rss_renew(struct front *front)
{
	refuse(front, false);
	netdev_update_features(front->dev);
}

/* Not with RTNL held: whoever wants it would wait for the backend. */
static void rss_work(struct work_struct *work)
{
	struct front *front = container_of(work, struct front, rss_work);
	int err = 0;

	mutex_lock(&front->ctrl_lock);
	if (front->rss_on)
		err = tell(front, true);
	mutex_unlock(&front->ctrl_lock);
	if (!err)
		return;
	rtnl_lock();
	give_up(front);
	rtnl_unlock();
}

/**
 * rss_init() - what the user has not changed
 * @front: new interface
 */
void rss_init(struct front *front)
{
	struct rss *rss = &front->rss;
	unsigned int i;

	INIT_WORK(&front->rss_work, rss_work);
	rss->types = TYPES_ALL;
	netdev_rss_key_fill(rss->key, sizeof(rss->key));
	for (i = 0; i < RSS_TABLE; i++)
		rss->table[i] = i;
}

/**
 * rss_start() - tell a backend that has connected
 * @front: interface that is up
 *
 * Context: front->life held.
 */
void rss_start(struct front *front)
{
	schedule_work(&front->rss_work);
}

/**
 * rss_stop() - counterpart of rss_start()
 * @front: the interface
 *
 * Context: front->life held, or nobody is left to start it; RTNL not held, for
 * which the work waits.
 */
void rss_stop(struct front *front)
{
	cancel_work_sync(&front->rss_work);
}

static bool is_on(const struct front *front)
{
	return front->dev->features & NETIF_F_RXHASH;
}

static int turn_on(struct front *front)
{
	struct net_device *dev = front->dev;

	refuse(front, false);
	dev->wanted_features |= NETIF_F_RXHASH;
	netdev_update_features(dev);
	if (is_on(front))
		return 0;
	dev->wanted_features &= ~NETIF_F_RXHASH;
	return -EIO;
}

static void set(struct front *front, const struct rss *to)
{
	mutex_lock(&front->ctrl_lock);
	front->rss = *to;
	mutex_unlock(&front->ctrl_lock);
}

/* Settings that the backend does not take are not kept. */
static int change(struct front *front, const struct rss *to)
{
	struct rss was = front->rss;
	bool on = is_on(front);
	int err;

	set(front, to);
	err = on ? rss_switch(front, true) : turn_on(front);
	if (!err)
		return 0;
	set(front, &was);
	if (on && rss_switch(front, true))
		give_up(front);
	return err;
}

static bool backend_hashes(const struct front *front)
{
	return front->agreed & XENNET_F_CTRL_RING;
}

/**
 * rss_key_size() - ethtool's get_rxfh_key_size
 * @dev: network device of an interface
 *
 * Return: bytes, 0: the backend does not hash.
 */
u32 rss_key_size(struct net_device *dev)
{
	return backend_hashes(netdev_priv(dev)) ? RSS_KEY_BYTES : 0;
}

/**
 * rss_table_size() - ethtool's get_rxfh_indir_size
 * @dev: network device of an interface
 *
 * Return: entries, 0: the backend does not hash.
 */
u32 rss_table_size(struct net_device *dev)
{
	return backend_hashes(netdev_priv(dev)) ? RSS_TABLE : 0;
}

/**
 * rss_get() - ethtool's get_rxfh
 * @dev: network device of an interface
 * @to: result, of table and key unless they are NULL; the function is 0 while
 *	frames are not hashed
 *
 * Context: RTNL held.
 *
 * Return: 0.
 */
int rss_get(struct net_device *dev, struct ethtool_rxfh_param *to)
{
	const struct front *front = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < RSS_TABLE && to->indir; i++)
		to->indir[i] = table_entry(front, i);
	if (to->key)
		memcpy(to->key, front->rss.key, RSS_KEY_BYTES);
	to->hfunc = is_on(front) ? ETH_RSS_HASH_TOP : 0;
	return 0;
}

/* One that spreads evenly goes on doing so when there are other queues. */
static void set_table(struct front *front, struct rss *rss, const u32 *table)
{
	bool even = true;
	unsigned int i;

	for (i = 0; i < RSS_TABLE; i++)
		even &= table[i] == i % front->nr_queues;
	for (i = 0; i < RSS_TABLE; i++)
		rss->table[i] = even ? i : table[i];
}

/**
 * rss_set() - ethtool's set_rxfh
 * @dev: network device of an interface
 * @wanted: queues, each one there is, and RSS_KEY_BYTES, unless they are NULL;
 *	the one function there is, or no change
 * @extack: unused
 *
 * Turns hashing on.
 *
 * Context: RTNL held; sleeps.
 *
 * Return: 0, -EOPNOTSUPP, or an error as of ctrl_ask().
 */
int rss_set(struct net_device *dev, struct ethtool_rxfh_param *wanted,
	    struct netlink_ext_ack *extack)
{
	struct front *front = netdev_priv(dev);
	struct rss to = front->rss;

	if (!backend_hashes(front) ||
	    (wanted->hfunc != ETH_RSS_HASH_NO_CHANGE &&
	     wanted->hfunc != ETH_RSS_HASH_TOP))
		return -EOPNOTSUPP;
	if (wanted->indir)
		set_table(front, &to, wanted->indir);
	if (wanted->key)
		memcpy(to.key, wanted->key, sizeof(to.key));
	return change(front, &to);
}

/**
 * struct flow_types - how frames of a kind can be hashed
 * @addrs: by addresses, a bit of enum xennet_hash_type
 * @ports: by ports as well; 0 if they cannot
 */
struct flow_types {
	u8 addrs;
	u8 ports;
};

static const struct flow_types flow_tcp4 = {
	BIT(XENNET_HASH_IPV4), BIT(XENNET_HASH_IPV4_TCP),
};

static const struct flow_types flow_tcp6 = {
	BIT(XENNET_HASH_IPV6), BIT(XENNET_HASH_IPV6_TCP),
};

static const struct flow_types flow_ip4 = { BIT(XENNET_HASH_IPV4), 0 };
static const struct flow_types flow_ip6 = { BIT(XENNET_HASH_IPV6), 0 };

static const struct flow_types *find_flow(u32 flow)
{
	switch (flow) {
	case TCP_V4_FLOW:
		return &flow_tcp4;
	case TCP_V6_FLOW:
		return &flow_tcp6;
	case UDP_V4_FLOW:
	case SCTP_V4_FLOW:
	case AH_ESP_V4_FLOW:
	case AH_V4_FLOW:
	case ESP_V4_FLOW:
	case IPV4_FLOW:
		return &flow_ip4;
	case UDP_V6_FLOW:
	case SCTP_V6_FLOW:
	case AH_ESP_V6_FLOW:
	case AH_V6_FLOW:
	case ESP_V6_FLOW:
	case IPV6_FLOW:
		return &flow_ip6;
	default:
		return NULL;
	}
}

static u32 get_fields(u8 types, const struct flow_types *flow)
{
	if (types & flow->ports)
		return RXH_ADDRS | RXH_PORTS;
	return types & flow->addrs ? RXH_ADDRS : 0;
}

/* One bit stands for the addresses of all there is over IPv4, one for IPv6. */
static int set_fields(u8 *types, const struct flow_types *flow, u32 fields)
{
	switch (fields) {
	case RXH_ADDRS | RXH_PORTS:
		if (!flow->ports)
			return -EINVAL;
		*types |= flow->ports;
		return 0;
	case RXH_ADDRS:
		*types &= ~flow->ports;
		*types |= flow->addrs;
		return 0;
	case 0:
		*types &= ~(flow->ports ?: flow->addrs);
		return *types & flow->addrs ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

/**
 * rss_rings() - ethtool's get_rx_ring_count
 * @dev: network device of an interface
 *
 * Context: RTNL held.
 *
 * Return: queues.
 */
u32 rss_rings(struct net_device *dev)
{
	const struct front *front = netdev_priv(dev);

	return front->nr_queues;
}

/**
 * rss_get_fields() - ethtool's get_rxfh_fields
 * @dev: network device of an interface
 * @fields: what is asked, and the answer
 *
 * Context: RTNL held.
 *
 * Return: 0, -EOPNOTSUPP, or -EINVAL for a flow that is not hashed here.
 */
int rss_get_fields(struct net_device *dev, struct ethtool_rxfh_fields *fields)
{
	const struct front *front = netdev_priv(dev);
	const struct flow_types *flow;

	if (!backend_hashes(front))
		return -EOPNOTSUPP;
	flow = find_flow(fields->flow_type);
	if (!flow)
		return -EINVAL;
	fields->data = get_fields(front->rss.types, flow);
	return 0;
}

/**
 * rss_set_fields() - ethtool's set_rxfh_fields
 * @dev: network device of an interface
 * @fields: what is wanted
 * @extack: unused
 *
 * Turns hashing on.
 *
 * Context: RTNL held; sleeps.
 *
 * Return: 0, -EOPNOTSUPP, -EINVAL for fields there is no hash of, or an error
 * as of ctrl_ask().
 */
int rss_set_fields(struct net_device *dev,
		   const struct ethtool_rxfh_fields *fields,
		   struct netlink_ext_ack *extack)
{
	struct front *front = netdev_priv(dev);
	const struct flow_types *flow;
	struct rss to = front->rss;
	int err;

	if (!backend_hashes(front))
		return -EOPNOTSUPP;
	flow = find_flow(fields->flow_type);
	if (!flow)
		return -EINVAL;
	err = set_fields(&to.types, flow, fields->data);
	return err ?: change(front, &to);
}
