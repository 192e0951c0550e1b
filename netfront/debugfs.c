// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: netfront/INTERFACE/qN, one readable file a queue; netfront/lingering, how
 * many slots of past connections their backends have not let go of.
 */
#include <linux/debugfs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include "netfront.h"

static struct dentry *root;

static void show_tx(struct seq_file *m, struct tx *tx)
{
	const struct ring_front *ring = &tx->ring;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	seq_printf(m, "f2b: req_prod %u published %u rsp_cons %u free %u %s\n",
		   ring->req_prod, ring->req_pub, ring->rsp_cons,
		   ring_front_free(ring), tx->open ? "open" : "closed");
	seq_printf(m, "ids: free %u extras %u high %u %s\n",
		   tx->ids.nr_free, tx->ids.extras, tx->ids.high,
		   ids_is_valid(&tx->ids, ring->req_prod - ring->rsp_cons) ?
		   "valid" : "INVALID");
	spin_unlock_irqrestore(&tx->lock, flags);
	seq_printf(m, "f2b static grants: %u of %u%s\n", tx->statics.nr,
		   tx->statics.max,
		   tx->statics.live ? ", mapped" : "");
	seq_printf(m, "timer: %s\n", timer_pending(&tx->timer) ? "pending" :
								"idle");
}

/* NAPI moves these meanwhile: each is right, together they may not be. */
static void show_rx(struct seq_file *m, const struct rx *rx)
{
	seq_printf(m, "b2f: req_prod %u published %u rsp_cons %u spare pages %u\n",
		   READ_ONCE(rx->ring.req_prod), READ_ONCE(rx->ring.req_pub),
		   READ_ONCE(rx->ring.rsp_cons), READ_ONCE(rx->nr_spare));
	seq_printf(m, "b2f buffers: %u, %u with a page\n", rx->nr_buffers,
		   READ_ONCE(rx->nr_pages));
	seq_printf(m, "b2f static grants: %u%s\n", rx->nr_statics,
		   rx->fixed ? ", pages stay" : "");
}

static void show_lines(struct seq_file *m, const struct queue *queue)
{
	unsigned int i;

	for (i = 0; i < queue->nr_lines; i++)
		seq_printf(m, "event channel %u: irq %d events %llu%s %s\n",
			   queue->line[i].port, queue->line[i].irq,
			   READ_ONCE(queue->line[i].events),
			   test_bit(EVENT_OWED, &queue->line[i].flags) ?
			   " masked" : "", queue->line[i].name);
}

static int queue_show(struct seq_file *m, void *unused)
{
	const struct netdev_queue *txq = m->private;
	const struct front *front = netdev_priv(txq->dev);
	struct queue *queue;
	bool connected;

	rtnl_lock();
	queue = &front->queue[txq - txq->dev->_tx];
	connected = front->connected && queue->id < front->nr_queues;
	seq_printf(m, "queue %u: %s%s\n", queue->id,
		   connected ? "connected" : "disconnected",
		   READ_ONCE(queue->broken) ? " broken" : "");
	show_tx(m, &queue->tx);
	show_rx(m, &queue->rx);
	if (connected)
		show_lines(m, queue);
	seq_printf(m, "napi: state 0x%lx id %u\n",
		   READ_ONCE(queue->napi.state), queue->napi.napi_id);
	seq_printf(m, "transmit queue: state 0x%lx\n", READ_ONCE(txq->state));
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queue);

/**
 * front_debugfs_add() - add an interface's directory
 * @front: registered interface
 */
void front_debugfs_add(struct front *front)
{
	rtnl_lock();
	front->dir = debugfs_create_dir(front->dev->name, root);
	front_debugfs_grow(front, 0);
	rtnl_unlock();
}

/**
 * front_debugfs_grow() - add the files of more queues
 * @front: the interface; nothing is done before it has a directory
 * @from: first of the queues
 *
 * A file belongs to the transmit queue, which stays as long as the interface.
 *
 * Context: RTNL.
 */
void front_debugfs_grow(struct front *front, unsigned int from)
{
	unsigned int i;
	char name[16];

	for (i = from; i < front->nr_made && !IS_ERR_OR_NULL(front->dir); i++) {
		snprintf(name, sizeof(name), "q%u", i);
		debugfs_create_file(name, 0400, front->dir,
				    netdev_get_tx_queue(front->dev, i),
				    &queue_fops);
	}
}

/**
 * front_debugfs_rename() - name an interface's directory as the interface
 * @front: the interface
 *
 * Context: RTNL.
 */
void front_debugfs_rename(struct front *front)
{
	if (!IS_ERR_OR_NULL(front->dir))
		debugfs_change_name(front->dir, "%s", front->dev->name);
}

/**
 * front_debugfs_remove() - counterpart of front_debugfs_add()
 * @front: the interface
 *
 * Waits for readers.
 */
void front_debugfs_remove(struct front *front)
{
	struct dentry *dir;

	rtnl_lock();
	dir = front->dir;
	front->dir = NULL;
	rtnl_unlock();
	debugfs_remove(dir);
}

/**
 * front_debugfs_init() - add the module's directory
 */
void front_debugfs_init(void)
{
	root = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_u32("lingering", 0400, root, &linger_count);
}

/**
 * front_debugfs_exit() - counterpart of front_debugfs_init()
 */
void front_debugfs_exit(void)
{
	debugfs_remove(root);
}
