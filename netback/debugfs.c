// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/debug/netback/vif<domain>.<handle>/q0: one queue, readable. */
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

static void queue_show(struct seq_file *m, struct queue *queue)
{
	struct b2f *b2f = &queue->b2f;

	seq_printf(m, "irq f2b %u b2f %u, napi state %lx, interrupts owed %lx\n",
		   queue->f2b.irq, b2f->irq, queue->napi.state, queue->eoi);
	queue_show_ring(m, "f2b", &queue->f2b.ring);
	seq_printf(m, "rate: %u bytes per %u us%s\n", queue->f2b.shaper.bytes,
		   queue->f2b.shaper.usec,
		   queue->f2b.throttled ? ", waiting" : "");
	queue_show_ring(m, "b2f", &b2f->ring);
	seq_printf(m, "b2f waits for %u buffers%s%s, transmit queue %s\n",
		   b2f->need, b2f->draining ? ", draining" : "",
		   b2f->stalled ? ", stalled" : "",
		   netif_tx_queue_stopped(queue_txq(queue)) ? "stopped" :
							      "running");
}

static int q0_show(struct seq_file *m, void *v)
{
	struct vif *vif = m->private;
	struct vif_slots slots;
	struct queue *queue;

	vif_read_slots(vif, &slots);
	seq_printf(m, "%s: domain %u handle %u, peer %s\n", vif->dev->name,
		   vif->domid, vif->handle,
		   vif->broken ? xennet_reason_text(vif->broken) : "good");
	seq_printf(m, "credit: free %u posted %u held %u, most held %u\n",
		   slots.free, slots.posted, slots.held, slots.high);
	rcu_read_lock();
	queue = rcu_dereference(vif->queue);
	if (queue)
		queue_show(m, queue);
	rcu_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(q0);

/**
 * vif_debugfs_init() - make the module's directory
 */
void vif_debugfs_init(void)
{
	debugfs_root = debugfs_create_dir("netback", NULL);
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
 *
 * Its name is the interface's first: scripts may rename the device.
 */
void vif_debugfs_add(struct vif *vif)
{
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "vif%u.%u", vif->domid, vif->handle);
	vif->debugfs = debugfs_create_dir(name, debugfs_root);
	debugfs_create_file("q0", 0400, vif->debugfs, vif, &q0_fops);
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
