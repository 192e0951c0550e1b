// SPDX-License-Identifier: GPL-2.0
/* A peer that breaks the protocol: its interface stops, nothing else does. */
#include "trace.h"
#include "vif.h"

/*
 * Messages a guest can cause, beyond the kernel's ten in five seconds: a guest
 * that goes on and on has a line in 18 seconds, not two in one.
 */
#define FAULT_LINES	200
#define FAULT_SPAN	(3600 * HZ)

/* Leave word where the toolstack looks. */
static void fault_report(struct work_struct *work)
{
	struct vif *vif = container_of(work, struct vif, report);
	int reason = READ_ONCE(vif->broken);

	if (reason != XENNET_OK)
		xenbus_dev_error(vif->xbdev, -EPROTO,
				 "interface of domain %u stopped: %s",
				 vif->domid, xennet_reason_text(reason));
}

/**
 * fault_init() - before the first connection
 * @vif: interface
 */
void fault_init(struct vif *vif)
{
	INIT_WORK(&vif->report, fault_report);
	ratelimit_state_init(&vif->limit, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	ratelimit_state_init(&vif->sustained, FAULT_SPAN, FAULT_LINES);
}

/**
 * fault_clear() - a new connection starts with a clean slate
 * @vif: interface without a queue
 */
void fault_clear(struct vif *vif)
{
	WRITE_ONCE(vif->broken, XENNET_OK);
}

/**
 * fault_cancel() - nothing is reported any more
 * @vif: interface without a queue
 *
 * Context: may sleep.
 */
void fault_cancel(struct vif *vif)
{
	cancel_work_sync(&vif->report);
}

/**
 * fault_raise() - stop an interface whose guest broke the protocol
 * @vif: interface
 * @queue_id: queue where it did, or FAULT_CTRL
 * @reason: what it did
 *
 * No request is looked at and no frame sent until the guest reconnects.
 * Packets underway keep their way. Once a connection; later calls do nothing.
 * A guest that reconnects to break it again and again is not always reported.
 *
 * Context: any, including under the transmit queue's lock.
 *
 * Return: true when this call stopped it: the caller counts the reason.
 */
bool fault_raise(struct vif *vif, unsigned int queue_id,
		 enum xennet_reason reason)
{
	char where[24];

	if (cmpxchg(&vif->broken, XENNET_OK, (int)reason) != XENNET_OK)
		return false;
	trace_vif_broken(vif->domid, vif->handle, reason);
	link_update(vif);
	if (!vif_may_log(vif))
		return true;
	if (queue_id == FAULT_CTRL)
		strscpy(where, "control ring", sizeof(where));
	else
		snprintf(where, sizeof(where), "queue %u", queue_id);
	netdev_err(vif->dev,
		   "domain %u %s broke the protocol, interface stopped: %s\n",
		   vif->domid, where, xennet_reason_text(reason));
	schedule_work(&vif->report);
	return true;
}
