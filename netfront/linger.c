// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that a backend can still read though its connection is over.
 *
 * A grant in use cannot be ended, and what is granted is a whole page. The grant
 * table keeps such a page from being freed, which is enough where the page is the
 * packet's alone. Most headers lie in a slab: freed, such memory is somebody
 * else's at once, for the backend to read. So the packet stays as it is until its
 * grants have ended. A connection leaves a ring's slots at most, and all of them
 * together no more than the guest has grants, for theirs do not come back either.
 *
 * A guest that is restored comes back with a grant table where nothing is in use.
 */
#include <linux/workqueue.h>
#include "netfront.h"

/* Time between two attempts to end what lingers, jiffies. */
#define LINGER_RETRY	HZ

/**
 * struct lingerer - a slot's grant that could not be ended
 * @list: in lingerers
 * @gref: the grant
 * @skb: the slot's reference to its packet
 */
struct lingerer {
	struct list_head list;
	grant_ref_t gref;
	struct sk_buff *skb;
};

u32 linger_count;

/* Protects what follows, and linger_count. */
static DEFINE_MUTEX(linger_lock);
static LIST_HEAD(lingerers);

static void linger_retry(struct work_struct *work);
static DECLARE_DELAYED_WORK(linger_work, linger_retry);

static void linger_end(struct lingerer *lingerer)
{
	list_del(&lingerer->list);
	linger_count--;
	kfree(lingerer);
}

static void linger_retry(struct work_struct *work)
{
	struct lingerer *lingerer, *next;

	mutex_lock(&linger_lock);
	list_for_each_entry_safe(lingerer, next, &lingerers, list) {
		if (!gnttab_try_end_foreign_access(lingerer->gref))
			continue;
		kfree_skb(lingerer->skb);
		linger_end(lingerer);
	}
	if (linger_count)
		schedule_delayed_work(&linger_work, LINGER_RETRY);
	mutex_unlock(&linger_lock);
}

/* Only its memory is needed: nobody is to wait for the packet's end. */
static void linger_strip(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb->dev = NULL;
}

/**
 * linger_free() - end a grant, and free the packet when it has ended
 * @gref: grant of a page of the packet; gone afterwards
 * @skb: the packet; a reference is taken from the caller
 *
 * Without memory to remember them both are lost, rather than shown to a stranger.
 *
 * Context: may sleep.
 */
void linger_free(grant_ref_t gref, struct sk_buff *skb)
{
	struct lingerer *lingerer;

	if (gnttab_try_end_foreign_access(gref)) {
		dev_kfree_skb_any(skb);
		return;
	}
	linger_strip(skb);
	lingerer = kmalloc(sizeof(*lingerer), GFP_KERNEL);
	if (!lingerer) {
		pr_warn_ratelimited(KBUILD_MODNAME ": a packet is lost with its grant: no memory\n");
		return;
	}
	lingerer->gref = gref;
	lingerer->skb = skb;
	mutex_lock(&linger_lock);
	list_add_tail(&lingerer->list, &lingerers);
	linger_count++;
	schedule_delayed_work(&linger_work, LINGER_RETRY);
	mutex_unlock(&linger_lock);
}

/**
 * linger_exit() - give up what lingers, after the last interface
 *
 * The module does not wait for backends. Grants in use go to the grant table, which
 * ends them some day; the packets stay where they are for good.
 */
void linger_exit(void)
{
	struct lingerer *lingerer, *next;

	cancel_delayed_work_sync(&linger_work);
	linger_retry(&linger_work.work);
	cancel_delayed_work_sync(&linger_work);
	list_for_each_entry_safe(lingerer, next, &lingerers, list) {
		gnttab_end_foreign_access(lingerer->gref, NULL);
		linger_end(lingerer);
	}
}
