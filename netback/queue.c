// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a queue.
 *
 * queue_create() maps the rings and binds the event channels; nothing runs
 * until queue_start(). queue_stop() and queue_destroy() take it down in this
 * order, and each step relies on those before:
 *
 * a) The interface has taken the queue out of sight and waited for an RCU
 *    grace period: b2f_xmit() is not running and will not run again.
 * b) queue_stop(): the b2f timers go. One starts itself only, and
 *    del_timer_sync() waits for it; the other is started by b2f_xmit() only.
 * c) napi_disable() waits for the last poll and keeps later napi_schedule()
 *    calls, of interrupts, and of holds that end from now on, without effect
 *    for good.
 * d) The timers of f2b go, which the NAPI started.
 * e) queue_destroy(): the event channels go. What is underway is answered,
 *    static grants and rings are unmapped. Nobody looks at them any more:
 *    holds know the set they belong to and nothing else.
 * f) The owner's reference on the holds is dropped. The memory goes with the
 *    last packet, which may be much later, on a workqueue because freeing
 *    sleeps. Pages a packet had mapped are unmapped there. The module stays
 *    for as long as there is such a queue.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/events.h>
#include <xennet/xdp.h>
#include "queue.h"

static struct workqueue_struct *queue_wq;

static irqreturn_t queue_irq(struct queue *queue, int bit)
{
	set_bit(bit, &queue->eoi);
	napi_schedule(&queue->napi);
	return IRQ_HANDLED;
}

static irqreturn_t queue_f2b_irq(int irq, void *data)
{
	return queue_irq(data, QUEUE_EOI_F2B);
}

static irqreturn_t queue_b2f_irq(int irq, void *data)
{
	return queue_irq(data, QUEUE_EOI_B2F);
}

/*
 * End one interrupt. One that brought no work since the last is reported so,
 * and Xen delays the next (XSA-332).
 */
static void queue_end_irq(struct queue *queue, int bit, unsigned int irq,
			  bool earned)
{
	if (!test_and_clear_bit(bit, &queue->eoi))
		return;
	stat_inc(&queue->stats->f2b, F2B_events);
	xen_irq_lateeoi(irq, earned ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/* On a common event channel the work of either ring counts. */
static void queue_end_irqs(struct queue *queue)
{
	unsigned long earned = xchg(&queue->earned, 0);
	bool f2b = earned & BIT(QUEUE_EOI_F2B);
	bool b2f = earned & BIT(QUEUE_EOI_B2F);

	if (queue->f2b.irq == queue->b2f.irq)
		f2b |= b2f;
	queue_end_irq(queue, QUEUE_EOI_F2B, queue->f2b.irq, f2b);
	queue_end_irq(queue, QUEUE_EOI_B2F, queue->b2f.irq, b2f);
}

static int queue_poll(struct napi_struct *napi, int budget)
{
	struct queue *queue = container_of(napi, struct queue, napi);
	int done;

	b2f_poll(queue);
	done = f2b_poll(queue, budget);
	stat_inc(&queue->stats->f2b, F2B_polls);
	if (done >= budget || !napi_complete_done(napi, done))
		return done;
	if (queue->eoi)
		queue_end_irqs(queue);
	if (f2b_arm(queue))
		napi_schedule(napi);
	return done;
}

static void queue_unmap(struct queue *queue)
{
	struct xenbus_device *xbdev = queue->vif->xbdev;

	if (queue->f2b.sring)
		xenbus_unmap_ring_vfree(xbdev, queue->f2b.sring);
	if (queue->b2f.sring)
		xenbus_unmap_ring_vfree(xbdev, queue->b2f.sring);
	queue->f2b.sring = NULL;
	queue->b2f.sring = NULL;
}

static int queue_map(struct queue *queue, const struct vif_rings *rings)
{
	struct xenbus_device *xbdev = queue->vif->xbdev;
	grant_ref_t ref = rings->f2b_ref;
	void *addr;
	int err;

	err = xenbus_map_ring_valloc(xbdev, &ref, 1, &addr);
	if (err)
		return err;
	queue->f2b.sring = addr;
	ref = rings->b2f_ref;
	err = xenbus_map_ring_valloc(xbdev, &ref, 1, &addr);
	if (err)
		goto unmap;
	queue->b2f.sring = addr;

	err = ring_back_attach(&queue->f2b.ring, &queue->f2b.sring->hdr);
	if (!err)
		err = ring_back_attach(&queue->b2f.ring,
				       &queue->b2f.sring->hdr);
	if (!err)
		return 0;
unmap:
	queue_unmap(queue);
	return err;
}

static int queue_bind_one(struct queue *queue, u32 port, irq_handler_t handler,
			  unsigned int *irq)
{
	int ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(queue->vif->xbdev,
								port, handler, 0,
								queue->vif->dev->name,
								queue);

	if (ret < 0)
		return ret;
	*irq = ret;
	return 0;
}

static void queue_unbind(struct queue *queue)
{
	if (queue->b2f.irq != queue->f2b.irq)
		unbind_from_irqhandler(queue->b2f.irq, queue);
	unbind_from_irqhandler(queue->f2b.irq, queue);
}

/* The handlers may run from here on: their NAPI exists but is disabled. */
static int queue_bind(struct queue *queue, const struct vif_rings *rings)
{
	int err;

	err = queue_bind_one(queue, rings->f2b_port, queue_f2b_irq,
			     &queue->f2b.irq);
	if (err)
		return err;
	if (rings->b2f_port == rings->f2b_port) {
		queue->b2f.irq = queue->f2b.irq;
		return 0;
	}
	err = queue_bind_one(queue, rings->b2f_port, queue_b2f_irq,
			     &queue->b2f.irq);
	if (err)
		unbind_from_irqhandler(queue->f2b.irq, queue);
	return err;
}

/* Unmap what the last packets had mapped. Nothing polls any more. */
static void queue_free_work(struct work_struct *work)
{
	struct queue *queue = container_of(work, struct queue, free);
	struct hold *hold, *next;

	llist_for_each_entry_safe(hold, next,
				  llist_del_all(&queue->holds.released), node)
		map_pool_unmap(queue->f2b.pool, hold->map, hold->nr_maps);
	map_pool_destroy(queue->f2b.pool);
	kvfree(queue);
	module_put(THIS_MODULE);
}

static void queue_free(struct holds *holds)
{
	struct queue *queue = container_of(holds, struct queue, holds);

	queue_work(queue_wq, &queue->free);
}

static struct queue *queue_alloc(struct vif *vif, unsigned int id)
{
	struct queue *queue = kvzalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return NULL;
	if (netback_map_min) {
		queue->f2b.pool = map_pool_create();
		if (!queue->f2b.pool) {
			kvfree(queue);
			return NULL;
		}
	}
	__module_get(THIS_MODULE);
	queue->vif = vif;
	queue->stats = &vif->stats[id];
	queue->domid = vif->domid;
	queue->id = id;
	queue->statics.domid = vif->domid;
	queue->statics.max = READ_ONCE(netback_static_grants);
	INIT_WORK(&queue->free, queue_free_work);
	holds_init(&queue->holds, &queue->napi, queue_free);
	hrtimer_init(&queue->f2b.shaper_timer, CLOCK_MONOTONIC,
		     HRTIMER_MODE_REL_SOFT);
	queue->f2b.shaper_timer.function = f2b_shaper_fired;
	hrtimer_init(&queue->f2b.coalesce_timer, CLOCK_MONOTONIC,
		     HRTIMER_MODE_REL_SOFT);
	queue->f2b.coalesce_timer.function = f2b_coalesce_fired;
	hrtimer_init(&queue->b2f.batch_timer, CLOCK_MONOTONIC,
		     HRTIMER_MODE_REL_SOFT);
	queue->b2f.batch_timer.function = b2f_batch_fired;
	timer_setup(&queue->b2f.timer, b2f_timer_fired, 0);
	return queue;
}

/**
 * queue_create() - a queue on the rings a guest published
 * @vif: interface
 * @id: number on it, below vif->max_queues
 * @rings: what the guest published
 *
 * Context: may sleep.
 *
 * Return: the queue, to be started, or an error: -EPROTO when the rings'
 * indices make no sense.
 */
struct queue *queue_create(struct vif *vif, unsigned int id,
			   const struct vif_rings *rings)
{
	struct queue *queue = queue_alloc(vif, id);
	int err;

	if (!queue)
		return ERR_PTR(-ENOMEM);
	err = queue_map(queue, rings);
	if (err)
		goto put;
	netif_napi_add(vif->dev, &queue->napi, queue_poll);
	err = xennet_xdp_register(&queue->f2b.xdp_rxq, vif->dev, id,
				  &queue->napi);
	if (err)
		goto unmap;
	err = queue_bind(queue, rings);
	if (err)
		goto unregister;
	return queue;

unregister:
	xdp_rxq_info_unreg(&queue->f2b.xdp_rxq);
unmap:
	netif_napi_del(&queue->napi);
	queue_unmap(queue);
put:
	holds_put(&queue->holds);
	return ERR_PTR(err);
}

/**
 * queue_start() - serve the rings
 * @queue: queue
 *
 * Context: may sleep.
 */
void queue_start(struct queue *queue)
{
	napi_enable(&queue->napi);
	queue_kick(queue);
}

/**
 * queue_stop() - counterpart of queue_start()
 * @queue: queue that was started and is out of the interface's sight
 *
 * Context: may sleep. The top of this file has the order and the reasons.
 */
void queue_stop(struct queue *queue)
{
	del_timer_sync(&queue->b2f.timer);
	hrtimer_cancel(&queue->b2f.batch_timer);
	napi_disable(&queue->napi);
	hrtimer_cancel(&queue->f2b.shaper_timer);
	hrtimer_cancel(&queue->f2b.coalesce_timer);
}

/**
 * queue_destroy() - counterpart of queue_create()
 * @queue: queue that was stopped, or never started
 *
 * The memory follows with the last packet.
 *
 * Context: may sleep.
 */
void queue_destroy(struct queue *queue)
{
	queue_unbind(queue);
	xdp_rxq_info_unreg(&queue->f2b.xdp_rxq);
	netif_napi_del(&queue->napi);
	f2b_answer_all(queue);
	statics_destroy(&queue->statics);
	queue_unmap(queue);
	holds_put(&queue->holds);
}

/**
 * queue_kick() - look at both rings soon
 * @queue: queue
 *
 * Context: any.
 */
void queue_kick(struct queue *queue)
{
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}

/**
 * queue_module_init() - before the first queue
 *
 * Return: 0 or -ENOMEM.
 */
int queue_module_init(void)
{
	queue_wq = alloc_workqueue("netback", 0, 0);
	return queue_wq ? 0 : -ENOMEM;
}

/**
 * queue_module_exit() - after the last queue
 *
 * Every queue held a reference on the module, so all that may still run is
 * the end of the work that dropped it, and of the hold that queued it.
 */
void queue_module_exit(void)
{
	destroy_workqueue(queue_wq);
	synchronize_rcu();
}
