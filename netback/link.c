// SPDX-License-Identifier: GPL-2.0
/*
 * The carrier of an interface: on while a guest is served, keeps to the
 * protocol, and takes frames on each of its queues.
 *
 * Whoever changes one of the three calls link_update() afterwards. It decides
 * under the lock, so the last call has seen all that was changed before.
 */
#include "vif.h"

static void link_update_locked(struct vif *vif)
{
	const struct link *link = &vif->link;

	if (link->served && !link->stalled &&
	    READ_ONCE(vif->broken) == XENNET_OK)
		netif_carrier_on(vif->dev);
	else
		netif_carrier_off(vif->dev);
}

/**
 * link_init() - no carrier
 * @vif: interface
 */
void link_init(struct vif *vif)
{
	spin_lock_init(&vif->link.lock);
	netif_carrier_off(vif->dev);
}

/**
 * link_serve() - a guest is served from now on, or no more
 * @vif: interface; its queues are not stalled when @served
 * @served: which
 *
 * Context: any.
 */
void link_serve(struct vif *vif, bool served)
{
	unsigned long flags;

	spin_lock_irqsave(&vif->link.lock, flags);
	vif->link.served = served;
	vif->link.stalled = 0;
	link_update_locked(vif);
	spin_unlock_irqrestore(&vif->link.lock, flags);
}

/**
 * link_stall() - a queue's guest takes no frames, or takes them again
 * @vif: interface that is served
 * @stalled: which; each true is followed by one false, or by link_serve()
 *
 * Context: any.
 */
void link_stall(struct vif *vif, bool stalled)
{
	unsigned long flags;

	spin_lock_irqsave(&vif->link.lock, flags);
	vif->link.stalled += stalled ? 1 : -1;
	link_update_locked(vif);
	spin_unlock_irqrestore(&vif->link.lock, flags);
}

/**
 * link_update() - vif->broken has changed
 * @vif: interface
 *
 * Context: any.
 */
void link_update(struct vif *vif)
{
	unsigned long flags;

	spin_lock_irqsave(&vif->link.lock, flags);
	link_update_locked(vif);
	spin_unlock_irqrestore(&vif->link.lock, flags);
}
