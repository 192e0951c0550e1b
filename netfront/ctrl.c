// SPDX-License-Identifier: GPL-2.0
/*
 * The control ring: a message, and the wait for its answer. What they are about
 * is the matter of rss.c, and of statics.c.
 *
 * front->ctrl_lock serialises the messages. What a new backend is told is told
 * without RTNL; a user's command holds RTNL while its answers are waited for.
 * The waits of a connection have CTRL_PATIENCE together, which comes back slowly:
 * a backend that has used it up, or answered something else, is asked nothing
 * more. Frames do not depend on any of it.
 */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <xen/events.h>
#include <xen/page.h>
#include "ctrl_parse.h"
#include "netfront.h"

/*
 * All waits together, without what an honest backend may need for each; and the part
 * of the time since that comes back.
 */
#define CTRL_PATIENCE		(5 * HZ)
#define CTRL_FREE		(HZ / 20)
#define CTRL_PATIENCE_PART	10

/**
 * struct ctrl - the control ring of a connection
 * @sring: shared ring
 * @ring: our end of it
 * @ring_ref: grant of the ring
 * @port: event channel, as the backend is told
 * @irq: bound interrupt
 * @owed: bit 0: the end of an interrupt is owed
 * @earned: there was an answer since the last one's end
 * @wait: for answers
 * @page: bytes a message names, which the backend may write to
 * @page_ref: grant of @page
 * @patience: what is left of it, in jiffies
 * @waited: when that was, in jiffies
 * @lost: the backend is asked nothing more; set from anywhere
 * @fresh: it is another one now, for which all of the patience is there
 */
struct ctrl {
	struct ctrl_sring *sring;
	struct ring_front ring;
	grant_ref_t ring_ref;
	evtchn_port_t port;
	int irq;
	unsigned long owed;
	bool earned;
	wait_queue_head_t wait;
	u8 *page;
	grant_ref_t page_ref;
	unsigned long patience;
	unsigned long waited;
	bool lost;
	bool fresh;
};

static irqreturn_t ctrl_raised(int irq, void *data)
{
	struct ctrl *ctrl = data;

	set_bit(0, &ctrl->owed);
	wake_up(&ctrl->wait);
	return IRQ_HANDLED;
}

/*
 * Only a message ends interrupts: unasked, a backend can raise one. One without
 * an answer is reported so, and Xen delays the next (XSA-332).
 */
static void ctrl_end_irq(struct ctrl *ctrl)
{
	bool earned = ctrl->earned;

	if (!test_and_clear_bit(0, &ctrl->owed))
		return;
	ctrl->earned = false;
	xen_irq_lateeoi(ctrl->irq, earned ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/* The interrupt of an answer may come late, and the next one waits for its end. */
static enum ctrl_verdict ctrl_await(struct ctrl *ctrl,
				    const struct ctrl_request *req,
				    struct ctrl_response *rsp)
{
	unsigned long left = ctrl->patience;
	enum ctrl_verdict verdict;

	do {
		ctrl_end_irq(ctrl);
		left = wait_event_timeout(ctrl->wait,
					  (verdict = ctrl_parse(&ctrl->ring,
								ctrl->sring,
								req, rsp)) !=
					  CTRL_WAITING ||
					  test_bit(0, &ctrl->owed) ||
					  READ_ONCE(ctrl->lost), left);
	} while (verdict == CTRL_WAITING && left && !READ_ONCE(ctrl->lost));
	return verdict;
}

static void ctrl_rest(struct ctrl *ctrl)
{
	unsigned long back = (jiffies - ctrl->waited) / CTRL_PATIENCE_PART;

	if (READ_ONCE(ctrl->fresh))
		back = CTRL_PATIENCE;
	WRITE_ONCE(ctrl->fresh, false);
	ctrl->patience = min_t(unsigned long, CTRL_PATIENCE,
			       ctrl->patience + back);
}

static enum ctrl_verdict ctrl_wait(struct ctrl *ctrl,
				   const struct ctrl_request *req,
				   struct ctrl_response *rsp)
{
	unsigned long waited, start = jiffies;
	enum ctrl_verdict verdict;

	ctrl_rest(ctrl);
	verdict = ctrl_await(ctrl, req, rsp);
	ctrl->waited = jiffies;
	waited = ctrl->waited - start;
	waited -= min_t(unsigned long, waited, CTRL_FREE);
	ctrl->patience -= min(waited, ctrl->patience);
	return verdict;
}

static void ctrl_lose(struct front *front, enum ctrl_verdict verdict)
{
	bool late = verdict == CTRL_WAITING;

	/* By ctrl_abandon(): nothing is wrong with the backend. */
	if (late && READ_ONCE(front->ctrl->lost))
		return;
	WRITE_ONCE(front->ctrl->lost, true);
	if (late)
		front->ctrl_stats[CTRL_unanswered]++;
	else
		front->ctrl_stats[CTRL_broken]++;
	netdev_warn(front->dev, "backend in domain %d: control message %s: no more are sent\n",
		    front->xbdev->otherend_id,
		    late ? "unanswered" : "answered wrongly");
}

static int ctrl_error(struct front *front, u32 status)
{
	if (status == XENNET_CTRL_SUCCESS)
		return 0;
	front->ctrl_stats[CTRL_refused]++;
	switch (status) {
	case XENNET_CTRL_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case XENNET_CTRL_INVALID_PARAMETER:
		return -EINVAL;
	case XENNET_CTRL_BUFFER_OVERFLOW:
		return -ENOSPC;
	default:
		return -EPROTO;
	}
}

static int ctrl_talk(struct front *front, struct ctrl_request *req, u32 *data)
{
	struct ctrl *ctrl = front->ctrl;
	enum ctrl_verdict verdict;
	struct ctrl_response rsp;

	lockdep_assert_held(&front->ctrl_lock);
	if (READ_ONCE(ctrl->lost))
		return -EIO;
	req->id = ctrl->ring.req_prod;
	ctrl_write_request(ctrl->sring, ctrl->ring.req_prod++, req);
	ring_front_arm(&ctrl->ring, ctrl->ring.req_prod - ctrl->ring.rsp_cons);
	if (ring_front_publish(&ctrl->ring))
		notify_remote_via_irq(ctrl->irq);
	front->ctrl_stats[CTRL_messages]++;
	verdict = ctrl_wait(ctrl, req, &rsp);
	if (verdict != CTRL_ANSWERED) {
		ctrl_lose(front, verdict);
		return -EIO;
	}
	ctrl->earned = true;
	if (data)
		*data = rsp.data;
	return ctrl_error(front, rsp.status);
}

/**
 * ctrl_ask() - send a message that has one value
 * @front: interface that is connected, with a control ring
 * @type: enum xennet_ctrl_type
 * @value: its value
 * @data: what the backend says to it; may be NULL
 *
 * Context: front->ctrl_lock held; sleeps, for what is left of CTRL_PATIENCE.
 *
 * Return: 0; -EOPNOTSUPP, -EINVAL or -ENOSPC as the backend refuses it (NOT_
 * SUPPORTED, INVALID_PARAMETER, BUFFER_OVERFLOW), -EPROTO for a status unknown,
 * -EIO when there was no answer to this message or an earlier one.
 */
int ctrl_ask(struct front *front, enum xennet_ctrl_type type, u32 value,
	     u32 *data)
{
	struct ctrl_request req = { .type = type, .data = { value } };

	return ctrl_talk(front, &req, data);
}

/**
 * ctrl_show() - send a message that names memory
 * @front: interface that is connected, with a control ring
 * @type: enum xennet_ctrl_type
 * @bytes: what the backend is to read
 * @len: bytes, at most a page
 * @count: how many there are, in the message's own unit
 *
 * Context: as of ctrl_ask().
 *
 * Return: as ctrl_ask().
 */
int ctrl_show(struct front *front, enum xennet_ctrl_type type,
	      const void *bytes, u32 len, u32 count)
{
	struct ctrl *ctrl = front->ctrl;
	struct ctrl_request req = {
		.type = type, .data = { ctrl->page_ref, count },
	};

	memcpy(ctrl->page, bytes, len);
	return ctrl_talk(front, &req, NULL);
}

/**
 * ctrl_list() - send a message that names grants
 * @front: interface that is connected, with a control ring
 * @type: XENNET_CTRL_ADD_GREFS or _DEL_GREFS
 * @queue: number of the queue they are for
 * @list: the grants
 * @count: entries, 1 to XENNET_GREFS_MAX
 * @data: what the backend says to it; of _DEL_GREFS, how many went
 *
 * Context: as of ctrl_ask().
 *
 * Return: as ctrl_ask().
 */
int ctrl_list(struct front *front, enum xennet_ctrl_type type, u32 queue,
	      const struct xennet_gref *list, u32 count, u32 *data)
{
	struct ctrl *ctrl = front->ctrl;
	struct ctrl_request req = {
		.type = type, .data = { queue, ctrl->page_ref, count },
	};

	memcpy(ctrl->page, list, count * sizeof(*list));
	return ctrl_talk(front, &req, data);
}

/**
 * ctrl_write_keys() - tell the backend of the control ring
 * @xbt: transaction
 * @front: interface, with a control ring or without
 *
 * Return: 0 or an error.
 */
int ctrl_write_keys(struct xenbus_transaction xbt, const struct front *front)
{
	const char *node = front->xbdev->nodename;
	int err;

	if (!front->ctrl)
		return 0;
	err = xenbus_printf(xbt, node, "ctrl-ring-ref", "%u",
			    front->ctrl->ring_ref);
	if (err)
		return err;
	return xenbus_printf(xbt, node, "event-channel-ctrl", "%u",
			     front->ctrl->port);
}

static int setup_ring(struct ctrl *ctrl, const struct front *front)
{
	void *page = ring_page_create(front, &ctrl->ring_ref);

	if (IS_ERR(page))
		return PTR_ERR(page);
	ctrl->sring = page;
	ring_front_init(&ctrl->ring, &ctrl->sring->hdr);
	return 0;
}

static void teardown_ring(struct ctrl *ctrl)
{
	ring_page_destroy(ctrl->sring, ctrl->ring_ref);
}

static int setup_page(struct ctrl *ctrl, struct xenbus_device *xbdev)
{
	int ref;

	ctrl->page = (u8 *)get_zeroed_page(GFP_KERNEL);
	if (!ctrl->page)
		return -ENOMEM;
	ref = gnttab_grant_foreign_access(xbdev->otherend_id,
					  virt_to_gfn(ctrl->page), 0);
	if (ref < 0) {
		free_page((unsigned long)ctrl->page);
		return ref;
	}
	ctrl->page_ref = ref;
	return 0;
}

/* The page is freed once the backend does not use it any more. */
static void teardown_page(struct ctrl *ctrl)
{
	gnttab_end_foreign_access(ctrl->page_ref, virt_to_page(ctrl->page));
}

static int setup_event(struct ctrl *ctrl, struct front *front)
{
	int irq = event_bind(front->xbdev, ctrl_raised, "netfront-ctrl", ctrl,
			     &ctrl->port);

	if (irq < 0)
		return irq;
	ctrl->irq = irq;
	return 0;
}

static int setup(struct ctrl *ctrl, struct front *front)
{
	int err;

	init_waitqueue_head(&ctrl->wait);
	ctrl->patience = CTRL_PATIENCE;
	ctrl->waited = jiffies;
	err = setup_ring(ctrl, front);
	if (err)
		return err;
	err = setup_page(ctrl, front->xbdev);
	if (err)
		goto undo_ring;
	err = setup_event(ctrl, front);
	if (err)
		goto undo_page;
	return 0;

undo_page:
	teardown_page(ctrl);
undo_ring:
	teardown_ring(ctrl);
	return err;
}

/**
 * ctrl_connect() - have a control ring, if the backend takes one
 * @front: disconnected interface
 *
 * Return: 0 or an error.
 */
int ctrl_connect(struct front *front)
{
	struct ctrl *ctrl;
	int err;

	if (!(front->agreed & XENNET_F_CTRL_RING))
		return 0;
	ctrl = kzalloc(sizeof(*ctrl), GFP_KERNEL);
	if (!ctrl)
		return -ENOMEM;
	err = setup(ctrl, front);
	if (err)
		kfree(ctrl);
	else
		front->ctrl = ctrl;
	return err;
}

/**
 * ctrl_abandon() - wait for no answer any more
 * @front: interface with a control ring or without
 *
 * Whoever waits for one gets -EIO at once, and lets go of front->ctrl_lock.
 *
 * Context: not beside ctrl_connect() and ctrl_disconnect().
 */
void ctrl_abandon(struct front *front)
{
	struct ctrl *ctrl = front->ctrl;

	if (!ctrl)
		return;
	WRITE_ONCE(ctrl->lost, true);
	wake_up(&ctrl->wait);
}

/**
 * ctrl_renew() - another backend has taken the rings up
 * @front: interface with a control ring or without
 *
 * What its predecessor left unanswered it answers first.
 *
 * Context: not beside ctrl_abandon().
 */
void ctrl_renew(struct front *front)
{
	struct ctrl *ctrl = front->ctrl;

	if (!ctrl)
		return;
	WRITE_ONCE(ctrl->fresh, true);
	WRITE_ONCE(ctrl->lost, false);
}

/**
 * ctrl_disconnect() - counterpart of ctrl_connect()
 * @front: interface that is down
 */
void ctrl_disconnect(struct front *front)
{
	struct ctrl *ctrl = front->ctrl;

	if (!ctrl)
		return;
	front->ctrl = NULL;
	unbind_from_irqhandler(ctrl->irq, ctrl);
	teardown_page(ctrl);
	teardown_ring(ctrl);
	kfree(ctrl);
}
