/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The boolean xenstore keys by which the two ends agree on what they send.
 * Source: xen/io/netif.h, "feature-" and "request-" keys; feature-xdp-headroom is
 * in Linux's copy of it only, feature-vlan-offload is our own.
 */
#ifndef XENNET_FEATURES_H
#define XENNET_FEATURES_H

#include <xennet/types.h>

/* X(symbol, key): value 1 means yes, 0 or an absent key means no. */
#define XENNET_FEATURES(X)				\
	X(SG,		"feature-sg")			\
	X(GSO_TCPV4,	"feature-gso-tcpv4")		\
	X(GSO_TCPV6,	"feature-gso-tcpv6")		\
	X(IPV6_CSUM,	"feature-ipv6-csum-offload")	\
	X(NO_CSUM,	"feature-no-csum-offload")	\
	X(RX_NOTIFY,	"feature-rx-notify")		\
	X(RX_COPY,	"feature-rx-copy")		\
	X(REQUEST_COPY,	"request-rx-copy")		\
	X(SPLIT,	"feature-split-event-channels")	\
	X(MCAST,	"feature-multicast-control")	\
	X(DYNAMIC_MCAST, "feature-dynamic-multicast-control") \
	X(REQUEST_MCAST, "request-multicast-control")	\
	X(CTRL_RING,	"feature-ctrl-ring")		\
	X(XDP_HEADROOM,	"feature-xdp-headroom")		\
	X(VLAN,		"feature-vlan-offload")

enum xennet_feature_bit {
#define X(sym, key) XENNET_FEATURE_BIT_##sym,
	XENNET_FEATURES(X)
#undef X
	XENNET_FEATURE_COUNT,
};

enum xennet_feature {
#define X(sym, key) XENNET_F_##sym = 1u << XENNET_FEATURE_BIT_##sym,
	XENNET_FEATURES(X)
#undef X
};

/* What a backend shows in its own directory, and what a frontend does. */
#define XENNET_F_BACK	(XENNET_F_SG | XENNET_F_GSO_TCPV4 | \
			 XENNET_F_GSO_TCPV6 | XENNET_F_IPV6_CSUM | \
			 XENNET_F_RX_COPY | XENNET_F_VLAN)
/* And these, which concern the backend alone. */
#define XENNET_F_BACK_ONLY (XENNET_F_SPLIT | XENNET_F_MCAST | \
			    XENNET_F_DYNAMIC_MCAST | XENNET_F_CTRL_RING | \
			    XENNET_F_XDP_HEADROOM)
#define XENNET_F_FRONT	(XENNET_F_SG | XENNET_F_GSO_TCPV4 | \
			 XENNET_F_GSO_TCPV6 | XENNET_F_IPV6_CSUM | \
			 XENNET_F_RX_NOTIFY | XENNET_F_REQUEST_COPY | \
			 XENNET_F_VLAN)

/**
 * xennet_feature_key() - xenstore key of a feature
 * @bit: which
 *
 * Return: a constant string, NULL when out of range.
 */
static inline const char *xennet_feature_key(unsigned int bit)
{
	static const char * const keys[XENNET_FEATURE_COUNT] = {
#define X(sym, key) [XENNET_FEATURE_BIT_##sym] = key,
		XENNET_FEATURES(X)
#undef X
	};

	return bit < XENNET_FEATURE_COUNT ? keys[bit] : NULL;
}

/**
 * xennet_agree() - what may be sent to a peer
 * @theirs: features the peer announced, enum xennet_feature
 *
 * GSO needs scatter-gather, and TCP over IPv6 a checksum the peer completes;
 * a peer that wants no blank checksums gets no GSO either.
 *
 * Return: @theirs less what contradicts the rest of it.
 */
static inline u32 xennet_agree(u32 theirs)
{
	if (theirs & XENNET_F_NO_CSUM)
		theirs &= ~(XENNET_F_GSO_TCPV4 | XENNET_F_GSO_TCPV6 |
			    XENNET_F_IPV6_CSUM | XENNET_F_VLAN);
	if (!(theirs & XENNET_F_SG))
		theirs &= ~(XENNET_F_GSO_TCPV4 | XENNET_F_GSO_TCPV6);
	if (!(theirs & XENNET_F_IPV6_CSUM))
		theirs &= ~XENNET_F_GSO_TCPV6;
	return theirs;
}

#endif /* XENNET_FEATURES_H */
