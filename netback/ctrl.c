// SPDX-License-Identifier: GPL-2.0
/*
 * The control ring: messages of the guest, one by one from a work item. What
 * they mean is the matter of rss.c.
 *
 * However many messages wait, a run of the work takes CTRL_BUDGET of them, and
 * the next run comes a jiffy later: a guest that writes without end gets some
 * thousand a second, of a worker that others use meanwhile.
 */
#include <linux/slab.h>
#include <xen/events.h>
#include <xennet/ring.h>
#include "grant.h"
#include "vif.h"

#define CTRL_BUDGET	32u

/**
 * struct ctrl - the control ring of a connected guest
 * @vif: the interface
 * @sring: shared ring
 * @ring: our end of it
 * @irq: event channel
 * @nr_queues: queues the guest has
 * @owed: bit 0: the end of an interrupt is owed
 * @earned: there were messages since the last one's end
 * @page: for what a message names
 * @work: takes messages; the only one that does
 */
struct ctrl {
	struct vif *vif;
	struct ctrl_sring *sring;
	struct ring_back ring;
	unsigned int irq;
	unsigned int nr_queues;
	unsigned long owed;
	bool earned;
	u8 *page;
	struct delayed_work work;
};

/* The bytes a message names, NULL if the guest has not granted them. */
static const u8 *ctrl_fetch(struct ctrl *ctrl, const struct ctrl_request *req)
{
	struct copy_span span = {
		.gref = req->data[0],
		.domid = ctrl->vif->domid,
		.page = virt_to_page(ctrl->page),
		.len = rss_bytes(&ctrl->vif->rss, req),
	};

	if (span.len && !copy_from_guest_now(&span))
		return NULL;
	return ctrl->page;
}

/* Take one message. Returns false when there is none to take. */
static bool ctrl_take(struct ctrl *ctrl)
{
	struct vif *vif = ctrl->vif;
	struct ctrl_response rsp;
	struct ctrl_request req;
	u32 waiting;

	if (READ_ONCE(vif->broken))
		return false;
	if (ring_back_requests(&ctrl->ring, &waiting) ||
	    waiting > XENNET_CTRL_RING_SIZE) {
		if (fault_raise(vif, FAULT_CTRL, XENNET_RING_OVERFLOW))
			stat_inc(&vif->ctrl_stats, CTRL_ring_overflow);
		return false;
	}
	if (!waiting)
		return false;
	ctrl_read_request(ctrl->sring, ctrl->ring.req_cons++, &req);
	rss_obey(&vif->rss, &req, ctrl_fetch(ctrl, &req), ctrl->nr_queues,
		 &rsp);
	ctrl_write_response(ctrl->sring, ctrl->ring.rsp_prod++, &rsp);
	stat_inc(&vif->ctrl_stats, CTRL_messages);
	if (rsp.status != XENNET_CTRL_SUCCESS)
		stat_inc(&vif->ctrl_stats, CTRL_refused);
	return true;
}

/* One without a message is reported so, and Xen delays the next (XSA-332). */
static void ctrl_end_irq(struct ctrl *ctrl)
{
	bool earned = ctrl->earned;

	if (!test_and_clear_bit(0, &ctrl->owed))
		return;
	ctrl->earned = false;
	xen_irq_lateeoi(ctrl->irq, earned ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

static void ctrl_work(struct work_struct *work)
{
	struct ctrl *ctrl = container_of(to_delayed_work(work), struct ctrl,
					 work);
	u32 done = 0;

	while (done < CTRL_BUDGET && ctrl_take(ctrl))
		done++;
	if (done) {
		ctrl->earned = true;
		if (ring_back_publish(&ctrl->ring))
			notify_remote_via_irq(ctrl->irq);
	}
	if (!READ_ONCE(ctrl->vif->broken) &&
	    ring_back_arm(&ctrl->ring, 1))
		schedule_delayed_work(&ctrl->work, 1);
	else
		ctrl_end_irq(ctrl);
}

static irqreturn_t ctrl_irq(int irq, void *data)
{
	struct ctrl *ctrl = data;

	set_bit(0, &ctrl->owed);
	schedule_delayed_work(&ctrl->work, 0);
	return IRQ_HANDLED;
}

static int ctrl_map(struct ctrl *ctrl, u32 ref)
{
	struct xenbus_device *xbdev = ctrl->vif->xbdev;
	grant_ref_t gref = ref;
	void *addr;
	int err;

	err = xenbus_map_ring_valloc(xbdev, &gref, 1, &addr);
	if (err)
		return err;
	ctrl->sring = addr;
	err = ring_back_attach(&ctrl->ring, &ctrl->sring->hdr);
	if (err)
		xenbus_unmap_ring_vfree(xbdev, ctrl->sring);
	return err;
}

static int ctrl_bind(struct ctrl *ctrl, u32 port)
{
	struct vif *vif = ctrl->vif;
	int ret;

	ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(vif->xbdev, port,
							    ctrl_irq, 0,
							    vif->dev->name,
							    ctrl);
	if (ret < 0)
		return ret;
	ctrl->irq = ret;
	return 0;
}

static void ctrl_free(struct ctrl *ctrl)
{
	free_page((unsigned long)ctrl->page);
	kfree(ctrl);
}

static struct ctrl *ctrl_alloc(struct vif *vif, unsigned int nr_queues)
{
	struct ctrl *ctrl = kzalloc(sizeof(*ctrl), GFP_KERNEL);

	if (!ctrl)
		return NULL;
	ctrl->page = (u8 *)get_zeroed_page(GFP_KERNEL);
	if (!ctrl->page) {
		kfree(ctrl);
		return NULL;
	}
	ctrl->vif = vif;
	ctrl->nr_queues = nr_queues;
	INIT_DELAYED_WORK(&ctrl->work, ctrl_work);
	return ctrl;
}

/**
 * ctrl_connect() - listen to what a guest wants
 * @vif: interface without a control ring
 * @keys: what the guest published, or NULL: it has no control ring
 * @nr_queues: queues it has
 *
 * Context: may sleep.
 *
 * Return: 0 or an error, with nothing left behind.
 */
int ctrl_connect(struct vif *vif, const struct vif_ctrl *keys,
		 unsigned int nr_queues)
{
	struct ctrl *ctrl;
	int err;

	if (!keys)
		return 0;
	ctrl = ctrl_alloc(vif, nr_queues);
	if (!ctrl)
		return -ENOMEM;
	err = ctrl_map(ctrl, keys->ref);
	if (err)
		goto free;
	err = ctrl_bind(ctrl, keys->port);
	if (err)
		goto unmap;
	vif->ctrl = ctrl;
	/* For what was written before there was somebody to notify. */
	schedule_delayed_work(&ctrl->work, 0);
	return 0;

unmap:
	xenbus_unmap_ring_vfree(vif->xbdev, ctrl->sring);
free:
	ctrl_free(ctrl);
	return err;
}

/**
 * ctrl_disconnect() - forget what a guest wants
 * @vif: interface, with a control ring or without
 *
 * The interrupt is kept from coming first, as it starts the work, which in turn
 * ends the interrupt; then nobody uses the ring.
 *
 * Context: may sleep.
 */
void ctrl_disconnect(struct vif *vif)
{
	struct ctrl *ctrl = vif->ctrl;

	if (!ctrl)
		return;
	vif->ctrl = NULL;
	disable_irq(ctrl->irq);
	cancel_delayed_work_sync(&ctrl->work);
	unbind_from_irqhandler(ctrl->irq, ctrl);
	xenbus_unmap_ring_vfree(vif->xbdev, ctrl->sring);
	ctrl_free(ctrl);
	memset(&vif->rss, 0, sizeof(vif->rss));
}
