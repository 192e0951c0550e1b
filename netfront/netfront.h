/* SPDX-License-Identifier: GPL-2.0 */
/* The interface, its queues, and who may call what. */
#ifndef NETFRONT_H
#define NETFRONT_H

#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <net/page_pool/helpers.h>
#include <net/xdp.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>
#include <xennet/coalesce.h>
#include <xennet/features.h>
#include <xennet/irq_name.h>
#include <xennet/link.h>
#include <xennet/xdp.h>
#include "b2f_parse.h"
#include "demand.h"
#include "f2b_build.h"
#include "groups.h"
#include "ids.h"
#include "stats.h"

static_assert(PAGE_SIZE == XENNET_PAGE_SIZE, "a page is a slot");
static_assert(F2B_RUNS_MAX >= MAX_SKB_FRAGS + 1, "every skb fits a frame");

/* Fewest slots of a ring to use: the longest packet, and some room. */
#define XENNET_PENDING_MIN	32u

/*
 * Answers that one event stands for at most, and the longest wait for a look at
 * answers that no event announces, in jiffies: as long as the user says nothing.
 */
#define TX_FRAMES		(XENNET_RING_SIZE / 4)
#define TX_JIFFIES		2
/* Fewer slots than that are outstanding without an event for their answers. */
#define TX_LONE			8
/*
 * Bytes that may be with the backend however little has been so far. Byte queue
 * limits alone would come down to one frame, and that one may wait in dom0 for
 * what the next ones bring: the rest of its datagram, for one.
 */
#define TX_BYTES_MIN		(8 * ETH_FRAME_LEN)

/* Grants of a queue at most: a ring's page and its slots, twice. */
#define QUEUE_GREFS	(2 * (XENNET_RING_SIZE + 1))
/*
 * Grants that all queues but an interface's first leave: those of another
 * interface with one queue and a control ring, and of some disk's requests.
 */
#define QUEUE_GREFS_LEFT	(QUEUE_GREFS + 64)

/* Received frames up to this many bytes are copied; so is this much header. */
#define RX_COPYBREAK	256
/* So are frames up to this many bytes where pages stay: an ordinary MTU's. */
#define RX_LINEAR	(VLAN_ETH_FRAME_LEN + 18)

struct ctrl;
struct front;
struct queue;

/* Bit of struct event_line.flags: the end of an interrupt is owed. */
#define EVENT_OWED	0

/**
 * struct event_line - one event channel of a queue
 * @queue: its queue
 * @irq: bound interrupt
 * @port: event channel, as the backend is told
 * @flags: EVENT_OWED, set by the interrupt, cleared by NAPI
 * @worked: NAPI found work since it last ended an interrupt; NAPI's own
 * @events: interrupts received; written by the interrupt
 * @name: as in /proc/interrupts
 * @what: which of its queue's it is, in @name
 */
struct event_line {
	struct queue *queue;
	int irq;
	evtchn_port_t port;
	unsigned long flags;
	bool worked;
	u64 events;
	char name[XENNET_IRQ_NAME_SIZE];
	const char *what;
};

/* What became of the last message about a multicast address. */
enum tx_word {
	TX_WORD_NONE,
	TX_WORD_SENT,
	TX_WORD_TAKEN,
	TX_WORD_REFUSED,
};

/* What lies in the pages of a frame's slots. */
enum tx_memory {
	TX_SKB,		/* the skb's own memory */
	TX_BOUNCED,	/* a copy in fresh pages, ours to free */
	TX_STATIC,	/* a copy in pages of struct tx_statics */
};

/**
 * struct tx_slot - what a posted f2b id stands for
 * @skb: the packet; each of its slots holds a reference. Nothing is kept in
 *	the skb itself: one may be underway several times (pktgen's bursts).
 *	NULL: the message of tx_tell(), for which nothing is granted
 * @page: page granted for this id; not of TX_STATIC
 * @memory: enum tx_memory
 * @nr: number of the page, of TX_STATIC
 * @bytes: length of the packet in its last slot, 0 in others: the packet
 *	counts as sent with that slot
 */
struct tx_slot {
	struct sk_buff *skb;
	struct page *page;
	u8 memory;
	u8 nr;
	u32 bytes;
};

/**
 * struct tx_statics - pages that stay granted, and mapped by the backend
 * @live: the backend has them; written under the stack's transmit lock
 * @asked: it was asked whether it takes some; protected by front->ctrl_lock, as are
 *	@max and @nr, to be written
 * @lacking: a frame has found none, and there may be more
 * @max: how many there may be
 * @nr: entries of @page and @gref; 0: none granted
 * @nr_ready: entries of @ready
 * @nr_back: entries of @back
 * @ready: pages to be filled; protected by the stack's transmit lock
 * @back: pages whose slots were answered since; protected by struct tx.lock
 * @page: the pages
 * @gref: their grants
 */
struct tx_statics {
	bool live;
	bool asked;
	bool lacking;
	u16 max;
	u16 nr;
	u16 nr_ready;
	u16 nr_back;
	u8 ready[XENNET_RING_SIZE];
	u8 back[XENNET_RING_SIZE];
	struct page *page[XENNET_RING_SIZE];
	grant_ref_t gref[XENNET_RING_SIZE];
};

static_assert(XENNET_RING_SIZE - 1 <= 0xff, "a page's number is a byte");

/**
 * struct tx_done - answered slots of one poll
 * @packets: packets finished, sent or not
 * @bytes: their bytes
 * @failed: packets the backend did not send
 * @failed_bytes: their bytes
 * @word: the message, if it was answered
 * @nr: entries of @skb
 * @skb: a reference of each slot that was answered without an error
 */
struct tx_done {
	unsigned int packets;
	unsigned int bytes;
	unsigned int failed;
	unsigned int failed_bytes;
	enum tx_word word;
	unsigned int nr;
	struct sk_buff *skb[XENNET_RING_SIZE];
};

/**
 * struct tx_packet - scratch of the transmit path
 * @frame: the frame as runs of bytes
 * @shape: its slots
 * @memory: enum tx_memory; of TX_BOUNCED every run is one page
 * @page: first page of each run; not of TX_STATIC
 * @nr: numbers of the pages, one a slot, of TX_STATIC
 * @nr_taken: entries of @nr
 */
struct tx_packet {
	struct f2b_frame frame;
	struct f2b_shape shape;
	u8 memory;
	struct page *page[F2B_RUNS_MAX];
	u8 nr[XENNET_SLOTS_MAX];
	u8 nr_taken;
};

/**
 * struct tx - guest to backend
 * @lock: protects @open to @owed, and orders stopping and waking of the
 *	transmit queue; taken with interrupts off, because netpoll transmits
 *	from anywhere
 * @open: the ring is set up and the peer behaves
 * @ring: our end
 * @sring: shared ring
 * @ids: names of posted slots
 * @slot: by id
 * @word: the last message of tx_tell()
 * @owed: ring index behind the last slot whose answer somebody waits for
 * @gref: by id; granted exactly while the id is posted, with a page
 * @statics: pages that stay granted
 * @ring_ref: grant of the ring
 * @timer: bounds the wait for responses, see tx_arm()
 * @pkt: scratch of the transmit path, protected by the stack's transmit lock
 * @done: scratch of NAPI
 */
struct tx {
	spinlock_t lock;	/* as said above */
	bool open;
	struct ring_front ring;
	struct f2b_sring *sring;
	struct ids ids;
	struct tx_slot slot[XENNET_RING_SIZE];
	enum tx_word word;
	u32 owed;
	grant_ref_t gref[XENNET_RING_SIZE];
	struct tx_statics statics;
	grant_ref_t ring_ref;
	struct timer_list timer;
	struct tx_packet pkt;
	struct tx_done done;
};

/**
 * struct rx - backend to guest; NAPI's own while connected
 * @ring: our end
 * @sring: shared ring
 * @page: of each buffer
 * @gref: of each buffer
 * @nr_buffers: how many there are: as many as are posted, and a power of two; as of
 *	the current connection
 * @fixed: pages stay where they are, for the backend has mapped them; written
 *	with front->ctrl_lock held
 * @nr_statics: how many of @gref, from the first, it has for sure; protected by
 *	front->ctrl_lock
 * @spare: pages to exchange, not granted
 * @nr_spare: entries of @spare
 * @nr_pages: buffers that have a page; once it is all of them, it stays so
 * @refill: asks for the pages that are missing
 * @pool: where pages come from and return to
 * @ring_ref: grant of the ring
 * @timer: bounds the wait for responses, see rx_arm()
 * @pace: how fast frames come
 * @xdp_rxq: what a program is told of the queue
 * @redirected: a program gave frames of this poll to other devices
 *
 * The slot with ring index i is posted with the buffer buffer_nr() says. Its page leaves
 * only in exchange for another, and not at all while @fixed; or, while there are not pages
 * for all buffers, for one that is to be posted: see buffers.c.
 */
struct rx {
	struct ring_front ring;
	struct b2f_sring *sring;
	struct page *page[XENNET_RING_SIZE];
	grant_ref_t gref[XENNET_RING_SIZE];
	u32 nr_buffers;
	bool fixed;
	u16 nr_statics;
	struct page *spare[XENNET_SLOTS_MAX];
	unsigned int nr_spare;
	u32 nr_pages;
	struct timer_list refill;
	struct page_pool *pool;
	grant_ref_t ring_ref;
	struct hrtimer timer;
	struct xennet_pace pace;
	struct xdp_rxq_info xdp_rxq;
	bool redirected;
};

/**
 * struct queue - one queue; lives until the interface goes, or gets more
 * @front: the interface
 * @id: number on the interface
 * @napi: serves both rings; enabled while connected
 * @broken: the peer broke the protocol; NAPI writes it, disconnecting clears
 * @nr_lines: event channels in use: 1 for both rings, or one each
 * @line: event channels
 * @tx: guest to backend
 * @rx: backend to guest
 * @demand: how much it is used
 * @xmit_stats: counters
 * @napi_stats: counters
 */
struct queue {
	struct front *front;
	unsigned int id;
	struct napi_struct napi;
	bool broken;
	unsigned int nr_lines;
	struct event_line line[2];
	struct tx tx;
	struct rx rx;
	struct demand demand;
	struct xmit_stats xmit_stats;
	struct napi_stats napi_stats;
};

/**
 * struct filter - the backend's multicast filter, as this end programs it
 * @live: queues are started, and the backend has a filter that can be turned
 *	off; written under RTNL, and cleared with the addresses locked as well
 * @work: does all there is to do, and owns what follows
 * @groups: the backend's list
 * @asked: it was asked to send no groups but those
 */
struct filter {
	bool live;
	struct delayed_work work;
	struct groups groups;
	bool asked;
};

/* Bytes of the hash's key, and entries of the table of queues. */
#define RSS_KEY_BYTES	40u
#define RSS_TABLE	128u

/**
 * struct rss - how the backend is to hash frames and to choose their queue
 * @types: what is hashed, bits of enum xennet_hash_type
 * @key: key of the hash
 * @table: queues; an entry stands for its remainder by the number of queues
 */
struct rss {
	u8 types;
	u8 key[RSS_KEY_BYTES];
	u8 table[RSS_TABLE];
};

/**
 * struct front - an interface; private data of its net_device
 * @dev: the net_device
 * @xbdev: the xenbus device
 * @queue: its queues; protected as @nr_queues. When more are wanted they are made
 *	anew: while disconnected a pointer to one lasts as long as RTNL or RCU is held
 * @nr_made: entries of @queue, protected likewise
 * @max_queues: most there may ever be
 * @nr_queues: how many of them are connected, or were last; protected by
 *	@life and RTNL: either to read, both to write
 * @nr_spread: how many the CPUs are spread over; protected by RTNL
 * @offered: most queues the backend takes; protected by RTNL
 * @wanted: most queues the user wants; protected by RTNL
 * @agreed: what may be sent to the backend, enum xennet_feature
 * @tx_pending: f2b slots in use at most, of each queue
 * @rx_pending: b2f buffers posted, of each queue; both as of the current
 *	connection, XENNET_PENDING_MIN to XENNET_RING_SIZE
 * @tx_wanted: as the user wants them; protected by RTNL
 * @rx_wanted: likewise
 * @tx_coalesce: answers an event stands for; written under RTNL. Its @usecs
 *	are whole jiffies
 * @rx_coalesce: the same of received slots
 * @settings: what ethtool shows of the link
 * @mac: the address the toolstack says
 * @mtu: what it was of the toolstack's last, or at first; protected by RTNL
 * @mtu_told: the MTU the toolstack says, or the last it may have
 * @bounce: the backend is not trusted: grant it zeroed pages only
 * @xdp_prog: program that sees what is received. Written under RTNL; read under
 *	RCU
 * @filter: multicast
 * @ctrl: control ring; NULL: there is none. Written while disconnected
 * @ctrl_lock: held for each message, and from the first to the last of those
 *	that belong together; taken within RTNL, and mostly without it
 * @ctrl_stats: its counters, by enum ctrl_stat; written with @ctrl_lock
 * @rss: receive side scaling; protected by @ctrl_lock and RTNL: either to read,
 *	both to write
 * @rss_on: frames are to be hashed; protected by @ctrl_lock
 * @rss_refused: this backend does not do as @rss says; protected as @rss
 * @rss_work: tells a new backend of @rss
 * @statics: pages are to stay granted, as far as the backend maps them;
 *	protected as @rss
 * @statics_work: looks after them
 * @statics_new: this backend has none yet, whatever there was before
 * @statics_said: this backend has refused some, and it was said; protected by
 *	@ctrl_lock
 * @connected: queues are started; written under RTNL. @rss_work does not run when it
 *	changes; @statics_work ends before queues disconnect
 * @life: orders what the backend's states, @close_late, @renew and @mend cause
 * @rings: queues have rings and grants; protected by @life
 * @served: the backend has taken the rings up; written with @life held
 * @another: the backend has not been Connected all the time: it may be another one;
 *	protected by @life
 * @carrier_watch: on the backend's key "carrier"
 * @again: it closes to connect anew; protected by @life
 * @close_late: closes when a stopped backend does not let go of the rings
 * @renew: closes, to connect anew with what has changed
 * @mend: likewise, after a fault of the backend's; started by any queue's NAPI
 * @mended: when it last did so, in jiffies; protected by @life
 * @leaving: the device is being removed, for good or to be another backend's: there are
 *	no more connections to close; protected by @life
 * @backend_watch: on the device's key "backend", which may name another one
 * @announce: neighbours are to be told when the link is up again
 * @dir: debugfs directory
 */
struct front {
	struct net_device *dev;
	struct xenbus_device *xbdev;
	struct queue *queue;
	unsigned int nr_made;
	unsigned int max_queues;
	unsigned int nr_queues;
	unsigned int nr_spread;
	unsigned int offered;
	unsigned int wanted;
	u32 agreed;
	u32 tx_pending;
	u32 rx_pending;
	u32 tx_wanted;
	u32 rx_wanted;
	struct xennet_coalesce tx_coalesce;
	struct xennet_coalesce rx_coalesce;
	struct xennet_link settings;
	u8 mac[ETH_ALEN];
	unsigned int mtu;
	unsigned int mtu_told;
	bool bounce;
	struct bpf_prog __rcu *xdp_prog;
	struct filter filter;
	struct ctrl *ctrl;
	struct mutex ctrl_lock;	/* as said above */
	u64 ctrl_stats[CTRL_STATS_COUNT];
	struct rss rss;
	bool rss_on;
	bool rss_refused;
	struct work_struct rss_work;
	bool statics;
	struct delayed_work statics_work;
	bool statics_new;
	bool statics_said;
	bool connected;
	struct mutex life;	/* as said above */
	bool rings;
	bool served;
	bool another;
	struct xenbus_watch carrier_watch;
	bool again;
	struct delayed_work close_late;
	struct work_struct renew;
	struct delayed_work mend;
	unsigned long mended;
	bool leaving;
	struct xenbus_watch backend_watch;
	bool announce;
	struct dentry *dir;
};

/**
 * queue_f2b_line() - event channel of the f2b ring
 * @queue: its queue
 *
 * Return: the event channel.
 */
static inline struct event_line *queue_f2b_line(struct queue *queue)
{
	return &queue->line[0];
}

/**
 * queue_b2f_line() - event channel of the b2f ring
 * @queue: its queue; with one event channel at least
 *
 * Return: the event channel; that of the f2b ring where both share one.
 */
static inline struct event_line *queue_b2f_line(struct queue *queue)
{
	return &queue->line[queue->nr_lines - 1];
}

/**
 * queue_txq() - the stack's transmit queue of a queue
 * @queue: the queue
 *
 * Return: the transmit queue.
 */
static inline struct netdev_queue *queue_txq(const struct queue *queue)
{
	return netdev_get_tx_queue(queue->front->dev, queue->id);
}

/* main.c: module parameters */
extern bool netfront_trusted;
extern unsigned int netfront_max_queues;
extern unsigned int netfront_static_grants;

/* xenbus.c */
int front_xenbus_register(void);
void front_xenbus_unregister(void);

/* notify.c: process context */
int notify_init(void);
void notify_exit(void);

/* move.c */
void move_watch(struct front *front);
void move_unwatch(struct front *front);

/* netdev.c: process context */
struct front *front_create(struct xenbus_device *xbdev);
void front_destroy(struct front *front);
int front_register(struct front *front);
int front_agree_sizes(struct front *front, unsigned int offered);
unsigned int front_use_queues(struct front *front, unsigned int nr);
void front_up(struct front *front);
void front_down(struct front *front);

/* filter.c: process context; changing: any */
void filter_init(struct front *front);
void filter_start(struct front *front);
void filter_stop(struct front *front);
void filter_changed(struct front *front);

/* ctrl.c: process context */
int ctrl_connect(struct front *front);
int ctrl_write_keys(struct xenbus_transaction xbt, const struct front *front);
void ctrl_renew(struct front *front);
void ctrl_abandon(struct front *front);
void ctrl_disconnect(struct front *front);
/* ctrl.c: process context, front->ctrl_lock held */
int ctrl_ask(struct front *front, enum xennet_ctrl_type type, u32 value,
	     u32 *data);
int ctrl_show(struct front *front, enum xennet_ctrl_type type,
	      const void *bytes, u32 len, u32 count);
int ctrl_list(struct front *front, enum xennet_ctrl_type type, u32 queue,
	      const struct xennet_gref *list, u32 count, u32 *data);

/* rss.c: process context */
void rss_init(struct front *front);
void rss_start(struct front *front);
void rss_stop(struct front *front);
/* rss.c: process context, RTNL held */
bool rss_can(const struct front *front);
void rss_renew(struct front *front);
int rss_switch(struct front *front, bool on);
u32 rss_key_size(struct net_device *dev);
u32 rss_table_size(struct net_device *dev);
int rss_get(struct net_device *dev, struct ethtool_rxfh_param *to);
int rss_set(struct net_device *dev, struct ethtool_rxfh_param *wanted,
	    struct netlink_ext_ack *extack);
u32 rss_rings(struct net_device *dev);
int rss_get_fields(struct net_device *dev, struct ethtool_rxfh_fields *fields);
int rss_set_fields(struct net_device *dev,
		   const struct ethtool_rxfh_fields *fields,
		   struct netlink_ext_ack *extack);

/* statics.c: process context */
void statics_init(struct front *front);
void statics_renew(struct front *front);
/* statics.c: process context, RTNL held */
int statics_set(struct front *front, bool on);
void statics_stop(struct front *front);
/* statics.c: the queue's NAPI */
void statics_note(struct queue *queue);
/* statics.c: under the stack's transmit lock */
void statics_lack(struct queue *queue);
/* statics.c: process context, of a stopped queue */
void statics_free(struct tx *tx);

/* What ethtool -t tests. */
enum front_test {
	FRONT_TEST_LINK,
	FRONT_TEST_ACCOUNTS,
	FRONT_TEST_FRAMES,
	FRONT_TESTS,
};

/* selftest.c: process context, RTNL held */
void front_test(struct front *front, u64 result[FRONT_TESTS]);

/* ethtool.c */
extern const struct ethtool_ops front_ethtool_ops;

/* debugfs.c: process context, RTNL not held */
void front_debugfs_init(void);
void front_debugfs_exit(void);
void front_debugfs_add(struct front *front);
void front_debugfs_remove(struct front *front);
/* debugfs.c: RTNL held */
void front_debugfs_grow(struct front *front, unsigned int from);
void front_debugfs_rename(struct front *front);

/* queue.c: process context */
void queue_create(struct queue *queue, struct front *front, unsigned int id);
void queue_destroy(struct queue *queue);
int queue_connect(struct queue *queue, bool split);
void queue_start(struct queue *queue);
void queue_stop(struct queue *queue);
void queue_disconnect(struct queue *queue);
void queue_kick(struct queue *queue);

/* grefs.c: process context */
int grefs_alloc(grant_ref_t *gref, u32 count);
bool grefs_room(u32 count);
bool grefs_spare(u32 count);
void *ring_page_create(const struct front *front, grant_ref_t *ref);
void ring_page_destroy(void *page, grant_ref_t ref);

/* linger.c: process context */
void linger_free(grant_ref_t gref, struct sk_buff *skb);
void linger_exit(void);
/* Slots of connections that are over, whose packets are kept: for debugfs. */
extern u32 linger_count;

/* fault.c: the queue's NAPI */
void fault_raise(struct queue *queue, enum xennet_reason reason);
void drop_report(struct queue *queue, enum xennet_reason reason);

/* event.c: process context */
int event_bind(struct xenbus_device *xbdev, irq_handler_t handler,
	       const char *name, void *data, evtchn_port_t *port);
int events_setup(struct queue *queue, bool split);
void events_spread(struct queue *queue);
void events_rename(struct queue *queue);
void events_free(struct queue *queue);
/* event.c: the queue's NAPI */
void events_end(struct queue *queue);

/* frame.c: under the stack's transmit lock */
enum xennet_reason frame_prepare(struct queue *queue, struct sk_buff *skb);
void frame_release(struct queue *queue);

/* tx.c: process context */
void tx_create(struct queue *queue);
int tx_connect(struct queue *queue);
void tx_disconnect(struct queue *queue);
/* tx.c: under the stack's transmit lock */
netdev_tx_t tx_xmit(struct queue *queue, struct sk_buff *skb);
/* tx.c: process context, one caller at a time */
bool tx_tell(struct queue *queue, const struct groups_change *change);
enum tx_word tx_heard(struct queue *queue);
/* tx.c: the queue's NAPI */
void tx_reclaim(struct queue *queue, int budget);
bool tx_arm(struct queue *queue);

/* xdp.c: the queue's NAPI */
bool xdp_takes(const struct queue *queue, const struct b2f_pkt *pkt);
enum xennet_reason xdp_show(struct queue *queue,
			    struct xennet_xdp_frame *frame);
bool xdp_show_skb(struct queue *queue, struct sk_buff **skb);

/* buffers.c: process context */
int buffers_create(struct queue *queue);
void buffers_destroy(struct queue *queue);
/* buffers.c: the queue's NAPI */
bool buffers_spare(struct queue *queue, unsigned int count);
struct page *buffers_swap(struct queue *queue, u32 nr);
bool buffers_post(struct queue *queue);

/* rx.c: process context */
void rx_create(struct queue *queue);
int rx_connect(struct queue *queue);
void rx_disconnect(struct queue *queue);
/* rx.c: the queue's NAPI */
int rx_poll(struct queue *queue, int budget);
bool rx_arm(struct queue *queue, unsigned int work);

/**
 * buffer_nr() - which buffer a slot is posted with
 * @rx: connected receive side
 * @idx: the slot's ring index
 *
 * Return: its number.
 */
static inline u32 buffer_nr(const struct rx *rx, u32 idx)
{
	return idx & (rx->nr_buffers - 1);
}

/**
 * buffers_complete() - has every buffer its page?
 * @rx: connected receive side
 *
 * Return: true if so, from now on.
 */
static inline bool buffers_complete(const struct rx *rx)
{
	return READ_ONCE(rx->nr_pages) == rx->nr_buffers;
}

/**
 * tx_open() - let packets be posted, or no more
 * @tx: connected transmit side
 * @open: which
 */
static inline void tx_open(struct tx *tx, bool open)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->open = open;
	spin_unlock_irqrestore(&tx->lock, flags);
}

#endif /* NETFRONT_H */
