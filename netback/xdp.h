/* SPDX-License-Identifier: GPL-2.0 */
/* XDP on frames from the guest. */
#ifndef NETBACK_XDP_H
#define NETBACK_XDP_H

#include <xennet/xdp.h>
#include "queue.h"

bool xdp_takes(const struct queue *queue, const struct f2b_pkt *pkt);
enum xennet_reason xdp_show(struct queue *queue, struct f2b_job *job,
			    enum xennet_xdp_fate *fate);
bool xdp_show_skb(struct queue *queue, struct sk_buff **skb);

#endif /* NETBACK_XDP_H */
