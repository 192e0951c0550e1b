// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels of a queue. The interrupt only schedules NAPI; its end is
 * owed until NAPI has done the work, so a peer cannot raise another before.
 */
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include "netfront.h"

static irqreturn_t event_raised(int irq, void *data)
{
	struct event_line *line = data;

	line->events++;
	set_bit(EVENT_OWED, &line->flags);
	napi_schedule(&line->queue->napi);
	return IRQ_HANDLED;
}

/* As xenbus_alloc_evtchn() would, but that closes the device when it fails. */
static int alloc_port(const struct xenbus_device *xbdev, evtchn_port_t *port)
{
	struct evtchn_alloc_unbound op = {
		.dom = DOMID_SELF,
		.remote_dom = xbdev->otherend_id,
	};
	int err = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &op);

	if (!err)
		*port = op.port;
	return err;
}

/**
 * event_bind() - allocate an event channel and bind it
 * @xbdev: its device
 * @handler: interrupt handler; whoever it wakes ends the interrupt
 * @name: as in /proc/interrupts
 * @data: for @handler
 * @port: the event channel, as the backend is told
 *
 * Return: the interrupt, for unbind_from_irqhandler(), or an error.
 */
int event_bind(struct xenbus_device *xbdev, irq_handler_t handler,
	       const char *name, void *data, evtchn_port_t *port)
{
	int ret;

	ret = alloc_port(xbdev, port);
	if (ret)
		return ret;
	ret = bind_evtchn_to_irqhandler_lateeoi(*port, handler, 0, name, data);
	if (ret > 0)
		return ret;
	xenbus_free_evtchn(xbdev, *port);
	return ret ?: -EINVAL;
}

static int line_setup(struct queue *queue, unsigned int nr, const char *what)
{
	struct xenbus_device *xbdev = queue->front->xbdev;
	struct event_line *line = &queue->line[nr];
	int irq;

	line->queue = queue;
	line->flags = 0;
	line->worked = false;
	line->what = what;
	/* The first connection comes before the interface has a name. */
	if (queue->front->dev->reg_state == NETREG_UNINITIALIZED)
		snprintf(line->name, sizeof(line->name), "vif%s-q%u%s",
			 kbasename(xbdev->nodename), queue->id, what);
	else
		xennet_irq_name(line->name, queue->front->dev, queue->id, what);
	irq = event_bind(xbdev, event_raised, line->name, line, &line->port);
	if (irq < 0)
		return irq;
	line->irq = irq;
	return 0;
}

static void line_free(struct event_line *line)
{
	irq_update_affinity_hint(line->irq, NULL);
	unbind_from_irqhandler(line->irq, line);
}

static int split_setup(struct queue *queue)
{
	int err;

	err = line_setup(queue, 0, "-tx");
	if (err)
		return err;
	err = line_setup(queue, 1, "-rx");
	if (err)
		line_free(&queue->line[0]);
	return err;
}

/**
 * events_setup() - allocate and bind event channels
 * @queue: disconnected queue
 * @split: try for one per ring; otherwise, and if that fails, one for both
 *
 * Return: 0 or an error.
 */
int events_setup(struct queue *queue, bool split)
{
	int err;

	queue->nr_lines = 2;
	if (split && !split_setup(queue))
		return 0;
	queue->nr_lines = 1;
	err = line_setup(queue, 0, "");
	if (err)
		queue->nr_lines = 0;
	return err;
}

/**
 * events_rename() - have interrupts go by the interface's name
 * @queue: the queue, connected or not
 *
 * Context: RTNL, which keeps the name.
 */
void events_rename(struct queue *queue)
{
	unsigned int i;

	for (i = 0; i < queue->nr_lines; i++)
		xennet_irq_name(queue->line[i].name, queue->front->dev,
				queue->id, queue->line[i].what);
}

/**
 * events_spread() - have each queue's interrupts on a CPU of its own
 * @queue: queue with event channels
 *
 * A start, and a hint to those who balance interrupts.
 */
void events_spread(struct queue *queue)
{
	unsigned int cpu = cpumask_local_spread(queue->id, NUMA_NO_NODE);
	unsigned int i;

	for (i = 0; i < queue->nr_lines; i++)
		irq_set_affinity_and_hint(queue->line[i].irq, cpumask_of(cpu));
}

/**
 * events_free() - unbind and close event channels
 * @queue: queue whose NAPI is disabled
 */
void events_free(struct queue *queue)
{
	while (queue->nr_lines)
		line_free(&queue->line[--queue->nr_lines]);
}

/**
 * events_end() - end the interrupts NAPI has served
 * @queue: the queue
 *
 * Work done since the last end counts, even if it was found ahead of the
 * interrupt that announced it: only an interrupt without any is spurious.
 */
void events_end(struct queue *queue)
{
	unsigned int i;

	for (i = 0; i < queue->nr_lines; i++) {
		struct event_line *line = &queue->line[i];
		unsigned int flags = line->worked ? 0 : XEN_EOI_FLAG_SPURIOUS;

		if (!test_bit(EVENT_OWED, &line->flags))
			continue;
		line->worked = false;
		clear_bit(EVENT_OWED, &line->flags);
		xen_irq_lateeoi(line->irq, flags);
	}
}
