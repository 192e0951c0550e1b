// SPDX-License-Identifier: GPL-2.0
/*
 * The control ring: messages of the guest, one by one from a work item. What
 * they mean is the matter of rss.c, and of statics.c.
 *
 * However many messages wait, a run of the work takes CTRL_BUDGET of them, and
 * the next run comes a jiffy later: a guest that writes without end gets some
 * thousand a second, of a worker that others use meanwhile. One that has pages
 * mapped and unmapped costs more, and the next run comes after CTRL_REST.
 */
#include <linux/slab.h>
#include <xen/events.h>
#include <xennet/ring.h>
#include "grant.h"
#include "queue.h"

#define CTRL_BUDGET	32u
#define CTRL_REST	msecs_to_jiffies(10)

static_assert(RSS_BYTES_MAX <= PAGE_SIZE, "what a message names is a page");

/**
 * struct ctrl - the control ring of a connected guest
 * @vif: the interface
 * @shared: shared page
 * @sring: the ring in it
 * @ring: our end of it
 * @irq: event channel
 * @queues: the guest's, which outlive this
 * @line: its interrupt
 * @rests: pages were mapped or unmapped in this run
 * @page: for what a message names
 * @work: takes messages; the only one that does
 */
struct ctrl {
	struct vif *vif;
	struct map_page shared;
	struct ctrl_sring *sring;
	struct ring_back ring;
	unsigned int irq;
	const struct vif_queues *queues;
	struct line line;
	bool rests;
	u8 *page;
	struct delayed_work work;
};

/* What a message names: @len bytes of a page of the guest's. */
static struct copy_span ctrl_span(struct ctrl *ctrl, u32 gref, u32 len)
{
	return (struct copy_span) {
		.gref = gref,
		.domid = ctrl->vif->domid,
		.page = virt_to_page(ctrl->page),
		.len = len,
	};
}

static void ctrl_obey_rss(struct ctrl *ctrl, const struct ctrl_request *req,
			  struct ctrl_response *rsp)
{
	struct rss *rss = &ctrl->vif->rss;
	struct copy_span span = ctrl_span(ctrl, req->data[0],
					  rss_bytes(rss, req));
	bool okay = !span.len || copy_from_guest_now(&span);

	rss_obey(rss, req, okay ? ctrl->page : NULL, ctrl->queues->nr, rsp);
}

static u32 ctrl_add_grefs(struct ctrl *ctrl, struct statics *s, u32 count)
{
	int err = statics_add(s, (void *)ctrl->page, count);

	if (err == -ENOSPC)
		stat_add(&ctrl->vif->ctrl_stats, CTRL_grefs_no_room, count);
	if (err)
		return XENNET_CTRL_INVALID_PARAMETER;
	stat_add(&ctrl->vif->ctrl_stats, CTRL_grefs_added, count);
	return XENNET_CTRL_SUCCESS;
}

/* The statuses go back into the guest's list. */
static u32 ctrl_del_grefs(struct ctrl *ctrl, struct statics *s, u32 count,
			  const struct copy_span *span, u32 *deleted)
{
	int ret = statics_del(s, (void *)ctrl->page, count);

	if (ret < 0)
		return XENNET_CTRL_INVALID_PARAMETER;
	*deleted = ret;
	stat_add(&ctrl->vif->ctrl_stats, CTRL_grefs_deleted, ret);
	return copy_to_guest_now(span) ? XENNET_CTRL_SUCCESS :
					 XENNET_CTRL_INVALID_PARAMETER;
}

static u32 ctrl_change_grefs(struct ctrl *ctrl, const struct ctrl_request *req,
			     struct statics *s, u32 *data)
{
	u32 count = req->data[2];
	struct copy_span span = ctrl_span(ctrl, req->data[1],
					  count * sizeof(struct xennet_gref));

	if (!count || count > XENNET_GREFS_MAX || !copy_from_guest_now(&span))
		return XENNET_CTRL_INVALID_PARAMETER;
	ctrl->rests = true;
	return req->type == XENNET_CTRL_ADD_GREFS ?
		ctrl_add_grefs(ctrl, s, count) :
		ctrl_del_grefs(ctrl, s, count, &span, data);
}

static u32 ctrl_obey_grefs(struct ctrl *ctrl, const struct ctrl_request *req,
			   u32 *data)
{
	struct statics *s;

	if (req->data[0] >= ctrl->queues->nr)
		return XENNET_CTRL_INVALID_PARAMETER;
	s = &ctrl->queues->queue[req->data[0]]->statics;
	if (!s->max)
		return XENNET_CTRL_NOT_SUPPORTED;
	if (req->type != XENNET_CTRL_GET_GREFS_SIZE)
		return ctrl_change_grefs(ctrl, req, s, data);
	*data = statics_room(s);
	return XENNET_CTRL_SUCCESS;
}

static void ctrl_obey(struct ctrl *ctrl, const struct ctrl_request *req,
		      struct ctrl_response *rsp)
{
	switch (req->type) {
	case XENNET_CTRL_GET_GREFS_SIZE:
	case XENNET_CTRL_ADD_GREFS:
	case XENNET_CTRL_DEL_GREFS:
		*rsp = (struct ctrl_response) {
			.id = req->id, .type = req->type,
		};
		rsp->status = ctrl_obey_grefs(ctrl, req, &rsp->data);
		break;
	default:
		ctrl_obey_rss(ctrl, req, rsp);
	}
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
	ctrl_obey(ctrl, &req, &rsp);
	ctrl_write_response(ctrl->sring, ctrl->ring.rsp_prod++, &rsp);
	stat_inc(&vif->ctrl_stats, CTRL_messages);
	if (rsp.status != XENNET_CTRL_SUCCESS)
		stat_inc(&vif->ctrl_stats, CTRL_refused);
	return true;
}

static void ctrl_end_irq(struct ctrl *ctrl)
{
	enum line_end end = line_end(&ctrl->line);

	if (end != LINE_NONE)
		xen_irq_lateeoi(READ_ONCE(ctrl->irq),
				end == LINE_EARNED ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

static void ctrl_work(struct work_struct *work)
{
	struct ctrl *ctrl = container_of(to_delayed_work(work), struct ctrl,
					 work);
	u32 done = 0;

	ctrl->rests = false;
	while (done < CTRL_BUDGET && !ctrl->rests && ctrl_take(ctrl))
		done++;
	if (done) {
		line_earn(&ctrl->line);
		if (ring_back_publish(&ctrl->ring))
			notify_remote_via_irq(ctrl->irq);
	}
	if (!READ_ONCE(ctrl->vif->broken) &&
	    ring_back_arm(&ctrl->ring, 1))
		schedule_delayed_work(&ctrl->work,
				      ctrl->rests ? CTRL_REST : 1);
	else
		ctrl_end_irq(ctrl);
}

/* The first may come, and its work end it, before ctrl_bind() knows the number. */
static irqreturn_t ctrl_irq(int irq, void *data)
{
	struct ctrl *ctrl = data;

	WRITE_ONCE(ctrl->irq, irq);
	line_raise(&ctrl->line);
	schedule_delayed_work(&ctrl->work, 0);
	return IRQ_HANDLED;
}

static int ctrl_map(struct ctrl *ctrl, u32 ref)
{
	int err = map_page_map(&ctrl->shared, ref, ctrl->vif->domid);

	if (err)
		return err;
	ctrl->sring = page_address(ctrl->shared.page);
	err = ring_back_attach(&ctrl->ring, &ctrl->sring->hdr);
	if (err)
		map_page_unmap(&ctrl->shared);
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

static struct ctrl *ctrl_alloc(struct vif *vif,
			       const struct vif_queues *queues)
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
	ctrl->queues = queues;
	INIT_DELAYED_WORK(&ctrl->work, ctrl_work);
	return ctrl;
}

/**
 * ctrl_connect() - listen to what a guest wants
 * @vif: interface without a control ring
 * @keys: what the guest published, or NULL: it has no control ring
 * @queues: its queues, created
 *
 * Context: may sleep.
 *
 * Return: 0 or an error, with nothing left behind.
 */
int ctrl_connect(struct vif *vif, const struct vif_ctrl *keys,
		 const struct vif_queues *queues)
{
	struct ctrl *ctrl;
	int err;

	if (!keys)
		return 0;
	ctrl = ctrl_alloc(vif, queues);
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
	map_page_unmap(&ctrl->shared);
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
	map_page_unmap(&ctrl->shared);
	ctrl_free(ctrl);
	memset(&vif->rss, 0, sizeof(vif->rss));
}
