// SPDX-License-Identifier: GPL-2.0
/*
 * Which group frames a guest is sent: all, or those it lists, as it asks with
 * the key "request-multicast-control" (xen/io/netif.h). The list is kept while
 * the guest is connected, whether it is asked for or not.
 */
#include <linux/etherdevice.h>
#include "vif.h"

/**
 * filter_init() - all frames are sent
 * @vif: interface
 */
void filter_init(struct vif *vif)
{
	spin_lock_init(&vif->filter.lock);
}

/**
 * filter_reset() - a guest comes, with an empty list
 * @vif: interface without queues
 * @on: it asks for the filter
 */
void filter_reset(struct vif *vif, bool on)
{
	vif->filter.list.nr = 0;
	WRITE_ONCE(vif->filter.on, on);
}

/**
 * filter_ask() - a guest changes its mind
 * @vif: interface
 * @on: it asks for the filter
 *
 * Context: any.
 */
void filter_ask(struct vif *vif, bool on)
{
	WRITE_ONCE(vif->filter.on, on);
}

/**
 * filter_change() - change the list
 * @vif: interface
 * @add: add the address, or take it out
 * @addr: MAC address, as the guest wrote it
 *
 * Context: NAPI of any queue. The lock keeps interrupts off for netpoll's sake,
 * which sends frames from anywhere.
 *
 * Return: false when that cannot be done: mcast.h says when.
 */
bool filter_change(struct vif *vif, bool add, const u8 addr[ETH_ALEN])
{
	struct filter *filter = &vif->filter;
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&filter->lock, flags);
	done = add ? mcast_add(&filter->list, addr) :
		     mcast_del(&filter->list, addr);
	spin_unlock_irqrestore(&filter->lock, flags);
	return done;
}

/**
 * filter_wants() - is the guest to be sent a frame?
 * @vif: interface
 * @addr: destination of the frame
 *
 * Broadcasts always are.
 *
 * Context: any.
 *
 * Return: true if it is.
 */
bool filter_wants(struct vif *vif, const u8 addr[ETH_ALEN])
{
	struct filter *filter = &vif->filter;
	unsigned long flags;
	bool listed;

	if (!READ_ONCE(filter->on) || !is_multicast_ether_addr(addr) ||
	    is_broadcast_ether_addr(addr))
		return true;
	spin_lock_irqsave(&filter->lock, flags);
	listed = mcast_has(&filter->list, addr);
	spin_unlock_irqrestore(&filter->lock, flags);
	return listed;
}
