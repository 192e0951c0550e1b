// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong with a backend. One that breaks the protocol is believed
 * nothing more until it returns; everything else costs it a frame.
 */
#include "netfront.h"
#include "trace.h"

/* How long the link is down then, at least: for whoever is to notice. */
#define MEND_DELAY	HZ

/**
 * fault_raise() - believe nothing more of this peer until a reconnect
 * @queue: the queue whose peer it is
 * @reason: what it did
 *
 * Context: the queue's NAPI; tx.lock not held.
 */
void fault_raise(struct queue *queue, enum xennet_reason reason)
{
	struct front *front = queue->front;

	WRITE_ONCE(queue->broken, true);
	stat_inc(&queue->napi_stats, b2f_drop[reason]);
	trace_front_broken(front->dev, queue->id, reason);
	tx_open(&queue->tx, false);
	netif_carrier_off(front->dev);
	schedule_delayed_work(&front->mend, MEND_DELAY);
	if (net_ratelimit())
		netdev_err(front->dev, "backend in domain %d, queue %u: %s; link down until it reconnects\n",
			   front->xbdev->otherend_id, queue->id,
			   xennet_reason_text(reason));
}

/**
 * drop_report() - say that frames of this peer are lost
 * @queue: the queue whose peer it is
 * @reason: why
 *
 * The caller counts them.
 *
 * Context: the queue's NAPI.
 */
void drop_report(struct queue *queue, enum xennet_reason reason)
{
	struct front *front = queue->front;

	if (net_ratelimit())
		netdev_warn(front->dev, "backend in domain %d, queue %u: frame dropped: %s\n",
			    front->xbdev->otherend_id, queue->id,
			    xennet_reason_text(reason));
}
