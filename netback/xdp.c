// SPDX-License-Identifier: GPL-2.0
/*
 * XDP on frames from the guest.
 *
 * A frame that fits in a page with the room a program is promised is copied
 * there, and the program sees it before there is an skb. Longer frames, and
 * those to be segmented, get their skb first and are shown as the stack's
 * generic XDP shows them: in one piece, however long. So no frame gets past a
 * program, and no guest has to be kept from sending what it was told it may.
 *
 * What that means for the guest's credit:
 *	PASS		as without a program
 *	TX		the frame holds its slots until the guest has it back, or
 *			it was dropped for want of the guest's buffers
 *	DROP, ABORTED	the slots are answered at once
 *	REDIRECT	the same: the frame is copied data in a page of its own,
 *			which goes with it. An xdp_frame has no destructor and
 *			its memory's owner is not told of its end. A NIC puts it
 *			on its ring, or drops it, right now; only another vif has
 *			a queue ahead of it, which drops when it is full.
 *
 * A frame that was shown in an skb holds its slots when it passes, and only then:
 * since Linux 6.9 the skb may be another one afterwards. What is sent back or
 * redirected that way has gone to the other driver, past all queues.
 */
#include "xdp.h"

/**
 * xdp_takes() - is a packet to be shown to a program before it has an skb?
 * @queue: queue
 * @pkt: packet with reason XENNET_OK
 *
 * Return: true when there is a program, and a page takes the frame.
 */
bool xdp_takes(const struct queue *queue, const struct f2b_pkt *pkt)
{
	return rcu_access_pointer(queue->vif->xdp_prog) &&
	       pkt->gso_type == XENNET_GSO_NONE &&
	       pkt->len <= XENNET_XDP_LEN_MAX;
}

/**
 * xdp_show() - show a frame to the program
 * @queue: queue
 * @job: frame in @job->page, whose data has arrived
 * @fate: result; only valid with XENNET_OK
 *
 * The page is taken from @job; @job->skb has it if it goes to the stack or back.
 *
 * Context: the queue's NAPI.
 *
 * Return: XENNET_OK or why the frame is dropped.
 */
enum xennet_reason xdp_show(struct queue *queue, struct f2b_job *job,
			    enum xennet_xdp_fate *fate)
{
	struct xennet_xdp_frame frame = {
		.page = job->page,
		.len = job->pkt_len,
		.csum_blank = job->csum_blank,
	};
	enum xennet_reason reason;

	job->page = NULL;
	reason = xennet_xdp_show(&queue->f2b.xdp_rxq,
				 rcu_dereference_bh(queue->vif->xdp_prog),
				 &frame);
	if (reason)
		return reason;
	stat_inc(&queue->stats->f2b, F2B_xdp_pass + frame.fate);
	queue->f2b.redirected |= frame.fate == XENNET_XDP_redirect;
	job->csum_blank = false;
	*fate = frame.fate;
	reason = xennet_xdp_wrap(&frame);
	job->skb = frame.skb;
	return reason;
}

/**
 * xdp_show_skb() - show the program a frame that has an skb
 * @queue: queue
 * @skb: the frame, about to go to the stack, its hold not begun: another skb may
 *	take its place
 *
 * Context: the queue's NAPI.
 *
 * Return: true when the frame passes; otherwise it is gone.
 */
bool xdp_show_skb(struct queue *queue, struct sk_buff **skb)
{
	struct bpf_prog *prog = rcu_dereference_bh(queue->vif->xdp_prog);

	if (likely(!prog))
		return true;
	stat_inc(&queue->stats->f2b, F2B_xdp_late);
	if (xennet_xdp_run_skb(prog, skb))
		return true;
	stat_inc(&queue->stats->f2b, F2B_xdp_late_gone);
	return false;
}
