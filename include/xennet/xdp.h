/* SPDX-License-Identifier: GPL-2.0 */
/* What both ends do for an XDP program. Kernel glue. */
#ifndef XENNET_XDP_H
#define XENNET_XDP_H

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/xdp.h>
#include <xennet/offload.h>
#include <xennet/reason.h>

/* Longest frame a program is shown in a page, room before and behind it. */
#define XENNET_XDP_LEN_MAX \
	(SKB_WITH_OVERHEAD(PAGE_SIZE) - XDP_PACKET_HEADROOM)

/*
 * What devices do for programs, their own and those of others. Of frames in several pages
 * nothing is said: a program sees those in an skb.
 */
#define XENNET_XDP_FEATURES \
	(NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT | NETDEV_XDP_ACT_NDO_XMIT)

/* What became of a frame that a program has seen; counted in this order. */
#define XENNET_XDP_FATES(X)						\
	X(pass)		/* goes to the stack */				\
	X(tx)		/* goes back where it came from */		\
	X(redirect)	/* another device has it */			\
	X(drop)		/* is gone */					\
	X(aborted)	/* the program failed, or the other device; is gone */

enum xennet_xdp_fate {
#define X(name) XENNET_XDP_##name,
	XENNET_XDP_FATES(X)
#undef X
	XENNET_XDP_FATES_COUNT,
};

/**
 * xennet_xdp_command() - ndo_bpf
 * @at: where the interface has its program
 * @bpf: the command
 *
 * The old program is freed after a grace period.
 *
 * Context: RTNL held.
 *
 * Return: 0 or -EINVAL.
 */
static inline int xennet_xdp_command(struct bpf_prog __rcu **at,
				     const struct netdev_bpf *bpf)
{
	struct bpf_prog *old = rtnl_dereference(*at);

	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	rcu_assign_pointer(*at, bpf->prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

/**
 * xennet_xdp_run() - show a frame to a program, and do what it says
 * @dev: device the frame came in by
 * @prog: the program
 * @xdp: the frame, alone in a page
 *
 * Context: NAPI, which ends with xdp_do_flush() after a redirection.
 *
 * Return: the frame's fate. The page is still the caller's when it is to go to
 * the stack or back.
 */
static inline enum xennet_xdp_fate xennet_xdp_run(struct net_device *dev,
						  struct bpf_prog *prog,
						  struct xdp_buff *xdp)
{
	enum xennet_xdp_fate fate = XENNET_XDP_aborted;
	u32 act = bpf_prog_run_xdp(prog, xdp);

	switch (act) {
	case XDP_PASS:
		return XENNET_XDP_pass;
	case XDP_TX:
		return XENNET_XDP_tx;
	case XDP_REDIRECT:
		if (!xdp_do_redirect(dev, xdp, prog))
			return XENNET_XDP_redirect;
		break;
	case XDP_DROP:
		fate = XENNET_XDP_drop;
		break;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(dev, prog, act);
	}
	if (fate == XENNET_XDP_aborted)
		trace_xdp_exception(dev, prog, act);
	put_page(virt_to_page(xdp->data_hard_start));
	return fate;
}

/**
 * xennet_xdp_run_skb() - show a program a frame that has an skb already
 * @prog: the program
 * @skb: the frame, as the stack would get it; another may take its place, without
 *	what a driver has put on this one
 *
 * The program gets all of it. Its checksum is filled in unless the frame
 * is to be segmented: what is redirected goes to the other device's driver as
 * it is, whatever offloads that has.
 *
 * Context: NAPI.
 *
 * Return: true when the frame passes. Otherwise it is gone: by the program's
 * verdict, or for want of memory.
 */
static inline bool xennet_xdp_run_skb(struct bpf_prog *prog,
				      struct sk_buff **skb)
{
	if (!xennet_fill_csum(*skb)) {
		kfree_skb(*skb);
		return false;
	}
	return do_xdp_generic(prog, skb) == XDP_PASS;
}

/**
 * xennet_xdp_fill_csum() - complete a checksum that was left blank
 * @dev: device the frame came in by
 * @data: the frame, from its Ethernet header on; private memory
 * @len: bytes
 *
 * A program may send a frame anywhere, and an xdp_frame cannot say that its
 * checksum is yet to be filled in.
 *
 * Return: false when the frame has no place for a checksum.
 */
static inline bool xennet_xdp_fill_csum(const struct net_device *dev,
					void *data, u32 len)
{
	const struct ethhdr *eth = data;
	struct flow_keys_basic keys;
	u32 start, at;
	__sum16 sum;

	if (!skb_flow_dissect_flow_keys_basic(dev_net(dev), NULL, &keys, data,
					      eth->h_proto, ETH_HLEN, len,
					      FLOW_DISSECTOR_F_STOP_AT_ENCAP) ||
	    keys.control.flags & FLOW_DIS_IS_FRAGMENT)
		return false;
	start = keys.control.thoff;
	if (keys.basic.ip_proto == IPPROTO_TCP)
		at = start + offsetof(struct tcphdr, check);
	else if (keys.basic.ip_proto == IPPROTO_UDP)
		at = start + offsetof(struct udphdr, check);
	else
		return false;
	if (at + sizeof(sum) > len)
		return false;
	sum = csum_fold(csum_partial(data + start, len - start, 0));
	/* In UDP 0 would stand for none. */
	*(__sum16 *)(data + at) = sum ?: CSUM_MANGLED_0;
	return true;
}

/**
 * xennet_xdp_skb() - an skb around a frame that a program lets pass
 * @xdp: the frame, alone in a page
 *
 * Context: NAPI.
 *
 * Return: the skb, which owns the page; NULL without memory, the page is still
 * the caller's then.
 */
static inline struct sk_buff *xennet_xdp_skb(const struct xdp_buff *xdp)
{
	struct sk_buff *skb = napi_build_skb(xdp->data_hard_start, PAGE_SIZE);

	if (!skb)
		return NULL;
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	if (xdp->data_meta < xdp->data)
		skb_metadata_set(skb, xdp->data - xdp->data_meta);
	return skb;
}

/**
 * struct xennet_xdp_frame - a frame on its way past a program
 * @page: the frame, behind XDP_PACKET_HEADROOM; private memory
 * @len: bytes
 * @csum_blank: its checksum is yet to be filled in
 * @xdp: the frame as the program left it; from xennet_xdp_show() on
 * @fate: what became of it; from xennet_xdp_show() on
 * @skb: the frame if it goes to the stack or back, else NULL; from
 *	xennet_xdp_wrap() on
 */
struct xennet_xdp_frame {
	struct page *page;
	u32 len;
	bool csum_blank;
	struct xdp_buff xdp;
	enum xennet_xdp_fate fate;
	struct sk_buff *skb;
};

/**
 * xennet_xdp_show() - show a frame to a program, before it has an skb
 * @rxq: the queue it came in by
 * @prog: the program; NULL if it has gone meanwhile: the frame passes
 * @frame: the frame; its page is taken from the caller. Its checksum is filled
 *	in if it was blank
 *
 * Context: as xennet_xdp_run().
 *
 * Return: XENNET_OK, to be followed by xennet_xdp_wrap(); or why the frame is
 * dropped unseen.
 */
static inline enum xennet_reason xennet_xdp_show(struct xdp_rxq_info *rxq,
						 struct bpf_prog *prog,
						 struct xennet_xdp_frame *frame)
{
	struct xdp_buff *xdp = &frame->xdp;

	xdp_init_buff(xdp, PAGE_SIZE, rxq);
	xdp_prepare_buff(xdp, page_address(frame->page), XDP_PACKET_HEADROOM,
			 frame->len, true);
	if (frame->csum_blank &&
	    !xennet_xdp_fill_csum(rxq->dev, xdp->data, frame->len)) {
		put_page(frame->page);
		return XENNET_BAD_CHECKSUM;
	}
	frame->fate = prog ? xennet_xdp_run(rxq->dev, prog, xdp) :
			     XENNET_XDP_pass;
	return XENNET_OK;
}

/**
 * xennet_xdp_wrap() - an skb for a frame that is to go to the stack or back
 * @frame: a frame that xennet_xdp_show() showed; its page goes with the skb
 *
 * Context: NAPI.
 *
 * Return: XENNET_OK or why the frame is dropped.
 */
static inline enum xennet_reason xennet_xdp_wrap(struct xennet_xdp_frame *frame)
{
	frame->skb = NULL;
	if (frame->fate > XENNET_XDP_tx)
		return XENNET_OK;
	frame->skb = xennet_xdp_skb(&frame->xdp);
	if (frame->skb)
		return XENNET_OK;
	put_page(frame->page);
	return XENNET_NO_MEMORY;
}

/**
 * xennet_xdp_register() - let programs know of a queue
 * @rxq: what they are told
 * @dev: its device
 * @nr: its number
 * @napi: its NAPI
 *
 * A program's frame is a page of its own, which goes with it. Counterpart:
 * xdp_rxq_info_unreg().
 *
 * Return: 0 or an error.
 */
static inline int xennet_xdp_register(struct xdp_rxq_info *rxq,
				      struct net_device *dev, u32 nr,
				      const struct napi_struct *napi)
{
	int err;

	err = xdp_rxq_info_reg(rxq, dev, nr, napi->napi_id);
	if (err)
		return err;
	err = xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_ORDER0, NULL);
	if (err)
		xdp_rxq_info_unreg(rxq);
	return err;
}

/**
 * xennet_xdp_send() - transmit a frame that is not from the stack
 * @skb: the frame, as eth_type_trans() leaves it, network header set; its device
 *	the one to send by
 *
 * Through the qdisc, to wait there while the ring is full.
 *
 * Context: soft interrupts off.
 */
static inline void xennet_xdp_send(struct sk_buff *skb)
{
	__skb_push(skb, ETH_HLEN);
	dev_queue_xmit(skb);
}

/**
 * xennet_xdp_xmit() - ndo_xdp_xmit: transmit what programs of others redirect
 * @dev: device to send by
 * @count: how many
 * @frames: the frames; those that are taken are gone
 * @flags: XDP_XMIT_FLAGS_MASK
 *
 * Each in an skb of its own, which holds slots and memory as any other does.
 * Nothing waits for a flush.
 *
 * Context: NAPI of whoever has them.
 *
 * Return: how many were taken, or an error and none was.
 */
static inline int xennet_xdp_xmit(struct net_device *dev, int count,
				  struct xdp_frame **frames, u32 flags)
{
	int i;

	if (flags & ~XDP_XMIT_FLAGS_MASK)
		return -EINVAL;
	if (!netif_carrier_ok(dev))
		return -ENETDOWN;
	for (i = 0; i < count; i++) {
		struct sk_buff *skb = xdp_build_skb_from_frame(frames[i], dev);

		if (!skb)
			break;
		skb_reset_network_header(skb);
		xennet_xdp_send(skb);
	}
	return i;
}

#endif /* XENNET_XDP_H */
