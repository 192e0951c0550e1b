/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints, event system "netfront". */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netfront

#if !defined(NETFRONT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NETFRONT_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>
#include <xennet/reason.h>
#include "b2f_parse.h"
#include "f2b_build.h"
#include "state.h"

/* Numbers for those who read the events' formats. */
TRACE_DEFINE_ENUM(FRONT_DO_NOTHING);
TRACE_DEFINE_ENUM(FRONT_DO_CONNECT);
TRACE_DEFINE_ENUM(FRONT_DO_CARRIER_ON);
TRACE_DEFINE_ENUM(FRONT_DO_CARRIER_OFF);
TRACE_DEFINE_ENUM(FRONT_DO_STOP);
TRACE_DEFINE_ENUM(FRONT_DO_CLOSE);
TRACE_DEFINE_ENUM(FRONT_DO_RETURN);
TRACE_DEFINE_ENUM(FRONT_DO_START);

TRACE_EVENT(front_slot_posted,
	TP_PROTO(const struct net_device *dev, unsigned int queue,
		 const struct f2b_piece *piece),
	TP_ARGS(dev, queue, piece),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(u16, id)
		__field(u32, gref)
		__field(u16, offset)
		__field(u16, len)
	),
	TP_fast_assign(
		strscpy(__entry->name, dev->name, IFNAMSIZ);
		__entry->queue = queue;
		__entry->id = piece->id;
		__entry->gref = piece->gref;
		__entry->offset = piece->offset;
		__entry->len = piece->len;
	),
	TP_printk("%s q%u id %u gref %u offset %u len %u", __entry->name,
		  __entry->queue, __entry->id, __entry->gref,
		  __entry->offset, __entry->len)
);

TRACE_EVENT(front_slot_answered,
	TP_PROTO(const struct net_device *dev, unsigned int queue,
		 const struct f2b_response *rsp),
	TP_ARGS(dev, queue, rsp),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(u16, id)
		__field(s16, status)
	),
	TP_fast_assign(
		strscpy(__entry->name, dev->name, IFNAMSIZ);
		__entry->queue = queue;
		__entry->id = rsp->id;
		__entry->status = rsp->status;
	),
	TP_printk("%s q%u id %u status %d", __entry->name, __entry->queue,
		  __entry->id, __entry->status)
);

TRACE_EVENT(front_packet,
	TP_PROTO(const struct net_device *dev, unsigned int queue,
		 const struct b2f_pkt *pkt, enum xennet_reason reason),
	TP_ARGS(dev, queue, pkt, reason),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__array(char, reason, XENNET_REASON_NAME_SIZE)
		__field(unsigned int, queue)
		__field(u32, len)
		__field(u16, used)
		__field(u16, gso_size)
	),
	TP_fast_assign(
		strscpy(__entry->name, dev->name, IFNAMSIZ);
		strscpy(__entry->reason, xennet_reason_name(reason),
			XENNET_REASON_NAME_SIZE);
		__entry->queue = queue;
		__entry->len = pkt->len;
		__entry->used = pkt->used;
		__entry->gso_size = pkt->gso_size;
	),
	TP_printk("%s q%u len %u slots %u gso %u: %s", __entry->name,
		  __entry->queue, __entry->len, __entry->used,
		  __entry->gso_size, __entry->reason)
);

TRACE_EVENT(front_broken,
	TP_PROTO(const struct net_device *dev, unsigned int queue,
		 enum xennet_reason reason),
	TP_ARGS(dev, queue, reason),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__array(char, reason, XENNET_REASON_NAME_SIZE)
		__field(unsigned int, queue)
	),
	TP_fast_assign(
		strscpy(__entry->name, dev->name, IFNAMSIZ);
		strscpy(__entry->reason, xennet_reason_name(reason),
			XENNET_REASON_NAME_SIZE);
		__entry->queue = queue;
	),
	TP_printk("%s q%u: %s", __entry->name, __entry->queue,
		  __entry->reason)
);

TRACE_EVENT(front_state,
	TP_PROTO(const char *node, unsigned int own, unsigned int back,
		 unsigned int action),
	TP_ARGS(node, own, back, action),
	TP_STRUCT__entry(
		__array(char, node, 32)
		__field(unsigned int, own)
		__field(unsigned int, back)
		__field(unsigned int, action)
	),
	TP_fast_assign(
		strscpy(__entry->node, node, sizeof(__entry->node));
		__entry->own = own;
		__entry->back = back;
		__entry->action = action;
	),
	TP_printk("%s state %u, backend %u: %s", __entry->node, __entry->own,
		  __entry->back,
		  __print_symbolic(__entry->action,
				   { FRONT_DO_NOTHING, "nothing" },
				   { FRONT_DO_CONNECT, "connect" },
				   { FRONT_DO_CARRIER_ON, "carrier on" },
				   { FRONT_DO_CARRIER_OFF, "carrier off" },
				   { FRONT_DO_STOP, "stop" },
				   { FRONT_DO_CLOSE, "close" },
				   { FRONT_DO_RETURN, "return" },
				   { FRONT_DO_START, "start" }))
);

#endif /* NETFRONT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
