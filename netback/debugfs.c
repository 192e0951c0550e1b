// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/debug/netback/vif<domain>.<handle>/qN: one queue, readable. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "queue.h"

static struct dentry *debugfs_root;

static void queue_show_ring(struct seq_file *m, const char *name,
			    const struct ring_back *ring)
{
	u32 waiting = 0;
	bool sane = !ring_back_requests(ring, &waiting);

	seq_printf(m, "%s ring: consumed %u answered %u published %u, %u waiting%s\n",
		   name, ring->req_cons, ring->rsp_prod, ring->rsp_pub,
		   waiting, sane ? "" : " (index out of range)");
}

static void queue_show_credit(struct seq_file *m, const struct queue *queue)
{
	const struct credit *credit = &queue->f2b.credit;
	struct vif_slots slots;

	queue_read_slots(queue, &slots);
	seq_printf(m, "credit: free %u posted %u held %u, most held %u\n",
		   slots.free, slots.posted, slots.held, slots.high);
	seq_printf(m, "underway: %u of %u bytes%s, %u frames parked, patience %llu ms\n",
		   credit->underway, credit->limit,
		   queue->f2b.full ? ", full" : "", queue->holds.nr_parked,
		   credit->patience * (u64)CREDIT_TICK / NSEC_PER_MSEC);
}

/* The file goes before the queue does. */
static int queue_show(struct seq_file *m, void *v)
{
	const struct queue *queue = m->private;
	const struct vif *vif = queue->vif;
	const struct b2f *b2f = &queue->b2f;

	seq_printf(m, "%s queue %u: domain %u handle %u, peer %s\n",
		   vif->dev->name, queue->id, vif->domid, vif->handle,
		   vif->broken ? xennet_reason_text(vif->broken) : "good");
	queue_show_credit(m, queue);
	seq_printf(m, "irq f2b %u b2f %u, napi state %lx, interrupts owed %u %u\n",
		   queue->f2b.irq, b2f->irq, queue->napi.state,
		   queue->f2b.line->owed, b2f->line->owed);
	queue_show_ring(m, "f2b", &queue->f2b.ring);
	seq_printf(m, "rate: %u bytes per %u us%s\n", vif->shaper.bytes,
		   vif->shaper.usec, queue->f2b.throttled ? ", waiting" : "");
	queue_show_ring(m, "b2f", &b2f->ring);
	seq_printf(m, "static grants: %u of %u\n",
		   statics_count(&queue->statics), queue->statics.max);
	seq_printf(m, "b2f waits for %u buffers%s%s, transmit queue %s\n",
		   b2f->need, b2f->draining ? ", draining" : "",
		   b2f->stalled ? ", stalled" : "",
		   netif_tx_queue_stopped(queue_txq(queue)) ? "stopped" :
							      "running");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queue);

static int statics_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%u of %u pages mapped\n", statics_total(),
		   statics_most());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(statics);

/**
 * vif_debugfs_init() - make the module's directory
 */
void vif_debugfs_init(void)
{
	debugfs_root = debugfs_create_dir("netback", NULL);
	debugfs_create_file("static_grants", 0400, debugfs_root, NULL,
			    &statics_fops);
}

/**
 * vif_debugfs_exit() - undo vif_debugfs_init()
 */
void vif_debugfs_exit(void)
{
	debugfs_remove_recursive(debugfs_root);
}

/**
 * vif_debugfs_add() - make an interface's directory
 * @vif: interface, connected
 * @queues: its queues, a file for each
 *
 * Its name is the interface's first: scripts may rename the device.
 */
void vif_debugfs_add(struct vif *vif, const struct vif_queues *queues)
{
	char name[IFNAMSIZ];
	unsigned int i;

	snprintf(name, sizeof(name), "vif%u.%u", vif->domid, vif->handle);
	vif->debugfs = debugfs_create_dir(name, debugfs_root);
	for (i = 0; i < queues->nr; i++) {
		snprintf(name, sizeof(name), "q%u", i);
		debugfs_create_file(name, 0400, vif->debugfs, queues->queue[i],
				    &queue_fops);
	}
}

/**
 * vif_debugfs_remove() - undo vif_debugfs_add()
 * @vif: interface
 */
void vif_debugfs_remove(struct vif *vif)
{
	debugfs_remove_recursive(vif->debugfs);
	vif->debugfs = NULL;
}
