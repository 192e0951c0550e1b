// SPDX-License-Identifier: GPL-2.0
/*
 * The carrier of an interface: on while a guest is served, keeps to the
 * protocol, and takes frames on each of its queues.
 *
 * Whoever changes one of the three calls link_update() afterwards. It decides
 * under the lock, so the last call has seen all that was changed before.
 *
 * And the guest's: the key "carrier" tells it whether the interface is up in
 * this domain (xen/io/netif.h, "Link state"). It is absent, which means up, until
 * the interface is up for the first time, and is not touched when the device
 * goes: a guest that outlives its backend does not lose the link.
 */
#include <xennet/store.h>
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

/* Not once the toolstack has removed the directory: that would bring it back. */
static int link_write(struct xenbus_transaction xbt, void *data)
{
	const struct vif *vif = data;
	const char *dir = vif->xbdev->nodename;

	if (!xenbus_exists(xbt, dir, "state"))
		return 0;
	return xenbus_printf(xbt, dir, "carrier", "%d",
			     netif_running(vif->dev));
}

static void link_tell_work(struct work_struct *work)
{
	struct vif *vif = container_of(work, struct vif, link.tell);

	if (store_transaction(link_write, vif))
		vif_warn(vif, 0, "guest cannot be told of the link");
}

/**
 * link_init() - no carrier
 * @vif: interface
 */
void link_init(struct vif *vif)
{
	spin_lock_init(&vif->link.lock);
	INIT_WORK(&vif->link.tell, link_tell_work);
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

/**
 * link_tell() - the interface goes up or down: let the guest know, soon
 * @vif: interface
 *
 * Context: any.
 */
void link_tell(struct vif *vif)
{
	unsigned long flags;

	spin_lock_irqsave(&vif->link.lock, flags);
	if (!vif->link.silent)
		schedule_work(&vif->link.tell);
	spin_unlock_irqrestore(&vif->link.lock, flags);
}

/**
 * link_exit() - counterpart of link_init(): the guest is told nothing more
 * @vif: interface
 *
 * Context: may sleep.
 */
void link_exit(struct vif *vif)
{
	spin_lock_irq(&vif->link.lock);
	vif->link.silent = true;
	spin_unlock_irq(&vif->link.lock);
	cancel_work_sync(&vif->link.tell);
}
