// SPDX-License-Identifier: GPL-2.0
/*
 * An interface that gets another backend: its driver domain died, and the
 * toolstack has written into the device's own directory where the next one is.
 *
 * To the device that is what it is to a guest that is restored, and what the
 * xenbus core does then is done here: find the other end anew, have
 * netfront_resume() give up the rings, watch the other end. The core does not do
 * it by itself, and offers it to nobody else but its bus's power management. As
 * when a guest is restored it is done in the xenwatch thread: any other would
 * wait for that thread to take watches off, while that one may be waiting for
 * the device, to remove it.
 */
#include <linux/delay.h>
#include <linux/pm.h>
#include <xennet/store.h>
#include "netfront.h"

/* How long the driver core is waited for to have done with the device. */
#define MOVE_WAIT_MS	1000
#define MOVE_POLL_MS	10

/* Another backend's directory, and it is there: the core wants it to be. */
static bool moved(struct xenbus_device *xbdev)
{
	char *path = xenbus_read(XBT_NIL, xbdev->nodename, "backend", NULL);
	bool elsewhere;

	if (IS_ERR(path))
		return false;
	elsewhere = (!xbdev->otherend || strcmp(path, xbdev->otherend)) &&
		    xenbus_exists(XBT_NIL, path, "state");
	kfree(path);
	return elsewhere;
}

/*
 * Not waited for without end: a removal that another thread has begun waits for
 * this one, with the lock.
 */
static bool lock_device(struct device *dev)
{
	unsigned int ms;

	for (ms = 0; !device_trylock(dev); ms += MOVE_POLL_MS) {
		if (ms >= MOVE_WAIT_MS)
			return false;
		msleep(MOVE_POLL_MS);
	}
	return true;
}

/*
 * Where xenstored runs in this domain the bus leaves it to a work of the device's,
 * which knows nothing of the device's lock: run here what that would run.
 */
static void restore(struct xenbus_device *xbdev)
{
	if (xbdev->work.func)
		xbdev->work.func(&xbdev->work);
	else
		xbdev->dev.bus->pm->restore(&xbdev->dev);
}

/* The lock of the device keeps the end of its probe, and its removal, away. */
static void backend_key_changed(struct xenbus_watch *watch, const char *path,
				const char *token)
{
	struct front *front = container_of(watch, struct front, backend_watch);
	struct device *dev = &front->xbdev->dev;

	if (!lock_device(dev)) {
		dev_warn(dev, "in use by the driver core for %u ms: not looking for another backend\n",
			 MOVE_WAIT_MS);
		return;
	}
	if (moved(front->xbdev)) {
		dev_info(dev, "the backend is another one now\n");
		restore(front->xbdev);
	}
	device_unlock(dev);
}

/**
 * move_watch() - follow the key "backend" from now on
 * @front: interface with a backend
 *
 * An error is for xenbus to report, which closes the device.
 *
 * Context: may sleep.
 */
void move_watch(struct front *front)
{
	xenbus_watch_pathfmt(front->xbdev, &front->backend_watch, NULL,
			     backend_key_changed, "%s/backend",
			     front->xbdev->nodename);
}

/**
 * move_unwatch() - counterpart of move_watch()
 * @front: the interface
 *
 * Context: may sleep; from removal of the device.
 */
void move_unwatch(struct front *front)
{
	store_unwatch(&front->backend_watch);
}
