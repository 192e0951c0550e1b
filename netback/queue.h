/* SPDX-License-Identifier: GPL-2.0 */
/* One queue of a connected interface: both rings and what serves them. */
#ifndef NETBACK_QUEUE_H
#define NETBACK_QUEUE_H

#include <linux/hrtimer.h>
#include <linux/timer.h>
#include <net/xdp.h>
#include <xennet/irq_name.h>
#include "b2f_plan.h"
#include "f2b_plan.h"
#include "grant.h"
#include "hold.h"
#include "line.h"
#include "statics.h"
#include "vif.h"

/* Frames that share one batch of grant copies. */
#define F2B_JOBS_MAX	64
#define B2F_JOBS_MAX	32
/* Runs of bytes of a frame without a list of others, and copies of those. */
#define B2F_RUNS_USUAL	(MAX_SKB_FRAGS + 1)
#define B2F_COPIES_USUAL B2F_COPIES(B2F_RUNS_USUAL)
/* Runs of which the copies just fit an empty batch. */
#define B2F_RUNS_MAX	(GRANT_COPIES_MAX / 2 - XENNET_SLOTS_MAX)

static_assert(B2F_RUNS_USUAL <= B2F_RUNS_MAX, "whatever MAX_SKB_FRAGS is");
static_assert(B2F_COPIES(B2F_RUNS_MAX) <= GRANT_COPIES_MAX, "as it says");

/**
 * struct f2b_job - a frame whose data is on the way
 * @skb: the frame; or NULL: no memory, or it is in @page yet
 * @page: the frame, for a program to see before it gets an skb; or NULL
 * @pkt_len: bytes
 * @entry: its entry in the ledger
 * @first_copy: its copies in the batch
 * @end_copy: one past the last
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment
 * @csum_blank: from the guest's request
 * @data_validated: from the guest's request
 * @hash: from the guest's request
 */
struct f2b_job {
	struct sk_buff *skb;
	struct page *page;
	u32 pkt_len;
	u16 entry;
	u16 first_copy;
	u16 end_copy;
	u16 gso_size;
	u8 gso_type;
	bool csum_blank;
	bool data_validated;
	struct xennet_hash hash;
};

/**
 * struct f2b_slots - a frame's slots, until they are answered
 * @nr_ids: data slots, entries of @id
 * @nr_extras: extra-info slots
 * @id: the guest's names of the data slots
 */
struct f2b_slots {
	u8 nr_ids;
	u8 nr_extras;
	u16 id[XENNET_SLOTS_MAX];
};

/**
 * struct f2b - guest to backend; owned by the queue's NAPI
 * @page: shared page
 * @sring: the ring in it
 * @ring: our end of it
 * @irq: event channel
 * @irq_name: as in /proc/interrupts
 * @line: its interrupt
 * @nr_jobs: entries of @job
 * @job: frames of the current batch
 * @batch: their grant copies
 * @shaper_timer: polls again when vif->shaper allows
 * @throttled: @shaper_timer is to fire; requests wait until then
 * @pace: how fast frames come
 * @ahead: requests the next event stands for
 * @coalesce_timer: bounds the wait for them
 * @credit: how much may be under way, and what is parked
 * @now: the present poll, in monotonic nanoseconds
 * @full: requests wait for frames under way to end
 * @credit_timer: the clock of @credit
 * @ticked: it has fired; taken back by the poll
 * @late: nanoseconds after its time
 * @slots: by ledger entry
 * @pkt: scratch
 * @plan: scratch
 * @at: scratch: pages of @pkt's data slots that are mapped, NULL for others
 * @xdp_rxq: what a program is told of the queue
 * @redirected: a program gave frames of the current batch to other devices
 */
struct f2b {
	struct map_page page;
	struct f2b_sring *sring;
	struct ring_back ring;
	unsigned int irq;
	char irq_name[XENNET_IRQ_NAME_SIZE];
	struct line *line;
	unsigned int nr_jobs;
	struct f2b_job job[F2B_JOBS_MAX];
	struct copy_batch batch;
	struct hrtimer shaper_timer;
	bool throttled;
	struct xennet_pace pace;
	u32 ahead;
	struct hrtimer coalesce_timer;
	struct credit credit;
	u64 now;
	bool full;
	struct hrtimer credit_timer;
	bool ticked;
	u64 late;
	struct f2b_slots slots[XENNET_RING_SIZE];
	struct f2b_pkt pkt;
	struct f2b_plan plan;
	const void *at[XENNET_SLOTS_MAX];
	struct xdp_rxq_info xdp_rxq;
	bool redirected;
};

/**
 * struct b2f_job - a frame being copied to the guest
 * @skb: the frame
 * @frame: its description
 * @nr_slots: ring slots taken
 * @first_copy: its copies in the batch
 * @end_copy: one past the last
 * @id: ids of the requests consumed
 */
struct b2f_job {
	struct sk_buff *skb;
	struct b2f_frame frame;
	u8 nr_slots;
	u16 first_copy;
	u16 end_copy;
	u16 id[B2F_SLOTS_MAX];
};

/**
 * struct b2f - backend to guest; owned by the transmit queue's lock
 * @page: shared page
 * @sring: the ring in it
 * @ring: our end of it
 * @irq: event channel, may be that of f2b
 * @irq_name: as in /proc/interrupts, if not
 * @line: its interrupt, that of f2b then as well
 * @nr_jobs: entries of @job
 * @job: frames of the current batch
 * @batch: their grant copies
 * @pace: how fast frames come that need some
 * @fresh: segments of frames that it does not know of yet
 * @batch_timer: bounds the wait of the batch for more frames
 * @need: slots the stopped queue waits for; 0: not stopped for buffers
 * @stopped: jiffies, since when
 * @closed: the interface lets go of the queue: no frame, no waking any more
 * @draining: the guest had its time: frames without buffers are dropped
 * @stalled: and more than its time: the carrier is off
 * @timer: watches @need
 */
struct b2f {
	struct map_page page;
	struct b2f_sring *sring;
	struct ring_back ring;
	unsigned int irq;
	char irq_name[XENNET_IRQ_NAME_SIZE];
	struct line *line;
	unsigned int nr_jobs;
	struct b2f_job job[B2F_JOBS_MAX];
	struct copy_batch batch;
	struct xennet_pace pace;
	u32 fresh;
	struct hrtimer batch_timer;
	unsigned int need;
	unsigned long stopped;
	bool closed;
	bool draining;
	bool stalled;
	struct timer_list timer;
};

/**
 * struct queue - one queue
 * @vif: the interface; not to be used after queue_destroy()
 * @stats: its counters, the interface's; likewise
 * @domid: the guest
 * @id: number on the interface
 * @napi: serves both rings
 * @line: interrupts, of which a common event channel leaves one unused
 * @f2b: guest to backend
 * @b2f: backend to guest
 * @statics: static grants
 * @free: takes the memory back in a context that may sleep
 * @holds: the packets underway
 *
 * Created connected and destroyed disconnected: a reconnecting guest gets a
 * new one. Its memory, the holds in it, outlives it until the last packet
 * is gone.
 */
struct queue {
	struct vif *vif;
	struct vif_stats *stats;
	domid_t domid;
	unsigned int id;
	struct napi_struct napi;
	struct line line[2];
	struct f2b f2b;
	struct b2f b2f;
	struct statics statics;
	struct work_struct free;
	struct holds holds;
};

struct queue *queue_create(struct vif *vif, unsigned int id,
			   const struct vif_rings *rings);
void queue_start(struct queue *queue);
void queue_stop(struct queue *queue);
void queue_destroy(struct queue *queue);
void queue_kick(struct queue *queue);
void queue_rename(struct queue *queue);
int queue_module_init(void);
void queue_module_exit(void);

int f2b_poll(struct queue *queue, int budget);
bool f2b_arm(struct queue *queue);
void f2b_answer_all(struct queue *queue);
void f2b_unthrottle(struct queue *queue);
enum hrtimer_restart f2b_shaper_fired(struct hrtimer *timer);
enum hrtimer_restart f2b_coalesce_fired(struct hrtimer *timer);
enum hrtimer_restart f2b_credit_fired(struct hrtimer *timer);

netdev_tx_t b2f_xmit(struct queue *queue, struct sk_buff *skb);
bool b2f_poll(struct queue *queue);
void b2f_count_event(struct queue *queue);
void b2f_close(struct queue *queue);
void b2f_timer_fired(struct timer_list *timer);
enum hrtimer_restart b2f_batch_fired(struct hrtimer *timer);

/**
 * queue_txq() - the stack's transmit queue of a queue
 * @queue: the queue
 *
 * Return: the transmit queue.
 */
static inline struct netdev_queue *queue_txq(const struct queue *queue)
{
	return netdev_get_tx_queue(queue->vif->dev, queue->id);
}

#endif /* NETBACK_QUEUE_H */
