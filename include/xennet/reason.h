/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every way a packet or an interface can fail, once: counters, messages,
 * tracepoints and tests take their names from this list.
 */
#ifndef XENNET_REASON_H
#define XENNET_REASON_H

#include <xennet/types.h>

/*
 * X(symbol, ethtool name, text). From XENNET_FATAL_FIRST on, the peer broke
 * the protocol and its interface stops; before, only the packet is lost.
 */
#define XENNET_DROPS(X)							\
	X(OK,		 "ok",		    "no error")			\
	X(RUNT,		 "runt",	    "frame shorter than an Ethernet header") \
	X(OVERSIZE,	 "oversize",	    "frame longer than 65535 bytes") \
	X(TOO_MANY_SLOTS, "too_many_slots", "more data slots than 18")	\
	X(SIZE_MISMATCH, "size_mismatch",   "slots do not add up to the frame") \
	X(GRANT_COPY,	 "grant_copy",	    "grant copy failed")	\
	X(TINY_SEGMENTS, "tiny_segments",   "GSO segments of less than 8 bytes") \
	X(NO_MEMORY,	 "no_memory",	    "no memory")		\
	X(BAD_CHECKSUM,	 "bad_checksum",    "blank checksum cannot be set up") \
	X(CONTROL,	 "control",	    "multicast address cannot be listed") \
	X(NO_BUFFERS,	 "no_buffers",	    "guest posts no buffers")	\
	X(NOT_CONNECTED, "not_connected",   "no peer connected")	\
	X(PEER_ERROR,	 "peer_error",	    "peer answered with an error") \
	X(SHORT_HEADER,	 "short_header",    "headers cut short")

#define XENNET_FATALS(X)						\
	X(RING_OVERFLOW, "ring_overflow",   "ring index out of range")	\
	X(CUT_OFF,	 "cut_off",	    "packet ends in the middle of the ring") \
	X(SLOT_FLOOD,	 "slot_flood",	    "more slots than the fatal limit") \
	X(CROSSES_PAGE,	 "crosses_page",    "slot reaches over its page") \
	X(BAD_EXTRA,	 "bad_extra",	    "extra info of unknown type")	\
	X(BAD_GSO,	 "bad_gso",	    "GSO type or size not valid") \
	X(BAD_ID,	 "bad_id",	    "response to nothing asked")	\
	X(GRANT_IN_USE,	 "grant_in_use",    "answered page is still mapped")

enum xennet_reason {
#define X(sym, name, text) XENNET_##sym,
	XENNET_DROPS(X)
	XENNET_FATALS(X)
#undef X
	XENNET_REASONS,
	XENNET_FATAL_FIRST = XENNET_RING_OVERFLOW,
};

/* Bytes that take any name. */
#define XENNET_REASON_NAME_SIZE	24

/**
 * xennet_reason_fatal() - does this reason stop the interface?
 * @reason: the reason
 *
 * Return: true when the peer broke the protocol.
 */
static inline bool xennet_reason_fatal(enum xennet_reason reason)
{
	return reason >= XENNET_FATAL_FIRST;
}

/**
 * xennet_reason_name() - short name, as in ethtool -S after "drop_"
 * @reason: the reason
 *
 * Return: a constant string.
 */
static inline const char *xennet_reason_name(enum xennet_reason reason)
{
	static const char * const names[XENNET_REASONS] = {
#define X(sym, name, text) [XENNET_##sym] = name,
		XENNET_DROPS(X)
		XENNET_FATALS(X)
#undef X
	};

	return reason < XENNET_REASONS ? names[reason] : "unknown";
}

/**
 * xennet_reason_text() - what went wrong, for people
 * @reason: the reason
 *
 * Return: a constant string.
 */
static inline const char *xennet_reason_text(enum xennet_reason reason)
{
	static const char * const texts[XENNET_REASONS] = {
#define X(sym, name, text) [XENNET_##sym] = text,
		XENNET_DROPS(X)
		XENNET_FATALS(X)
#undef X
	};

	return reason < XENNET_REASONS ? texts[reason] : "unknown";
}

#endif /* XENNET_REASON_H */
