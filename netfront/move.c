// SPDX-License-Identifier: GPL-2.0
/*
 * An interface that gets another backend: its driver domain died, and the
 * toolstack has written into the device's own directory where the next one is.
 *
 * To the device that is what it is to a guest that is restored, and what the
 * xenbus core does then is done here: find the other end anew, have
 * netfront_resume() give up the rings, watch the other end. The core does not do
 * it by itself, and offers it to nobody else but its bus's power management.
 */
#include <linux/pm.h>
#include "netfront.h"

/* How often to look whether the driver core has done with the device. */
#define MOVE_RETRY_MS	50

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
 * The lock of the device keeps its removal, and the guest's suspension, away.
 * Not waited for: removal waits for this work, with the lock.
 */
static void move_work(struct work_struct *work)
{
	struct front *front = container_of(to_delayed_work(work), struct front,
					   move);
	struct device *dev = &front->xbdev->dev;

	if (!device_trylock(dev)) {
		schedule_delayed_work(&front->move,
				      msecs_to_jiffies(MOVE_RETRY_MS));
		return;
	}
	if (moved(front->xbdev)) {
		dev_info(dev, "the backend is another one now\n");
		dev->bus->pm->restore(dev);
	}
	device_unlock(dev);
}

static void backend_key_changed(struct xenbus_watch *watch, const char *path,
				const char *token)
{
	schedule_delayed_work(&container_of(watch, struct front,
					    backend_watch)->move, 0);
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
	INIT_DELAYED_WORK(&front->move, move_work);
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
	if (front->backend_watch.node) {
		unregister_xenbus_watch(&front->backend_watch);
		kfree(front->backend_watch.node);
		front->backend_watch.node = NULL;
	}
	cancel_delayed_work_sync(&front->move);
}
