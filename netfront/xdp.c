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
 * @pkt: a packet xdp_takes(). A blank checksum is filled in, and then no longer
 *	said to be blank
 * @page: the frame, behind XDP_PACKET_HEADROOM; taken from the caller
 * @skb: result, the frame if it is to go on; else NULL
 * @fate: result, where to; only valid with XENNET_OK
 *
 * The program may have gone since xdp_takes(): the frame passes then.
 *
 * Context: the queue's NAPI.
 *
 * Return: XENNET_OK or why the frame is dropped.
 */
enum xennet_reason xdp_show(struct queue *queue, struct b2f_pkt *pkt,
			    struct page *page, struct sk_buff **skb,
			    enum xennet_xdp_fate *fate)
{
	struct bpf_prog *prog = rcu_dereference_bh(queue->front->xdp_prog);
	struct net_device *dev = queue->front->dev;
	struct xdp_buff xdp;

	*skb = NULL;
	xdp_init_buff(&xdp, PAGE_SIZE, &queue->rx.xdp_rxq);
	xdp_prepare_buff(&xdp, page_address(page), XDP_PACKET_HEADROOM,
			 pkt->len, true);
	if (pkt->csum_blank && !xennet_xdp_fill_csum(dev, xdp.data, pkt->len)) {
		put_page(page);
		return XENNET_BAD_CHECKSUM;
	}
	pkt->csum_blank = false;
	*fate = prog ? xennet_xdp_run(dev, prog, &xdp) : XENNET_XDP_pass;
	stat_inc(&queue->napi_stats, b2f_xdp[*fate]);
	queue->rx.redirected |= *fate == XENNET_XDP_redirect;
	if (*fate > XENNET_XDP_tx)
		return XENNET_OK;
	*skb = xennet_xdp_skb(&xdp);
	if (*skb)
		return XENNET_OK;
	put_page(page);
	return XENNET_NO_MEMORY;
}

/**
 * xdp_show_skb() - show the program a frame that has an skb
 * @queue: queue
 * @skb: the frame, about to go to the stack
 *
 * Context: the queue's NAPI.
 *
 * Return: true when the frame passes; otherwise @skb is gone.
 */
bool xdp_show_skb(struct queue *queue, struct sk_buff *skb)
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

/**
 * xdp_connect() - let programs know of a queue
 * @queue: queue
 *
 * Return: 0 or an error.
 */
int xdp_connect(struct queue *queue)
{
	struct xdp_rxq_info *rxq = &queue->rx.xdp_rxq;
	int err;

	err = xdp_rxq_info_reg(rxq, queue->front->dev, queue->id,
			       queue->napi.napi_id);
	if (err)
		return err;
	/* A program's frame is a page of its own, which goes with it. */
	err = xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_ORDER0, NULL);
	if (err)
		xdp_rxq_info_unreg(rxq);
	return err;
}

/**
 * xdp_disconnect() - counterpart of xdp_connect()
 * @queue: queue whose NAPI is disabled
 */
void xdp_disconnect(struct queue *queue)
{
	xdp_rxq_info_unreg(&queue->rx.xdp_rxq);
}
