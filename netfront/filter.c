// SPDX-License-Identifier: GPL-2.0
/*
 * The backend's multicast filter: the groups this guest listens to are listed
 * there, and it is asked to send no others (xen/io/netif.h).
 *
 * Nothing the guest wants may be lost. So the backend is asked to filter only
 * while it has confirmed every group that is wanted, and not while all are
 * (promiscuous, all multicast, more than it can list). And only if it can be
 * asked at any time: one that looks at the key once, when it connects, could
 * not be told when all groups are wanted.
 *
 * Addresses change in atomic context; a message takes a slot of the ring,
 * which may be full; the key sleeps. So all is done by one work item, which
 * compares what is with what should be, does what it can of the difference,
 * and is run again by whatever changes one of them.
 */
#include <linux/etherdevice.h>
#include <linux/workqueue.h>
#include <xen/xenbus.h>
#include "netfront.h"

#define FILTER_FEATURES	(XENNET_F_MCAST | XENNET_F_DYNAMIC_MCAST)

/* Until what could not be done is tried again. */
#define FILTER_RETRY	(HZ / 10)

static void hear(struct front *front)
{
	enum tx_word word = tx_heard(&front->queue[0]);

	if (word == TX_WORD_TAKEN || word == TX_WORD_REFUSED)
		groups_answered(&front->filter.groups, word == TX_WORD_TAKEN);
}

static void look(struct front *front)
{
	struct net_device *dev = front->dev;
	struct mcast wanted = { .nr = 0 };
	struct netdev_hw_addr *ha;
	bool all;

	netif_addr_lock_bh(dev);
	all = dev->flags & (IFF_PROMISC | IFF_ALLMULTI);
	netdev_for_each_mc_addr(ha, dev)
		all |= !mcast_add(&wanted, ha->addr);
	netif_addr_unlock_bh(dev);
	groups_want(&front->filter.groups, &wanted, all);
}

/* One message at a time, all on the first queue: they are taken in order. */
static bool tell(struct front *front)
{
	struct groups *groups = &front->filter.groups;
	struct groups_change change;

	if (!groups_next(groups, &change))
		return true;
	if (!tx_tell(&front->queue[0], &change))
		return false;
	groups_asked(groups, &change);
	return true;
}

static bool ask(struct front *front, bool on)
{
	struct filter *filter = &front->filter;

	if (filter->asked != on &&
	    !xenbus_printf(XBT_NIL, front->xbdev->nodename,
			   xennet_feature_key(XENNET_FEATURE_BIT_REQUEST_MCAST),
			   "%u", on))
		filter->asked = on;
	return filter->asked == on;
}

static void filter_work(struct work_struct *work)
{
	struct filter *filter = container_of(to_delayed_work(work),
					     struct filter, work);
	struct front *front = container_of(filter, struct front, filter);
	bool done;

	if (!READ_ONCE(filter->live))
		return;
	hear(front);
	look(front);
	done = ask(front, groups_are_listed(&filter->groups));
	done &= tell(front);
	/* A broken queue takes no word any more, and sends nothing to filter. */
	if (!done && !READ_ONCE(front->queue[0].broken))
		mod_delayed_work(system_wq, &filter->work, FILTER_RETRY);
}

/**
 * filter_init() - nothing to program
 * @front: new interface
 */
void filter_init(struct front *front)
{
	INIT_DELAYED_WORK(&front->filter.work, filter_work);
}

/**
 * filter_start() - program the filter of a new backend
 * @front: interface whose queues are started; the key is not set
 *
 * RTNL is held.
 */
void filter_start(struct front *front)
{
	struct filter *filter = &front->filter;

	if ((front->agreed & FILTER_FEATURES) != FILTER_FEATURES)
		return;
	groups_reset(&filter->groups);
	filter->asked = false;
	WRITE_ONCE(filter->live, true);
	mod_delayed_work(system_wq, &filter->work, 0);
}

/**
 * filter_stop() - counterpart of filter_start()
 * @front: interface whose queues are stopped
 *
 * Nobody runs the work any more: not NAPI, and not filter_changed(), which the
 * lock keeps from having seen @live set. The next driver of the device may not
 * know the filter, so it is left turned off. RTNL is held.
 *
 * Not started, there may not even be a lock yet: registration makes it.
 */
void filter_stop(struct front *front)
{
	if (!front->filter.live)
		return;
	netif_addr_lock_bh(front->dev);
	WRITE_ONCE(front->filter.live, false);
	netif_addr_unlock_bh(front->dev);
	cancel_delayed_work_sync(&front->filter.work);
	ask(front, false);
}

/**
 * filter_changed() - the guest listens to other groups
 * @front: interface, its addresses locked
 *
 * Context: any.
 */
void filter_changed(struct front *front)
{
	if (front->filter.live)
		mod_delayed_work(system_wq, &front->filter.work, 0);
}
