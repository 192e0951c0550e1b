// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a queue.
 *
 * create	when the interface first needs as many; counters start, or go on
 * connect	rings, grants, buffers and event channels exist, and the
 *		backend may be told of them
 * start	NAPI and the transmit path may use them
 * stop		nobody uses them any more
 * disconnect	they are gone
 * destroy	with the interface, or when others take its place, as it needs more
 *
 * Why nobody uses a stopped queue:
 * a. tx.open is cleared under tx.lock: a transmit that comes later drops its
 *    packet, and NAPI no longer wakes the transmit queue.
 * b. napi_disable() waits for the last poll; nothing can schedule another.
 *    The interrupt and the timers do nothing but schedule NAPI.
 * c. The timers are stopped after NAPI, which starts them.
 * d. Unbinding the event channels waits for their interrupts.
 *
 * The backend may still use rings and pages whose grants it holds. They are
 * handed to the grant table with their grants, which frees a page only when
 * the backend has let go of it; packets that lie in the skb's own memory, to
 * linger.c.
 */
#include <xennet/napi.h>
#include "netfront.h"

/* Both thresholds; true when there is more to do already. */
static bool queue_arm(struct queue *queue, unsigned int received)
{
	bool more = tx_arm(queue);

	return rx_arm(queue, received) || more;
}

/*
 * Thresholds and interrupts are dealt with before NAPI completes, while no
 * other CPU can poll. A broken queue owes the end of its interrupts for good:
 * that keeps a peer gone wild from interrupting.
 */
static int queue_poll(struct napi_struct *napi, int budget)
{
	struct queue *queue = container_of(napi, struct queue, napi);
	int work = 0;

	stat_inc(&queue->napi_stats, polls);
	if (!queue->broken)
		tx_reclaim(queue, budget);
	if (!queue->broken)
		work = rx_poll(queue, budget);
	if (!READ_ONCE(queue->demand.on))
		statics_note(queue);
	if (work == budget)
		return budget;
	if (!queue->broken) {
		if (queue_arm(queue, work))
			return budget;
		events_end(queue);
	}
	napi_complete_done(napi, work);
	return work;
}

/**
 * queue_create() - set up a queue without a peer
 * @queue: zeroed queue, but for counters
 * @front: its interface
 * @id: its number
 *
 * Context: RTNL.
 */
void queue_create(struct queue *queue, struct front *front, unsigned int id)
{
	queue->front = front;
	queue->id = id;
	u64_stats_init(&queue->xmit_stats.sync);
	u64_stats_init(&queue->napi_stats.sync);
	tx_create(queue);
	rx_create(queue);
	netif_napi_add(front->dev, &queue->napi, queue_poll);
}

/**
 * queue_destroy() - counterpart of queue_create()
 * @queue: disconnected queue
 *
 * Context: RTNL, unless the interface is not registered.
 */
void queue_destroy(struct queue *queue)
{
	netif_napi_del(&queue->napi);
}

/**
 * queue_connect() - set up rings, buffers and event channels
 * @queue: disconnected queue
 * @split: try for one event channel per ring
 *
 * Return: 0 or an error, with nothing left behind.
 */
int queue_connect(struct queue *queue, bool split)
{
	int err;

	queue->broken = false;
	queue->demand = (struct demand) {};
	err = tx_connect(queue);
	if (err)
		return err;
	err = rx_connect(queue);
	if (err)
		goto undo_tx;
	err = events_setup(queue, split);
	if (err)
		goto undo_rx;
	return 0;

undo_rx:
	rx_disconnect(queue);
undo_tx:
	tx_disconnect(queue);
	return err;
}

/**
 * queue_start() - let NAPI and the transmit path use a connected queue
 * @queue: connected queue
 *
 * RTNL is held.
 */
void queue_start(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);

	netdev_tx_reset_queue(txq);
	tx_open(&queue->tx, true);
	napi_enable(&queue->napi);
	xennet_show_napi(queue->front->dev, queue->id, &queue->napi);
	queue_kick(queue);
	if (netif_running(queue->front->dev))
		netif_tx_wake_queue(txq);
}

/**
 * queue_stop() - counterpart of queue_start()
 * @queue: started queue
 *
 * RTNL is held.
 */
void queue_stop(struct queue *queue)
{
	struct netdev_queue *txq = queue_txq(queue);

	tx_open(&queue->tx, false);
	__netif_tx_lock_bh(txq);
	netif_tx_stop_queue(txq);
	__netif_tx_unlock_bh(txq);
	xennet_show_napi(queue->front->dev, queue->id, NULL);
	napi_disable(&queue->napi);
	timer_delete_sync(&queue->tx.timer);
	hrtimer_cancel(&queue->rx.timer);
	timer_delete_sync(&queue->rx.refill);
}

/**
 * queue_disconnect() - counterpart of queue_connect()
 * @queue: connected queue, stopped or never started
 */
void queue_disconnect(struct queue *queue)
{
	events_free(queue);
	rx_disconnect(queue);
	tx_disconnect(queue);
}

/**
 * queue_kick() - have NAPI look at the rings
 * @queue: started queue
 */
void queue_kick(struct queue *queue)
{
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}
