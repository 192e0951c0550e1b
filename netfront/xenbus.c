// SPDX-License-Identifier: GPL-2.0
/*
 * Xenbus: finding the backend, agreeing with it, losing it.
 *
 * Callbacks come one at a time: the xenbus core calls otherend_changed() from
 * its one watch thread, and removes the watch before remove() and resume().
 * Beside them there are the watch on "carrier", close_late, renew and mend,
 * ordered by front->life, and move.c, which ends in resume().
 *
 * Rings and grants are taken down once the backend has let go of them: a
 * packet it is copying would be lost, and a page it maps could not be freed.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <xennet/store.h>
#include "netfront.h"
#include "state.h"
#include "trace.h"

/* How long a closing backend is waited for, in milliseconds. */
#define CLOSE_TIMEOUT_MS	5000
#define CLOSE_POLL_MS		20

/* From one reconnect for a backend's fault to the next, at least. */
#define MEND_INTERVAL	(60 * HZ)

static_assert((int)FRONT_INITIALISING == XenbusStateInitialising);
static_assert((int)FRONT_INIT_WAIT == XenbusStateInitWait);
static_assert((int)FRONT_CONNECTED == XenbusStateConnected);
static_assert((int)FRONT_CLOSING == XenbusStateClosing);
static_assert((int)FRONT_CLOSED == XenbusStateClosed);

/* Keys of an earlier connection, and of another driver's. */
static void remove_keys(struct xenbus_transaction xbt, const char *node)
{
	static const char * const keys[] = {
		"tx-ring-ref", "rx-ring-ref", "event-channel",
		"event-channel-tx", "event-channel-rx",
		"multi-queue-num-queues", "ctrl-ring-ref",
		"event-channel-ctrl", "xdp-headroom",
	};
	char dir[16] = "queue-0";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		xenbus_rm(xbt, node, keys[i]);
	/* The backend's list is empty when it connects: see filter.c. */
	xenbus_rm(xbt, node,
		  xennet_feature_key(XENNET_FEATURE_BIT_REQUEST_MCAST));
	for (i = 1; xenbus_exists(xbt, node, dir); i++) {
		xenbus_rm(xbt, node, dir);
		snprintf(dir, sizeof(dir), "queue-%u", i);
	}
}

static void remove_features(const char *node)
{
	unsigned int bit;

	for (bit = 0; bit < XENNET_FEATURE_COUNT; bit++)
		xenbus_rm(XBT_NIL, node, xennet_feature_key(bit));
}

static int write_events(struct xenbus_transaction xbt, const char *dir,
			struct queue *queue)
{
	int err;

	if (queue->nr_lines == 1)
		return xenbus_printf(xbt, dir, "event-channel", "%u",
				     queue->line[0].port);
	err = xenbus_printf(xbt, dir, "event-channel-tx", "%u",
			    queue_f2b_line(queue)->port);
	if (err)
		return err;
	return xenbus_printf(xbt, dir, "event-channel-rx", "%u",
			     queue_b2f_line(queue)->port);
}

static int write_queue(struct xenbus_transaction xbt, const char *dir,
		       struct queue *queue)
{
	int err;

	err = xenbus_printf(xbt, dir, "tx-ring-ref", "%u", queue->tx.ring_ref);
	if (err)
		return err;
	err = xenbus_printf(xbt, dir, "rx-ring-ref", "%u", queue->rx.ring_ref);
	if (err)
		return err;
	return write_events(xbt, dir, queue);
}

/* One queue's keys lie in the device's directory, those of more below it. */
static int write_queues(struct xenbus_transaction xbt, struct front *front)
{
	const char *node = front->xbdev->nodename;
	unsigned int i;
	int err;

	if (front->nr_queues == 1)
		return write_queue(xbt, node, &front->queue[0]);
	err = xenbus_printf(xbt, node, "multi-queue-num-queues", "%u",
			    front->nr_queues);
	for (i = 0; i < front->nr_queues && !err; i++) {
		char *dir = kasprintf(GFP_KERNEL, "%s/queue-%u", node, i);

		if (!dir)
			return -ENOMEM;
		err = write_queue(xbt, dir, &front->queue[i]);
		kfree(dir);
	}
	return err;
}

static int write_keys(struct xenbus_transaction xbt, void *data)
{
	struct front *front = data;
	const char *node = front->xbdev->nodename;
	int err;

	remove_keys(xbt, node);
	err = write_queues(xbt, front);
	if (err)
		return err;
	err = ctrl_write_keys(xbt, front);
	if (err)
		return err;
	return store_write_features(xbt, node, XENNET_F_FRONT);
}

/* The MAC address is the frontend's to find, in its own directory first. */
static int read_mac(struct front *front)
{
	int err = store_read_mac(front->xbdev->nodename, front->mac);

	if (err)
		err = store_read_mac(front->xbdev->otherend, front->mac);
	if (front->dev->reg_state != NETREG_UNINITIALIZED)
		return 0;
	if (!err)
		eth_hw_addr_set(front->dev, front->mac);
	return err;
}

static void disconnect_rings(struct front *front, unsigned int queues)
{
	ctrl_disconnect(front);
	while (queues--)
		queue_disconnect(&front->queue[queues]);
}

static void say_fewer(struct front *front, unsigned int wanted, int err)
{
	dev_warn(&front->xbdev->dev, "%u of %u queues: no %s for more, error %d\n",
		 front->nr_queues, wanted,
		 err == -ENOMEM ? "memory" : "grants or event channels", err);
}

/*
 * As many queues as there are grants, event channels and memory for; one at least,
 * or it is an error. The next connection tries for all that are wanted again.
 */
static int connect_queues(struct front *front, bool split)
{
	unsigned int wanted = front->nr_queues;
	unsigned int nr = 0;
	int err;

	do {
		err = nr && !grefs_room(QUEUE_GREFS + QUEUE_GREFS_LEFT) ?
			-ENOSPC : queue_connect(&front->queue[nr], split);
	} while (!err && ++nr < wanted);
	if (!nr)
		return err;
	while (nr > front_use_queues(front, nr))
		queue_disconnect(&front->queue[--nr]);
	if (nr < wanted)
		say_fewer(front, wanted, err ?: -ENOMEM);
	return 0;
}

static int connect_rings(struct front *front, bool split)
{
	int err = connect_queues(front, split);

	if (err)
		return err;
	err = ctrl_connect(front);
	if (err)
		dev_warn(&front->xbdev->dev, "without a control ring: error %d\n",
			 err);
	return 0;
}

/* What the toolstack says fits through. The user may change it from then on. */
static void read_mtu(struct front *front)
{
	struct xenbus_device *xbdev = front->xbdev;
	struct net_device *dev = front->dev;
	unsigned int mtu;

	mtu = xenbus_read_unsigned(xbdev->nodename, "mtu", ETH_DATA_LEN);
	if (mtu < dev->min_mtu || mtu > dev->max_mtu)
		dev_warn(&xbdev->dev, "key mtu is %u, not %u to %u: left at %u\n",
			 mtu, dev->min_mtu, dev->max_mtu, dev->mtu);
	else if (mtu <= ETH_DATA_LEN || front->agreed & XENNET_F_SG)
		front->mtu_told = mtu;
	if (dev->reg_state != NETREG_UNINITIALIZED)
		return;
	dev->mtu = front->mtu_told;
	front->mtu = front->mtu_told;
}

/* Reads what the backend offers, and this interface's settings. */
static int agree(struct front *front, bool *split)
{
	struct xenbus_device *xbdev = front->xbdev;
	u32 theirs = store_read_features(xbdev->otherend);
	int err;

	if (!(theirs & XENNET_F_RX_COPY)) {
		xenbus_dev_fatal(xbdev, -EOPNOTSUPP,
				 "backend does not offer feature-rx-copy");
		return -EOPNOTSUPP;
	}
	err = read_mac(front);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "reading the MAC address");
		return err;
	}
	err = front_agree_sizes(front,
				xenbus_read_unsigned(xbdev->otherend,
						     "multi-queue-max-queues",
						     1));
	if (err) {
		xenbus_dev_fatal(xbdev, err, "making queues");
		return err;
	}
	*split = theirs & XENNET_F_SPLIT;
	front->agreed = xennet_agree(theirs);
	read_mtu(front);
	front->bounce = !netfront_trusted ||
			!xenbus_read_unsigned(xbdev->nodename, "trusted", 1);
	return 0;
}

/* Errors are reported in xenstore, and close the device. */
static void front_connect(struct front *front)
{
	struct xenbus_device *xbdev = front->xbdev;
	bool split;
	int err;

	if (agree(front, &split))
		return;
	err = connect_rings(front, split);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "setting up rings");
		return;
	}
	err = store_transaction(write_keys, front);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "writing keys");
		goto undo;
	}
	err = front_register(front);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "registering the interface");
		goto undo;
	}
	front_up(front);
	front->rings = true;
	xenbus_switch_state(xbdev, XenbusStateConnected);
	return;

undo:
	disconnect_rings(front, front->nr_queues);
}

static void front_disconnect(struct front *front)
{
	cancel_delayed_work(&front->close_late);
	WRITE_ONCE(front->served, false);
	front_down(front);
	if (front->rings)
		disconnect_rings(front, front->nr_queues);
	front->rings = false;
}

static void front_reconnect(struct front *front)
{
	front->again = false;
	front_disconnect(front);
	xenbus_switch_state(front->xbdev, XenbusStateInitialising);
	front_connect(front);
}

/* Nothing is used any more; front_close() follows when the backend has let go. */
static void front_stop(struct front *front)
{
	WRITE_ONCE(front->served, false);
	front_down(front);
	xenbus_switch_state(front->xbdev, XenbusStateClosing);
	schedule_delayed_work(&front->close_late,
			      msecs_to_jiffies(CLOSE_TIMEOUT_MS));
}

static void front_close(struct front *front)
{
	front_disconnect(front);
	/* What follows, by kexec for one, may be a driver that does not know it. */
	xenbus_rm(XBT_NIL, front->xbdev->nodename,
		  xennet_feature_key(XENNET_FEATURE_BIT_VLAN));
	xenbus_frontend_closed(front->xbdev);
}

/* The backend waits when it sees this, and gets new rings then. */
static void front_return(struct front *front)
{
	front->again = false;
	xenbus_switch_state(front->xbdev, XenbusStateInitialising);
}

static void front_restart(struct front *front)
{
	front->again = true;
	front_stop(front);
}

/* What has changed shows at the next connection: have one. */
static void front_renew(struct work_struct *work)
{
	struct front *front = container_of(work, struct front, renew);

	mutex_lock(&front->life);
	if (front->xbdev->state == XenbusStateConnected && !front->leaving)
		front_restart(front);
	mutex_unlock(&front->life);
}

static void front_close_late(struct work_struct *work)
{
	struct front *front = container_of(to_delayed_work(work), struct front,
					   close_late);
	struct xenbus_device *xbdev = front->xbdev;

	mutex_lock(&front->life);
	if (front->again && xbdev->state == XenbusStateClosing &&
	    xenbus_read_driver_state(xbdev, xbdev->otherend) ==
	    XenbusStateInitWait) {
		/* A new one, that has not seen yet that this end closes. */
		schedule_delayed_work(&front->close_late,
				      msecs_to_jiffies(CLOSE_TIMEOUT_MS));
	} else if (xbdev->state == XenbusStateClosing) {
		dev_warn(&xbdev->dev, "backend in domain %d has not let go of the rings within %u ms: closing without it\n",
			 xbdev->otherend_id, CLOSE_TIMEOUT_MS);
		front_close(front);
	}
	mutex_unlock(&front->life);
}

static bool front_is_broken(const struct front *front)
{
	unsigned int i;

	for (i = 0; i < front->nr_queues; i++)
		if (READ_ONCE(front->queue[i].broken))
			return true;
	return false;
}

/*
 * Whatever a backend did, it may have been once: have another connection with it,
 * but not one after the other.
 */
static void front_mend(struct work_struct *work)
{
	struct front *front = container_of(to_delayed_work(work), struct front,
					   mend);
	unsigned long next = front->mended + MEND_INTERVAL;

	mutex_lock(&front->life);
	if (front->xbdev->state != XenbusStateConnected || front->leaving ||
	    !front_is_broken(front))
		goto unlock;
	if (time_before(jiffies, next)) {
		schedule_delayed_work(&front->mend, next - jiffies);
		goto unlock;
	}
	front->mended = jiffies;
	front_restart(front);
unlock:
	mutex_unlock(&front->life);
}

/*
 * By the watch's own copy of the path: when a guest is restored, the watch fires
 * while the xenbus core changes what it has of the backend.
 */
static bool front_has_link(const struct front *front)
{
	const char *key = front->carrier_watch.node;

	return !key || xenbus_read_unsigned(key, "", 1);
}

/*
 * On while the backend has the rings, keeps to the protocol, and says that its
 * link is up. Neighbours learn where the guest is now.
 */
static void front_update_carrier(struct front *front)
{
	if (!front->served || front_is_broken(front) ||
	    !front_has_link(front)) {
		netif_carrier_off(front->dev);
		return;
	}
	if (!netif_carrier_ok(front->dev))
		WRITE_ONCE(front->announce, true);
	netif_carrier_on(front->dev);
	/* Of fault_raise() meanwhile, this sees the mark or it the carrier. */
	if (front_is_broken(front))
		netif_carrier_off(front->dev);
}

static void front_served(struct front *front, bool served)
{
	WRITE_ONCE(front->served, served && front->connected);
	front_update_carrier(front);
	if (!front->served)
		return;
	if (front->another) {
		ctrl_renew(front);
		statics_renew(front);
	}
	front->another = false;
	rss_start(front);
}

static void carrier_changed(struct xenbus_watch *watch, const char *path,
			    const char *token)
{
	struct front *front = container_of(watch, struct front, carrier_watch);

	mutex_lock(&front->life);
	if (front->served)
		front_update_carrier(front);
	mutex_unlock(&front->life);
}

/* An error is for xenbus to report, which closes the device. */
static void watch_carrier(struct front *front)
{
	xenbus_watch_pathfmt(front->xbdev, &front->carrier_watch,
			     store_none_pending, carrier_changed, "%s/carrier",
			     front->xbdev->otherend);
}

/* Not with front->life held: waits for carrier_changed(). */
static void unwatch_carrier(struct front *front)
{
	store_unwatch(&front->carrier_watch);
}

/*
 * Whatever xenstore has: it may still be what it was for an earlier backend, or the
 * backend may have looked before it was written.
 */
static void show_start(struct front *front)
{
	int err = xenbus_printf(XBT_NIL, front->xbdev->nodename, "state", "%d",
				FRONT_INITIALISING);

	if (err)
		xenbus_dev_error(front->xbdev, err, "writing the state");
}

static void front_act(struct front *front, enum front_action action)
{
	switch (action) {
	case FRONT_DO_NOTHING:
		break;
	case FRONT_DO_CONNECT:
		front_reconnect(front);
		break;
	case FRONT_DO_CARRIER_ON:
		front_served(front, true);
		break;
	case FRONT_DO_CARRIER_OFF:
		front_served(front, false);
		break;
	case FRONT_DO_STOP:
		front_stop(front);
		break;
	case FRONT_DO_CLOSE:
		front_close(front);
		break;
	case FRONT_DO_RETURN:
		front_return(front);
		break;
	case FRONT_DO_START:
		show_start(front);
		break;
	}
}

/*
 * The state as of now: it is compared with our own, which a worker may have changed
 * since the core looked. Once closed there may be a way on, from the same state of
 * the backend.
 */
static void backend_changed(struct xenbus_device *xbdev,
			    enum xenbus_state earlier)
{
	struct front *front = dev_get_drvdata(&xbdev->dev);
	enum front_action action;
	enum xenbus_state back;
	bool online;

	mutex_lock(&front->life);
	back = xenbus_read_driver_state(xbdev, xbdev->otherend);
	online = xenbus_read_unsigned(xbdev->otherend, "online", 1);
	front->another |= back != XenbusStateConnected;
	do {
		action = front_next(xbdev->state, back, online, front->again);
		trace_front_state(xbdev->nodename, xbdev->state, back, action);
		front_act(front, action);
	} while (action == FRONT_DO_CLOSE);
	mutex_unlock(&front->life);
}

static int netfront_probe(struct xenbus_device *xbdev,
			  const struct xenbus_device_id *id)
{
	struct front *front = front_create(xbdev);

	if (!front) {
		xenbus_dev_fatal(xbdev, -ENOMEM, "creating the interface");
		return -ENOMEM;
	}
	mutex_init(&front->life);
	INIT_DELAYED_WORK(&front->close_late, front_close_late);
	INIT_WORK(&front->renew, front_renew);
	INIT_DELAYED_WORK(&front->mend, front_mend);
	front->mended = jiffies - MEND_INTERVAL;
	dev_set_drvdata(&xbdev->dev, front);
	watch_carrier(front);
	move_watch(front);
	xenbus_switch_state(xbdev, XenbusStateInitialising);
	return 0;
}

static void front_leave(struct front *front, bool leave)
{
	mutex_lock(&front->life);
	front->leaving = leave;
	mutex_unlock(&front->life);
}

/* The watch on the backend is gone: nothing else asks for anything more. */
static void front_cancel(struct front *front)
{
	unwatch_carrier(front);
	cancel_work_sync(&front->renew);
	cancel_delayed_work_sync(&front->mend);
	cancel_delayed_work_sync(&front->close_late);
	front->again = false;
}

/*
 * Grants and event channels did not come along; the backend is another one. It may
 * have found the old one's rings already, or that this end is Closing: by the word of
 * what front_cancel() waits for, which the core, that has set xbdev->state, knows
 * nothing of.
 */
static int netfront_resume(struct xenbus_device *xbdev)
{
	struct front *front = dev_get_drvdata(&xbdev->dev);

	front_leave(front, true);
	front_cancel(front);
	front_disconnect(front);
	front_leave(front, false);
	xenbus_switch_state(xbdev, XenbusStateInitialising);
	show_start(front);
	watch_carrier(front);
	return 0;
}

/*
 * Polls until @deadline, in jiffies: the watch on the backend is gone. A backend
 * that is gone as well reads as Unknown.
 */
static bool backend_reaches(struct xenbus_device *xbdev,
			    enum xenbus_state least, unsigned long deadline)
{
	enum xenbus_state back;

	for (;;) {
		back = xenbus_read_driver_state(xbdev, xbdev->otherend);
		if (back == XenbusStateUnknown || back == XenbusStateClosed ||
		    back == least)
			return true;
		if (time_after(jiffies, deadline))
			break;
		msleep(CLOSE_POLL_MS);
	}
	dev_warn(&xbdev->dev, "backend in domain %d is %s after %u ms, not %s: closing without it\n",
		 xbdev->otherend_id, xenbus_strstate(back), CLOSE_TIMEOUT_MS,
		 xenbus_strstate(least));
	return false;
}

/*
 * Has the backend let go of rings and pages before they are given up. Not once
 * this device is closed: what is under its name in xenstore may be the next one
 * already, plugged in while this one was on its way out.
 */
static void close_backend(struct xenbus_device *xbdev)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(CLOSE_TIMEOUT_MS);

	if (!xbdev->otherend || xbdev->state == XenbusStateClosed ||
	    xenbus_read_driver_state(xbdev, xbdev->otherend) == XenbusStateClosed)
		return;
	xenbus_switch_state(xbdev, XenbusStateClosing);
	if (!backend_reaches(xbdev, XenbusStateClosing, deadline))
		return;
	xenbus_switch_state(xbdev, XenbusStateClosed);
	backend_reaches(xbdev, XenbusStateClosed, deadline);
}

static void netfront_remove(struct xenbus_device *xbdev)
{
	struct front *front = dev_get_drvdata(&xbdev->dev);

	move_unwatch(front);
	mutex_lock(&front->life);
	front->leaving = true;
	mutex_unlock(&front->life);
	front_cancel(front);
	front_down(front);
	close_backend(xbdev);
	/* The next driver may know nothing of the control ring. */
	remove_keys(XBT_NIL, xbdev->nodename);
	remove_features(xbdev->nodename);
	front_disconnect(front);
	front_destroy(front);
	dev_set_drvdata(&xbdev->dev, NULL);
}

static const struct xenbus_device_id netfront_ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver netfront_driver = {
	.name			= KBUILD_MODNAME,
	.ids			= netfront_ids,
	.probe			= netfront_probe,
	.remove			= netfront_remove,
	.resume			= netfront_resume,
	.otherend_changed	= backend_changed,
};

/**
 * front_xenbus_register() - start serving interfaces
 *
 * Context: may sleep; waits for those that exist to connect, within the
 * xenbus core's limits.
 *
 * Return: 0 or an error.
 */
int front_xenbus_register(void)
{
	return xenbus_register_frontend(&netfront_driver);
}

/**
 * front_xenbus_unregister() - counterpart of front_xenbus_register()
 */
void front_xenbus_unregister(void)
{
	xenbus_unregister_driver(&netfront_driver);
}
