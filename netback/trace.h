/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: the life of a slot, and states. Documentation/credit.md. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netback

#if !defined(NETBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NETBACK_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>
#include <xen/interface/xen.h>
#include <xennet/reason.h>

DECLARE_EVENT_CLASS(netback_packet,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg),
	TP_STRUCT__entry(
		__field(u16, domid)
		__field(u16, queue)
		__field(u16, pkt)
		__field(u16, slots)
		__field(u32, arg)
	),
	TP_fast_assign(
		__entry->domid = domid;
		__entry->queue = queue;
		__entry->pkt = pkt;
		__entry->slots = slots;
		__entry->arg = arg;
	),
	TP_printk("domid=%u queue=%u pkt=%u slots=%u arg=%u",
		  __entry->domid, __entry->queue, __entry->pkt,
		  __entry->slots, __entry->arg)
);

/* Requests consumed; arg: bytes of the frame. */
DEFINE_EVENT(netback_packet, f2b_consumed,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg));

/* The frame goes to the stack and holds its slots; arg: slots held by now. */
DEFINE_EVENT(netback_packet, f2b_held,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg));

/* The frame gets no further: its slots go back at once; arg: milliseconds. */
DEFINE_EVENT(netback_packet, f2b_parked,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg));

/* Nothing in dom0 uses the frame any more; arg: enum hold_end. */
DEFINE_EVENT(netback_packet, f2b_released,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg));

/* Its slots are the guest's again; arg: enum xennet_reason. */
DEFINE_EVENT(netback_packet, f2b_answered,
	TP_PROTO(domid_t domid, unsigned int queue, unsigned int pkt,
		 unsigned int slots, unsigned int arg),
	TP_ARGS(domid, queue, pkt, slots, arg));

TRACE_EVENT(vif_state,
	TP_PROTO(domid_t domid, unsigned int handle, int from, int to),
	TP_ARGS(domid, handle, from, to),
	TP_STRUCT__entry(
		__field(u16, domid)
		__field(u32, handle)
		__field(int, from)
		__field(int, to)
	),
	TP_fast_assign(
		__entry->domid = domid;
		__entry->handle = handle;
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("domid=%u handle=%u from=%d to=%d", __entry->domid,
		  __entry->handle, __entry->from, __entry->to)
);

TRACE_EVENT(vif_broken,
	TP_PROTO(domid_t domid, unsigned int handle, enum xennet_reason reason),
	TP_ARGS(domid, handle, reason),
	TP_STRUCT__entry(
		__field(u16, domid)
		__field(u32, handle)
		__array(char, reason, XENNET_REASON_NAME_SIZE)
	),
	TP_fast_assign(
		__entry->domid = domid;
		__entry->handle = handle;
		strscpy(__entry->reason, xennet_reason_name(reason),
			XENNET_REASON_NAME_SIZE);
	),
	TP_printk("domid=%u handle=%u reason=%s", __entry->domid,
		  __entry->handle, __entry->reason)
);

#endif /* NETBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
