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
 *    timer_delete_sync() waits for it; the other is started by b2f_xmit() only.
 * c) napi_disable() waits for the last poll and keeps later napi_schedule()
 *    calls, of interrupts, and of holds that end from now on, without effect
 *    for good.
 * d) The timers of f2b go, which the NAPI started.
 * e) queue_destroy(): what is underway is answered, and the guest told so
 *    while there are event channels to tell it by. Then they go, and static
 *    grants and rings are unmapped. Nobody looks at them any more: holds know
 *    the set they belong to and nothing else.
 * f) The owner's reference on the holds is dropped. The memory goes with the
 *    last packet, which may be much later, on a workqueue because freeing
 *    sleeps. The module stays for as long as there is such a queue.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/events.h>
#include <xennet/napi.h>
#include <xennet/xdp.h>
#include "host.h"
#include "queue.h"

static struct workqueue_struct *queue_wq;

static irqreturn_t queue_irq(struct queue *queue, struct line *line)
{
	line_raise(line);
	napi_schedule(&queue->napi);
	return IRQ_HANDLED;
}

static irqreturn_t queue_f2b_irq(int irq, void *data)
{
	struct queue *queue = data;

	return queue_irq(queue, queue->f2b.line);
}

static irqreturn_t queue_b2f_irq(int irq, void *data)
{
	struct queue *queue = data;

	return queue_irq(queue, queue->b2f.line);
}

/* Returns true when there was one to end. */
static bool queue_end_irq(struct line *line, unsigned int irq)
{
	enum line_end end = line_end(line);

	if (end != LINE_NONE)
		xen_irq_lateeoi(irq, end == LINE_EARNED ?
				     0 : XEN_EOI_FLAG_SPURIOUS);
	return end != LINE_NONE;
}

static void queue_end_irqs(struct queue *queue)
{
	if (queue_end_irq(queue->f2b.line, queue->f2b.irq))
		stat_inc(&queue->stats->f2b, F2B_events);
	if (queue->b2f.line != queue->f2b.line &&
	    queue_end_irq(queue->b2f.line, queue->b2f.irq))
		b2f_count_event(queue);
}

/*
 * The ring is armed, and interrupts are ended, before the NAPI lets go: from
 * then on another CPU may poll, and whoever was first here would overwrite
 * its threshold with an old one, which the guest never passes.
 */
static int queue_poll(struct napi_struct *napi, int budget)
{
	struct queue *queue = container_of(napi, struct queue, napi);
	int done;

	b2f_poll(queue);
	done = f2b_poll(queue, budget);
	stat_inc(&queue->stats->f2b, F2B_polls);
	if (done >= budget)
		return done;
	if (f2b_arm(queue))
		return budget;
	queue_end_irqs(queue);
	napi_complete_done(napi, done);
	return done;
}

static void queue_unmap(struct queue *queue)
{
	map_page_unmap(&queue->f2b.page);
	map_page_unmap(&queue->b2f.page);
	queue->f2b.sring = NULL;
	queue->b2f.sring = NULL;
}

static int queue_map(struct queue *queue, const struct vif_rings *rings)
{
	int err;

	err = map_page_map(&queue->f2b.page, rings->f2b_ref, queue->domid);
	if (err)
		return err;
	queue->f2b.sring = page_address(queue->f2b.page.page);
	err = map_page_map(&queue->b2f.page, rings->b2f_ref, queue->domid);
	if (err)
		goto unmap;
	queue->b2f.sring = page_address(queue->b2f.page.page);

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

static void queue_name_irqs(struct queue *queue, bool split)
{
	const struct net_device *dev = queue->vif->dev;

	xennet_irq_name(queue->f2b.irq_name, dev, queue->id, split ? "-tx" : "");
	xennet_irq_name(queue->b2f.irq_name, dev, queue->id, "-rx");
}

static int queue_bind_one(struct queue *queue, u32 port, irq_handler_t handler,
			  const char *name, unsigned int *irq)
{
	int ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(queue->vif->xbdev,
								port, handler, 0,
								name, queue);

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
	bool split = rings->b2f_port != rings->f2b_port;
	int err;

	queue_name_irqs(queue, split);
	err = queue_bind_one(queue, rings->f2b_port, queue_f2b_irq,
			     queue->f2b.irq_name, &queue->f2b.irq);
	if (err)
		return err;
	if (!split) {
		queue->b2f.line = queue->f2b.line;
		queue->b2f.irq = queue->f2b.irq;
		return 0;
	}
	err = queue_bind_one(queue, rings->b2f_port, queue_b2f_irq,
			     queue->b2f.irq_name, &queue->b2f.irq);
	if (err)
		unbind_from_irqhandler(queue->f2b.irq, queue);
	return err;
}

static void queue_free_work(struct work_struct *work)
{
	struct queue *queue = container_of(work, struct queue, free);

	holds_exit(&queue->holds);
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
		return ERR_PTR(-ENOMEM);
	if (holds_init(&queue->holds, &queue->napi, queue_free)) {
		kvfree(queue);
		return ERR_PTR(-ENOMEM);
	}
	/* Until queue_free_work(): packets outlive the device's own reference. */
	if (!try_module_get(THIS_MODULE)) {
		holds_exit(&queue->holds);
		kvfree(queue);
		return ERR_PTR(-ENODEV);
	}
	queue->vif = vif;
	queue->stats = &vif->stats[id];
	queue->domid = vif->domid;
	queue->id = id;
	queue->f2b.line = &queue->line[0];
	queue->b2f.line = &queue->line[1];
	queue->statics.domid = vif->domid;
	queue->statics.max = READ_ONCE(netback_static_grants);
	INIT_WORK(&queue->free, queue_free_work);
	credit_init(&queue->f2b.credit, host_of(vif->dev));
	hrtimer_setup(&queue->f2b.shaper_timer, f2b_shaper_fired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_setup(&queue->f2b.coalesce_timer, f2b_coalesce_fired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_setup(&queue->f2b.credit_timer, f2b_credit_fired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_setup(&queue->b2f.batch_timer, b2f_batch_fired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
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

	if (IS_ERR(queue))
		return queue;
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

/*
 * Have the guest look at both rings. A backend before this one may have died
 * without announcing its last answers, and a guest whose ring was full then
 * waits for nothing else.
 */
static void queue_announce(const struct queue *queue)
{
	notify_remote_via_irq(queue->f2b.irq);
	if (queue->b2f.irq != queue->f2b.irq)
		notify_remote_via_irq(queue->b2f.irq);
}

/**
 * queue_start() - serve the rings
 * @queue: queue
 *
 * Context: may sleep; RTNL, as queue_rename() wants.
 */
void queue_start(struct queue *queue)
{
	queue_rename(queue);
	napi_enable(&queue->napi);
	xennet_show_napi(queue->vif->dev, queue->id, &queue->napi);
	queue_kick(queue);
	queue_announce(queue);
}

/**
 * queue_stop() - counterpart of queue_start()
 * @queue: queue that was started and is out of the interface's sight
 *
 * Context: may sleep. The top of this file has the order and the reasons.
 */
void queue_stop(struct queue *queue)
{
	timer_delete_sync(&queue->b2f.timer);
	hrtimer_cancel(&queue->b2f.batch_timer);
	napi_disable(&queue->napi);
	hrtimer_cancel(&queue->f2b.shaper_timer);
	hrtimer_cancel(&queue->f2b.coalesce_timer);
	hrtimer_cancel(&queue->f2b.credit_timer);
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
	f2b_answer_all(queue);
	queue_unbind(queue);
	xdp_rxq_info_unreg(&queue->f2b.xdp_rxq);
	netif_napi_del(&queue->napi);
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
 * queue_rename() - have interrupts go by the interface's name
 * @queue: queue
 *
 * Context: RTNL, which keeps the name.
 */
void queue_rename(struct queue *queue)
{
	queue_name_irqs(queue, queue->b2f.irq != queue->f2b.irq);
}

/**
 * queue_module_init() - before the first queue
 *
 * Return: 0 or -ENOMEM.
 */
int queue_module_init(void)
{
	statics_module_init();
	queue_wq = alloc_workqueue("netback", WQ_UNBOUND, 0);
	return queue_wq ? 0 : -ENOMEM;
}

/**
 * queue_module_exit() - after the last queue
 *
 * Every queue held a reference on the module, so all that may still run is
 * the end of the work that dropped it, and of whoever dropped a token of a
 * hold: a few instructions, within RCU or behind it, where the kernel may have
 * taken the CPU from a task. The second wait is for such tasks: it ends when
 * each has slept or gone back to user space, which none does in here.
 */
void queue_module_exit(void)
{
	destroy_workqueue(queue_wq);
	synchronize_rcu();
	synchronize_rcu_tasks();
}
