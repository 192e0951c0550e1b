// SPDX-License-Identifier: GPL-2.0
/*
 * The backend on xenbus: states, keys, watches.
 *
 * All callbacks but probe and remove run in the xenwatch thread, one at a
 * time; probe and remove run while no callback of the same device does
 * (the driver core has the watch on the frontend removed first, and this
 * file removes its own). So nothing here needs a lock.
 *
 * Connected is shown to the frontend only once the hotplug script has
 * reported "connected": before that the bridge or the routes are missing.
 */
#include <linux/slab.h>
#include <xen/xenbus.h>
#include <xennet/store.h>
#include "queue.h"
#include "state.h"
#include "trace.h"

/* How long libxl waits for its script, and a bit more. */
#define HOTPLUG_DEADLINE	(50 * HZ)

/**
 * struct backend - one backend device
 * @xbdev: the device
 * @vif: its network interface
 * @state: state reached; shown to the frontend, with one delay: see @hotplug
 * @script: path of the hotplug script, for udev
 * @rate_watch: on "rate"
 * @mcast_watch: on the frontend's "request-multicast-control"
 * @hotplug_watch: on "hotplug-status", while connected
 * @hotplug: the script has reported "connected" since the last connect
 * @deadline: says so when it has not for too long
 */
struct backend {
	struct xenbus_device *xbdev;
	struct vif *vif;
	enum back_state state;
	char *script;
	struct xenbus_watch rate_watch;
	struct xenbus_watch mcast_watch;
	struct xenbus_watch hotplug_watch;
	bool hotplug;
	struct delayed_work deadline;
};

#define STATE_SAME(ours, theirs) \
	static_assert((int)(ours) == (int)(theirs), #ours)

STATE_SAME(BACK_INITIALISING, XenbusStateInitialising);
STATE_SAME(BACK_INIT_WAIT, XenbusStateInitWait);
STATE_SAME(BACK_CONNECTED, XenbusStateConnected);
STATE_SAME(BACK_CLOSING, XenbusStateClosing);
STATE_SAME(BACK_CLOSED, XenbusStateClosed);

static void backend_read_rate(struct backend *be)
{
	char *text = xenbus_read(XBT_NIL, be->xbdev->nodename, "rate", NULL);
	u32 bytes = 0, usec = 0;

	if (!IS_ERR(text)) {
		if (text_rate(text, &bytes, &usec))
			dev_warn(&be->xbdev->dev,
				 "rate \"%s\" is not \"bytes,microseconds\", traffic is not limited\n",
				 text);
		kfree(text);
	}
	vif_set_rate(be->vif, bytes, usec);
}

static void backend_rate_changed(struct xenbus_watch *watch, const char *path,
				 const char *token)
{
	backend_read_rate(container_of(watch, struct backend, rate_watch));
}

static const char *mcast_key(void)
{
	return xennet_feature_key(XENNET_FEATURE_BIT_REQUEST_MCAST);
}

static void backend_mcast_changed(struct xenbus_watch *watch, const char *path,
				  const char *token)
{
	struct backend *be = container_of(watch, struct backend, mcast_watch);

	filter_ask(be->vif, xenbus_read_unsigned(be->xbdev->otherend,
						 mcast_key(), 0));
}

static void backend_hotplug_late(struct work_struct *work)
{
	struct backend *be = container_of(to_delayed_work(work),
					  struct backend, deadline);

	dev_warn(&be->xbdev->dev,
		 "hotplug script %s has not reported \"connected\", the guest still waits\n",
		 be->script);
}

static void backend_hotplug_changed(struct xenbus_watch *watch,
				    const char *path, const char *token)
{
	struct backend *be = container_of(watch, struct backend,
					  hotplug_watch);
	char *text;

	if (be->hotplug)
		return;
	text = xenbus_read(XBT_NIL, be->xbdev->nodename, "hotplug-status",
			   NULL);
	if (IS_ERR(text))
		return;
	if (!strcmp(text, "connected")) {
		be->hotplug = true;
		cancel_delayed_work(&be->deadline);
		xenbus_switch_state(be->xbdev,
				    (enum xenbus_state)be->state);
	}
	kfree(text);
}

/* Connected waits for the script; a watch fires at once when it is set. */
static int backend_await_hotplug(struct backend *be)
{
	be->hotplug = false;
	schedule_delayed_work(&be->deadline, HOTPLUG_DEADLINE);
	return xenbus_watch_pathfmt(be->xbdev, &be->hotplug_watch, NULL,
				    backend_hotplug_changed, "%s/%s",
				    be->xbdev->nodename, "hotplug-status");
}

static void backend_forget_hotplug(struct backend *be)
{
	store_unwatch(&be->hotplug_watch);
	cancel_delayed_work_sync(&be->deadline);
}

static void backend_show(struct backend *be, enum back_state state)
{
	trace_vif_state(be->vif->domid, be->vif->handle, be->state, state);
	be->state = state;
	/* Connected is shown by backend_hotplug_changed(). */
	if (state != BACK_CONNECTED)
		xenbus_switch_state(be->xbdev, (enum xenbus_state)state);
}

/*
 * Turn a guest away. Why is said in the log and in xenstore, but not every time
 * to one that comes again and again. Returns @err.
 */
__printf(3, 4)
static int backend_refuse(struct backend *be, int err, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (vif_may_log(be->vif))
		xenbus_dev_error(be->xbdev, err, "domain %u refused: %pV",
				 be->vif->domid, &vaf);
	va_end(args);
	backend_show(be, BACK_CLOSING);
	return err;
}

/* Ring references and event channels of one queue. */
static int backend_read_queue(struct backend *be, const char *dir,
			      struct vif_rings *rings)
{
	int err;

	err = xenbus_gather(XBT_NIL, dir, "tx-ring-ref", "%u", &rings->f2b_ref,
			    "rx-ring-ref", "%u", &rings->b2f_ref, NULL);
	if (err)
		return backend_refuse(be, err,
				      "reading %s/tx-ring-ref and rx-ring-ref",
				      dir);
	if (!xenbus_gather(XBT_NIL, dir,
			   "event-channel-tx", "%u", &rings->f2b_port,
			   "event-channel-rx", "%u", &rings->b2f_port, NULL))
		return 0;
	err = xenbus_gather(XBT_NIL, dir, "event-channel", "%u",
			    &rings->f2b_port, NULL);
	if (err)
		return backend_refuse(be, err, "reading %s/event-channel", dir);
	rings->b2f_port = rings->f2b_port;
	return 0;
}

/* One queue's keys lie in the frontend's directory, those of more below it. */
static int backend_read_queues(struct backend *be, struct vif_rings *rings,
			       unsigned int nr)
{
	unsigned int i;
	int err = 0;

	if (nr == 1)
		return backend_read_queue(be, be->xbdev->otherend, rings);
	for (i = 0; i < nr && !err; i++) {
		char *dir = kasprintf(GFP_KERNEL, "%s/queue-%u",
				      be->xbdev->otherend, i);

		if (!dir)
			return backend_refuse(be, -ENOMEM, "reading its keys");
		err = backend_read_queue(be, dir, &rings[i]);
		kfree(dir);
	}
	return err;
}

/* Has the guest a control ring? */
static bool backend_read_ctrl(struct backend *be, struct vif_ctrl *ctrl)
{
	return !xenbus_gather(XBT_NIL, be->xbdev->otherend,
			      "ctrl-ring-ref", "%u", &ctrl->ref,
			      "event-channel-ctrl", "%u", &ctrl->port, NULL);
}

/* Serve @nr queues on the rings the guest published. */
static int backend_serve(struct backend *be, unsigned int nr, u32 features)
{
	struct vif_rings *rings = kcalloc(nr, sizeof(*rings), GFP_KERNEL);
	struct vif_ctrl ctrl;
	int err;

	if (!rings)
		return backend_refuse(be, -ENOMEM, "reading its keys");
	err = backend_read_queues(be, rings, nr);
	if (!err) {
		err = vif_connect(be->vif, rings, nr,
				  backend_read_ctrl(be, &ctrl) ? &ctrl : NULL,
				  xennet_agree(features));
		if (err)
			backend_refuse(be, err,
				       "using rings and event channels of %u queues",
				       nr);
	}
	kfree(rings);
	return err;
}

/*
 * Room for the guest's XDP program: "xdp-headroom" of Linux's xen/io/netif.h. A
 * guest may ask for it at any time, and wait for the answer, Reconfigured.
 */
static void backend_read_headroom(struct backend *be)
{
	unsigned int headroom = xenbus_read_unsigned(be->xbdev->otherend,
						     "xdp-headroom", 0);

	WRITE_ONCE(be->vif->headroom, min(headroom, B2F_HEADROOM_MAX));
}

static void backend_disconnect(struct backend *be)
{
	backend_forget_hotplug(be);
	vif_disconnect(be->vif);
}

static int backend_connect(struct backend *be)
{
	const char *front = be->xbdev->otherend;
	unsigned int nr = xenbus_read_unsigned(front, "multi-queue-num-queues",
					       1);
	u32 features = store_read_features(front);
	int err;

	if (!nr || nr > be->vif->max_queues)
		return backend_refuse(be, -EINVAL,
				      "guest asks for %u queues, of %u at most",
				      nr, be->vif->max_queues);
	if (!(features & XENNET_F_REQUEST_COPY))
		return backend_refuse(be, -EOPNOTSUPP,
				      "guest does not set request-rx-copy");
	backend_read_rate(be);
	backend_read_headroom(be);
	err = backend_serve(be, nr, features);
	if (err)
		return err;
	err = backend_await_hotplug(be);
	if (err) {
		backend_disconnect(be);
		backend_refuse(be, err, "watching its hotplug script");
	}
	return err;
}

/* Go step by step to @goal, or to Closing when what the frontend asks for is refused. */
static void backend_go(struct backend *be, enum back_state goal)
{
	while (be->state != goal) {
		struct back_step step = back_step(be->state, goal);

		if (step.next == be->state)
			return;
		if (step.action == BACK_DO_CONNECT && backend_connect(be))
			return;
		if (step.action == BACK_DO_DISCONNECT)
			backend_disconnect(be);
		backend_show(be, step.next);
	}
}

static void backend_frontend_changed(struct xenbus_device *xbdev,
				     enum xenbus_state front)
{
	struct backend *be = dev_get_drvdata(&xbdev->dev);
	bool online = xenbus_dev_is_online(xbdev);

	backend_go(be, back_goal((enum back_state)front, be->state, online));

	switch (front) {
	case XenbusStateReconfiguring:
		if (be->state != BACK_CONNECTED)
			break;
		backend_read_headroom(be);
		xenbus_switch_state(xbdev, XenbusStateReconfigured);
		break;
	case XenbusStateConnected:
		if (xbdev->state == XenbusStateReconfigured)
			xenbus_switch_state(xbdev, XenbusStateConnected);
		break;
	case XenbusStateClosed:
		if (online)
			break;
		fallthrough;
	case XenbusStateUnknown:
		/* The toolstack took the interface away, or the guest died. */
		device_unregister(&xbdev->dev);
		break;
	default:
		break;
	}
}

static int backend_uevent(xenbus_uevent_device *xbdev,
			  struct kobj_uevent_env *env)
{
	struct backend *be = dev_get_drvdata(&xbdev->dev);

	if (!be)
		return 0;
	if (be->script && add_uevent_var(env, "script=%s", be->script))
		return -ENOMEM;
	if (!be->vif)
		return 0;
	return add_uevent_var(env, "vif=%s", be->vif->dev->name);
}

/* What the administrator does not want guests to use. */
static u32 backend_withheld(void)
{
	u32 set = 0;

	if (!READ_ONCE(netback_separate_tx_rx_irq))
		set |= XENNET_F_SPLIT;
	if (!READ_ONCE(netback_provides_xdp_headroom))
		set |= XENNET_F_XDP_HEADROOM;
	return set;
}

static int backend_write_keys(struct xenbus_transaction xbt, void *data)
{
	struct backend *be = data;
	const char *dir = be->xbdev->nodename;
	u32 withheld = backend_withheld();
	int err;

	err = store_write_features(xbt, dir,
				   (XENNET_F_BACK | XENNET_F_BACK_ONLY) &
				   ~withheld);
	/* The driver before this one may have offered it. */
	if (!err)
		err = store_put_features(xbt, dir, withheld, 0);
	if (!err)
		err = xenbus_printf(xbt, dir, "feature-rx-flip", "%u", 0);
	if (!err)
		err = xenbus_printf(xbt, dir, "multi-queue-max-queues", "%u",
				    be->vif->max_queues);
	return err;
}

/* All keys at once, so that a frontend sees all or none. */
static int backend_announce(struct backend *be)
{
	int err = store_transaction(backend_write_keys, be);

	if (err)
		xenbus_dev_fatal(be->xbdev, err, "writing the features");
	return err;
}

static int backend_create_vif(struct backend *be)
{
	struct xenbus_device *xbdev = be->xbdev;
	unsigned int handle;
	struct vif *vif;
	int err;

	err = xenbus_gather(XBT_NIL, xbdev->nodename, "handle", "%u", &handle,
			    NULL);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "reading handle");
		return err;
	}
	vif = vif_create(xbdev, handle);
	if (IS_ERR(vif)) {
		xenbus_dev_fatal(xbdev, PTR_ERR(vif), "creating vif%u.%u",
				 xbdev->otherend_id, handle);
		return PTR_ERR(vif);
	}
	be->vif = vif;
	return 0;
}

static void backend_remove(struct xenbus_device *xbdev)
{
	struct backend *be = dev_get_drvdata(&xbdev->dev);

	if (be->vif) {
		kobject_uevent(&xbdev->dev.kobj, KOBJ_OFFLINE);
		store_unwatch(&be->mcast_watch);
		store_unwatch(&be->rate_watch);
		backend_forget_hotplug(be);
		vif_destroy(be->vif);
	}
	xenbus_rm(XBT_NIL, xbdev->nodename, "hotplug-status");
	/*
	 * The next driver may not know these: the link would stay as it is, and
	 * offloads of tagged frames be left to who drops those.
	 */
	xenbus_rm(XBT_NIL, xbdev->nodename, "carrier");
	xenbus_rm(XBT_NIL, xbdev->nodename,
		  xennet_feature_key(XENNET_FEATURE_BIT_VLAN));
	dev_set_drvdata(&xbdev->dev, NULL);
	kfree(be->script);
	kfree(be);
}

static int backend_setup(struct backend *be)
{
	struct xenbus_device *xbdev = be->xbdev;
	char *script = xenbus_read(XBT_NIL, xbdev->nodename, "script", NULL);
	int err;

	if (IS_ERR(script)) {
		xenbus_dev_fatal(xbdev, PTR_ERR(script), "reading script");
		return PTR_ERR(script);
	}
	be->script = script;
	err = backend_create_vif(be);
	if (!err)
		err = backend_announce(be);
	if (err)
		return err;
	backend_show(be, BACK_INIT_WAIT);
	/* Starts the script where udev does; libxl starts it by itself. */
	kobject_uevent(&xbdev->dev.kobj, KOBJ_ONLINE);
	err = xenbus_watch_pathfmt(xbdev, &be->rate_watch, NULL,
				   backend_rate_changed, "%s/%s",
				   xbdev->nodename, "rate");
	if (err)
		return err;
	return xenbus_watch_pathfmt(xbdev, &be->mcast_watch,
				    store_none_pending, backend_mcast_changed,
				    "%s/%s", xbdev->otherend, mcast_key());
}

static int backend_probe(struct xenbus_device *xbdev,
			 const struct xenbus_device_id *id)
{
	struct backend *be = kzalloc(sizeof(*be), GFP_KERNEL);
	int err;

	if (!be) {
		xenbus_dev_fatal(xbdev, -ENOMEM, "allocating the backend");
		return -ENOMEM;
	}
	be->xbdev = xbdev;
	be->state = BACK_INITIALISING;
	INIT_DELAYED_WORK(&be->deadline, backend_hotplug_late);
	dev_set_drvdata(&xbdev->dev, be);
	err = backend_setup(be);
	if (err)
		backend_remove(xbdev);
	return err;
}

static const struct xenbus_device_id backend_ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver backend_driver = {
	.name = "netback",
	.ids = backend_ids,
	.probe = backend_probe,
	.remove = backend_remove,
	.uevent = backend_uevent,
	.otherend_changed = backend_frontend_changed,
	.allow_rebind = true,
};

/**
 * backend_register() - serve "vif" devices
 *
 * Return: 0 or a negative error.
 */
int backend_register(void)
{
	return xenbus_register_backend(&backend_driver);
}

/**
 * backend_unregister() - undo backend_register()
 */
void backend_unregister(void)
{
	xenbus_unregister_driver(&backend_driver);
}
