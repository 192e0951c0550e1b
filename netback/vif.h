/* SPDX-License-Identifier: GPL-2.0 */
/* One guest interface: its network device, and its queues while connected. */
#ifndef NETBACK_VIF_H
#define NETBACK_VIF_H

#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/workqueue.h>
#include <xen/xenbus.h>
#include <xennet/coalesce.h>
#include <xennet/features.h>
#include <xennet/link.h>
#include <xennet/mcast.h>
#include "rss.h"
#include "shaper.h"
#include "stats.h"

struct bpf_prog;
struct queue;
struct ctrl;
struct dentry;

/**
 * struct vif_queues - the queues of a connected guest
 * @nr: entries of @queue
 * @queue: by number
 */
struct vif_queues {
	unsigned int nr;
	struct queue *queue[];
};

/**
 * struct vif_stats - counters of the queues that had one number
 * @f2b: counters, enum f2b_stat
 * @b2f: counters, enum b2f_stat
 */
struct vif_stats {
	struct stats f2b;
	struct stats b2f;
};

/**
 * struct link - what decides on the carrier, beside struct vif.broken
 * @lock: protects the others, and orders changes of the carrier
 * @served: a guest is connected
 * @stalled: queues whose guest takes no frames
 * @silent: the guest is told nothing more
 * @tell: writes the key "carrier"
 */
struct link {
	spinlock_t lock;	/* as said above */
	bool served;
	unsigned int stalled;
	bool silent;
	struct work_struct tell;
};

/**
 * struct filter - which group frames the guest is sent
 * @lock: protects @list
 * @on: only those in @list
 * @list: addresses
 */
struct filter {
	spinlock_t lock;	/* as said above */
	bool on;
	struct mcast list;
};

/**
 * struct vif - one guest interface; private area of its net_device
 * @dev: the network device
 * @xbdev: the backend device on xenbus
 * @domid: the guest
 * @handle: the guest's number for the interface
 * @features: what may be sent to the guest, enum xennet_feature
 * @max_queues: most queues a guest may have; what it was told
 * @queues: the connected queues. Written under RTNL with transmission off;
 *	read under RCU or RTNL
 * @link: the carrier
 * @filter: multicast
 * @ctrl: control ring, NULL if the guest has none
 * @rss: what it has set there; @ctrl's to change
 * @ctrl_stats: counters, enum ctrl_stat; @ctrl's to change
 * @broken: why the peer was cut off, enum xennet_reason, or XENNET_OK; set
 *	once a connection, from any context
 * @coalesce: requests of the f2b ring an event stands for; written under RTNL
 * @tx_coalesce: frames to the guest that share a hypercall; written under RTNL
 * @settings: what ethtool shows of the link
 * @report: writes @broken to xenstore
 * @limit: messages the guest can cause, in a burst
 * @sustained: and in the long run
 * @headroom: bytes the guest wants free before each frame; written by xenbus
 * @xdp_prog: program that sees what the guest sends. Written under RTNL; read
 *	under RCU
 * @shaper: limit of what all queues together take from the guest
 * @shaper_lock: protects @shaper and the queues' waiting for it
 * @stats: by queue number, @max_queues entries
 * @debugfs: directory, NULL without debugfs
 */
struct vif {
	struct net_device *dev;
	struct xenbus_device *xbdev;
	domid_t domid;
	unsigned int handle;
	u32 features;
	unsigned int max_queues;
	struct vif_queues __rcu *queues;
	struct link link;
	struct filter filter;
	struct ctrl *ctrl;
	struct rss rss;
	struct stats ctrl_stats;
	int broken;
	struct xennet_coalesce coalesce;
	struct xennet_coalesce tx_coalesce;
	struct xennet_link settings;
	struct work_struct report;
	struct ratelimit_state limit;
	struct ratelimit_state sustained;
	u16 headroom;
	struct bpf_prog __rcu *xdp_prog;
	struct shaper shaper;
	spinlock_t shaper_lock;	/* as said above */
	struct vif_stats *stats;
	struct dentry *debugfs;
};

/**
 * struct vif_rings - what a frontend published of a queue
 * @f2b_ref: grant of the f2b ring ("tx-ring-ref")
 * @b2f_ref: grant of the b2f ring ("rx-ring-ref")
 * @f2b_port: event channel for f2b
 * @b2f_port: event channel for b2f; the same without split channels
 */
struct vif_rings {
	u32 f2b_ref;
	u32 b2f_ref;
	u32 f2b_port;
	u32 b2f_port;
};

/**
 * struct vif_ctrl - what a frontend published of its control ring
 * @ref: grant of the ring ("ctrl-ring-ref")
 * @port: event channel ("event-channel-ctrl")
 */
struct vif_ctrl {
	u32 ref;
	u32 port;
};

struct vif *vif_create(struct xenbus_device *xbdev, unsigned int handle);
void vif_destroy(struct vif *vif);
int vif_module_init(void);
void vif_module_exit(void);
int vif_connect(struct vif *vif, const struct vif_rings *rings,
		unsigned int nr, const struct vif_ctrl *ctrl, u32 features);
void vif_disconnect(struct vif *vif);
void vif_set_rate(struct vif *vif, u32 bytes, u32 usec);

void link_init(struct vif *vif);
void link_exit(struct vif *vif);
void link_tell(struct vif *vif);
void link_serve(struct vif *vif, bool served);
void link_stall(struct vif *vif, bool stalled);
void link_update(struct vif *vif);

void filter_init(struct vif *vif);
void filter_reset(struct vif *vif, bool on);
void filter_ask(struct vif *vif, bool on);
bool filter_change(struct vif *vif, bool add, const u8 addr[ETH_ALEN]);
bool filter_wants(struct vif *vif, const u8 addr[ETH_ALEN]);

int ctrl_connect(struct vif *vif, const struct vif_ctrl *keys,
		 const struct vif_queues *queues);
void ctrl_disconnect(struct vif *vif);

void steer_hash(const struct vif *vif, const struct sk_buff *skb,
		struct xennet_hash *hash);
u16 steer_queue(struct net_device *dev, struct sk_buff *skb,
		struct net_device *sb_dev);

/* For fault_raise(): the control ring, and no queue. */
#define FAULT_CTRL	(~0u)

void fault_init(struct vif *vif);
void fault_clear(struct vif *vif);
void fault_cancel(struct vif *vif);
bool fault_raise(struct vif *vif, unsigned int queue_id,
		 enum xennet_reason reason);

/**
 * vif_may_log() - may one more message go to the log?
 * @vif: interface whose guest causes it
 *
 * Context: any.
 *
 * Return: true if it may, and counts.
 */
static inline bool vif_may_log(struct vif *vif)
{
	return __ratelimit(&vif->limit) && __ratelimit(&vif->sustained);
}

/* A message the guest can cause: rate-limited, with domain and queue. */
#define vif_warn(vif, queue_id, fmt, ...) do {				\
	if (vif_may_log(vif))						\
		netdev_warn((vif)->dev, "domain %u queue %u: " fmt "\n", \
			    (vif)->domid, queue_id, ##__VA_ARGS__);	\
} while (0)

/* Module parameters the data path looks at. */
extern bool netback_hold_credit;
extern bool netback_check_ledger;
extern unsigned int netback_fatal_slots;
extern unsigned int netback_max_queues;
extern unsigned int netback_static_grants;
extern unsigned int netback_park_ms;
extern unsigned int netback_drain_ms;
extern unsigned int netback_stall_ms;
/* And those that the offer to a guest depends on. */
extern bool netback_separate_tx_rx_irq;
extern bool netback_provides_xdp_headroom;

/**
 * struct vif_slots - who owns the slots of the f2b ring
 * @free: the guest may fill them
 * @posted: filled, not looked at yet
 * @held: by packets underway
 * @high: most ever held since the guest connected
 */
struct vif_slots {
	u32 free;
	u32 posted;
	u32 held;
	u32 high;
};

extern const struct ethtool_ops vif_ethtool_ops;
void queue_read_slots(const struct queue *queue, struct vif_slots *s);
void vif_debugfs_init(void);
void vif_debugfs_exit(void);
void vif_debugfs_add(struct vif *vif, const struct vif_queues *queues);
void vif_debugfs_remove(struct vif *vif);

int backend_register(void);
void backend_unregister(void);

#endif /* NETBACK_VIF_H */
