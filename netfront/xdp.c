// SPDX-License-Identifier: GPL-2.0
/*
 * XDP on received frames.
 *
 * A frame that fits in a page with the room a program is promised is copied
 * there; the buffer it came in is posted again as it is. So there is room before
 * frames of any backend, none has to be asked for it, and no page leaves the
 * ring, which spares its grant. Longer frames, and those to be segmented, get
 * their skb first and are shown as the stack's generic XDP shows them: in one
 * piece, however long. So no frame gets past a program, and no MTU or offload
 * has to be given up for one.
 */
#include <xennet/xdp.h>
#include "netfront.h"

/**
 * xdp_takes() - is a packet to be shown to a program before it has an skb?
 * @queue: queue
 * @pkt: packet with reason XENNET_OK
 *
 * Return: true when there is a program, and a page takes the frame.
 */
bool xdp_takes(const struct queue *queue, const struct b2f_pkt *pkt)
{
	return rcu_access_pointer(queue->front->xdp_prog) &&
	       pkt->gso_type == XENNET_GSO_NONE &&
	       pkt->len <= XENNET_XDP_LEN_MAX;
}

/**
 * xdp_show() - show a frame to the program
 * @queue: queue
 * @frame: the frame; its page is taken from the caller
 *
 * Context: the queue's NAPI.
 *
 * Return: XENNET_OK or why the frame is dropped.
 */
enum xennet_reason xdp_show(struct queue *queue, struct xennet_xdp_frame *frame)
{
	enum xennet_reason reason;

	reason = xennet_xdp_show(&queue->rx.xdp_rxq,
				 rcu_dereference_bh(queue->front->xdp_prog),
				 frame);
	if (reason)
		return reason;
	stat_inc(&queue->napi_stats, b2f_xdp[frame->fate]);
	queue->rx.redirected |= frame->fate == XENNET_XDP_redirect;
	return xennet_xdp_wrap(frame);
}

/**
 * xdp_show_skb() - show the program a frame that has an skb
 * @queue: queue
 * @skb: the frame, about to go to the stack; another skb may take its place
 *
 * Context: the queue's NAPI.
 *
 * Return: true when the frame passes; otherwise it is gone.
 */
bool xdp_show_skb(struct queue *queue, struct sk_buff **skb)
{
	struct bpf_prog *prog = rcu_dereference_bh(queue->front->xdp_prog);

	if (likely(!prog))
		return true;
	stat_inc(&queue->napi_stats, b2f_xdp_late);
	if (xennet_xdp_run_skb(prog, skb))
		return true;
	stat_inc(&queue->napi_stats, b2f_xdp_late_gone);
	return false;
}
