/* SPDX-License-Identifier: GPL-2.0 */
/* Checksum, GSO and hash of a received frame, for both ends. Kernel glue. */
#ifndef XENNET_OFFLOAD_H
#define XENNET_OFFLOAD_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <xennet/features.h>
#include <xennet/hash.h>
#include <xennet/reason.h>
#include <xennet/wire.h>

/**
 * struct xennet_offload - what the peer says of a frame's checksum and size
 * @gso_type: enum xennet_gso_type
 * @gso_size: payload bytes a segment, 0 without GSO
 * @csum_blank: protocol checksum left to whoever needs it
 * @data_validated: protocol checksum known to be right
 */
struct xennet_offload {
	u8 gso_type;
	u16 gso_size;
	bool csum_blank;
	bool data_validated;
};

/* VLAN tags that a blank checksum is looked for behind. */
#define XENNET_TAGS_MAX	2u

/**
 * xennet_find_csum() - skb_checksum_setup() behind the VLAN tags of a received frame
 * @skb: frame with protocol and network header set
 * @mend: compute what the checksum has of addresses and length
 *
 * The tags stay where they are: there an XDP program looks for them, and the stack.
 *
 * Return: 0 or an error.
 */
static inline int xennet_find_csum(struct sk_buff *skb, bool mend)
{
	__be16 protocol = skb->protocol;
	unsigned int tags = 0;
	int err;

	while (eth_type_vlan(skb->protocol) &&
	       tags < XENNET_TAGS_MAX * VLAN_HLEN &&
	       pskb_may_pull(skb, VLAN_HLEN)) {
		const struct vlan_hdr *tag = (const void *)skb->data;

		skb->protocol = tag->h_vlan_encapsulated_proto;
		__skb_pull(skb, VLAN_HLEN);
		tags += VLAN_HLEN;
	}
	skb_reset_network_header(skb);
	err = skb_checksum_setup(skb, mend);
	__skb_push(skb, tags);
	skb_reset_network_header(skb);
	skb->protocol = protocol;
	return err;
}

/**
 * xennet_set_offload() - mark an skb as the peer described its frame
 * @skb: frame with protocol and network header set; headers may be pulled
 * @o: the peer's words, not trusted: all offsets are found in the frame
 * @fixed: incremented when GSO came without a blank checksum and was mended
 *
 * Return: XENNET_OK, or XENNET_BAD_CHECKSUM when the frame has no place for
 * the checksum; the caller drops it.
 */
static inline enum xennet_reason
xennet_set_offload(struct sk_buff *skb, const struct xennet_offload *o,
		   u64 *fixed)
{
	bool gso = o->gso_type != XENNET_GSO_NONE;
	bool mend = gso && !o->csum_blank;
	int headers;

	if (!gso && !o->csum_blank) {
		if (o->data_validated)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		return XENNET_OK;
	}
	*fixed += mend;
	skb->ip_summed = CHECKSUM_PARTIAL;
	if (xennet_find_csum(skb, mend))
		return XENNET_BAD_CHECKSUM;
	if (!gso)
		return XENNET_OK;

	if (!skb_transport_header_was_set(skb) ||
	    skb->csum_offset != offsetof(struct tcphdr, check))
		return XENNET_BAD_CHECKSUM;
	headers = skb_tcp_all_headers(skb);
	if (headers >= skb->len)
		return XENNET_BAD_CHECKSUM;
	skb_shinfo(skb)->gso_size = o->gso_size;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY |
		(o->gso_type == XENNET_GSO_TCPV4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6);
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len - headers,
						 o->gso_size);
	return XENNET_OK;
}

/* Most bytes from a network header to a checksum that the other end finds. */
#define XENNET_HEADERS_MAX	236

/**
 * xennet_sums_at() - where the other end puts a checksum
 * @protocol: of IP
 * @offset: bytes behind the protocol's header
 *
 * Return: true if there.
 */
static inline bool xennet_sums_at(u8 protocol, u16 offset)
{
	return protocol == IPPROTO_TCP ?
		offset == offsetof(struct tcphdr, check) :
		protocol == IPPROTO_UDP &&
		offset == offsetof(struct udphdr, check);
}

/**
 * xennet_sums_ipv4() - does the other end find the blank checksum, behind an IPv4 header?
 * @skb: frame to be sent to it, with the headers in its linear part
 * @headers: bytes from the network header to where the sum starts
 *
 * Return: true if so.
 */
static inline bool xennet_sums_ipv4(const struct sk_buff *skb, int headers)
{
	const struct iphdr *ip = ip_hdr(skb);

	return headers >= (int)sizeof(*ip) && headers == ip->ihl * 4 &&
	       !ip_is_fragment(ip) &&
	       xennet_sums_at(ip->protocol, skb->csum_offset);
}

/**
 * xennet_sums_ipv6() - does the other end find the blank checksum, behind IPv6 headers?
 * @skb: frame to be sent to it, with the headers in its linear part
 * @headers: bytes from the network header to where the sum starts
 *
 * Return: true if so.
 */
static inline bool xennet_sums_ipv6(const struct sk_buff *skb, int headers)
{
	int start = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	__be16 fragment = 0;
	u8 protocol;

	if (headers < (int)sizeof(struct ipv6hdr) ||
	    headers > XENNET_HEADERS_MAX)
		return false;
	protocol = ipv6_hdr(skb)->nexthdr;
	if (headers != sizeof(struct ipv6hdr) &&
	    (ipv6_skip_exthdr(skb, start, &protocol, &fragment) !=
	     skb_checksum_start_offset(skb) || fragment))
		return false;
	return xennet_sums_at(protocol, skb->csum_offset);
}

/**
 * xennet_network_type() - of what protocol the network header is
 * @skb: frame to be sent
 *
 * Behind a tag in its data that is the word right before it, if the stack has put the
 * network header there.
 *
 * Return: a protocol number of Ethernet, maybe of nothing known.
 */
static inline __be16 xennet_network_type(const struct sk_buff *skb)
{
	if (!eth_type_vlan(skb->protocol))
		return skb->protocol;
	if (skb->network_header < sizeof(__be16))
		return 0;
	return *(const __be16 *)(skb_network_header(skb) - sizeof(__be16));
}

/**
 * xennet_can_say() - is the blank checksum where the other end looks for it?
 * @skb: frame to be sent to it
 *
 * The ring says that a checksum is blank, and not which: it is taken for that of the
 * first TCP or UDP header.
 *
 * Return: true if so.
 */
static inline bool xennet_can_say(const struct sk_buff *skb)
{
	int headers = skb_checksum_start_offset(skb) - skb_network_offset(skb);

	if (skb_checksum_start_offset(skb) > (int)skb_headlen(skb))
		return false;
	switch (xennet_network_type(skb)) {
	case htons(ETH_P_IP):
		return xennet_sums_ipv4(skb, headers);
	case htons(ETH_P_IPV6):
		return xennet_sums_ipv6(skb, headers);
	default:
		return false;
	}
}

/**
 * xennet_takes_tag() - may offloads of a frame be left to the other end?
 * @skb: the frame, its tag in its data if it has one
 * @agreed: what may be sent to it, enum xennet_feature
 *
 * Return: false for a tagged frame, if it knows those without offloads only.
 */
static inline bool xennet_takes_tag(const struct sk_buff *skb, u32 agreed)
{
	return agreed & XENNET_F_VLAN || !eth_type_vlan(skb->protocol);
}

/**
 * xennet_check_features() - ndo_features_check: offloads that may be left to the other end
 * @skb: frame to be sent to it
 * @features: those of the device, for a frame like this
 * @agreed: what may be sent to it, enum xennet_feature
 *
 * A checksum that the ring has no words for is completed by the stack, and with it
 * goes segmentation: of a tunnel's inner packet, for one, that a VM in the guest sent.
 *
 * Return: @features, or fewer.
 */
static inline netdev_features_t
xennet_check_features(struct sk_buff *skb, netdev_features_t features,
		      u32 agreed)
{
	features = vlan_features_check(skb, features);
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return features;
	if ((agreed & XENNET_F_VLAN || !skb_vlan_tagged(skb)) &&
	    xennet_can_say(skb))
		return features;
	return features & ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
}

/**
 * xennet_fill_csum() - complete a checksum that was left blank, for who looks at it
 * @skb: frame with one, or without, or made of several segments, which stays as it is
 *
 * Return: false when that could not be done; the caller drops it.
 */
static inline bool xennet_fill_csum(struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_PARTIAL || skb_is_gso(skb) ||
	       !skb_checksum_help(skb);
}

/**
 * xennet_is_dhcp() - does a frame with a blank checksum go to a DHCP client or server?
 * @skb: the frame, of which it is known where the sum is
 *
 * They read it by a raw socket, and many drop what they find then. Ports: RFC 2131, RFC 8415.
 *
 * Return: true if so.
 */
static inline bool xennet_is_dhcp(const struct sk_buff *skb)
{
	const struct udphdr *udp;
	struct udphdr room;

	if (skb->ip_summed != CHECKSUM_PARTIAL ||
	    skb->csum_offset != offsetof(struct udphdr, check))
		return false;
	udp = skb_header_pointer(skb, skb_checksum_start_offset(skb),
				 sizeof(room), &room);
	if (!udp)
		return false;
	switch (ntohs(udp->dest)) {
	case 67:
	case 68:
	case 546:
	case 547:
		return true;
	default:
		return false;
	}
}

/**
 * xennet_set_hash() - give an skb the hash the peer sent with its frame
 * @skb: the frame
 * @hash: the peer's words; what it says decides on queues and CPUs, no more
 *
 * Return: false when there is none.
 */
static inline bool xennet_set_hash(struct sk_buff *skb,
				   const struct xennet_hash *hash)
{
	if (hash->algorithm == XENNET_HASH_NONE)
		return false;
	skb_set_hash(skb, hash->value, xennet_hash_has_ports(hash) ?
		     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	return true;
}

#endif /* XENNET_OFFLOAD_H */
