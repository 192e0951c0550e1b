// SPDX-License-Identifier: GPL-2.0
/*
 * inner send DEV MAC FROM TO COUNT: as a VM that has its own tunnel and leaves checksums to the
 * NIC would send by DEV: VXLAN from address FROM to MAC and TO, with UDP and TCP in it by
 * turns, whose sums are blank.
 *
 * inner look DEV COUNT: looks at the sums inside VXLAN that comes in by DEV, COUNT times or for
 * five seconds. Prints "N right, N wrong".
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS	5000
#define PAUSE_US	100000
#define VXLAN_PORT	4789
#define DATA_LEN	101
/* What is ahead of the inner IP header, from the outer one on. */
#define TUNNEL_LEN	(sizeof(struct iphdr) + sizeof(struct udphdr) + 8 + ETH_HLEN)

/* Ones' complement sum, RFC 1071, of big-endian words. */
static uint32_t sum(const void *bytes, size_t len, uint32_t so_far)
{
	const uint8_t *at = bytes;

	for (; len > 1; at += 2, len -= 2)
		so_far += at[0] << 8 | at[1];
	so_far += len ? at[0] << 8 : 0;
	while (so_far >> 16)
		so_far = (so_far & 0xffff) + (so_far >> 16);
	return so_far;
}

static uint32_t sum_addresses(const struct iphdr *ip)
{
	return sum(&ip->saddr, 8, ip->protocol + ntohs(ip->tot_len) - sizeof(*ip));
}

static size_t sum_place(const struct iphdr *ip)
{
	return ip->protocol == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
					     offsetof(struct udphdr, check);
}

/* Returns where its payload is to be. */
static uint8_t *put_ip(uint8_t *at, uint8_t protocol, uint32_t from, uint32_t to, size_t len)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .tot_len = htons(sizeof(ip) + len), .ttl = 64,
		.protocol = protocol, .saddr = from, .daddr = to,
	};

	ip.check = htons(~sum(&ip, sizeof(ip), 0));
	memcpy(at, &ip, sizeof(ip));
	return at + sizeof(ip);
}

static void put_udp(uint8_t *at, uint16_t port, size_t len)
{
	struct udphdr udp = {
		.source = htons(port), .dest = htons(port), .len = htons(len),
	};

	memcpy(at, &udp, sizeof(udp));
}

/* An inner packet from IP on, without its sum; returns its length. */
static size_t put_inner(uint8_t *at, uint8_t protocol)
{
	size_t head = protocol == IPPROTO_TCP ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	struct tcphdr tcp = { .source = htons(9), .dest = htons(9), .doff = 5, .ack = 1 };
	struct iphdr ip;
	uint16_t part;
	uint8_t *to;

	to = put_ip(at, protocol, htonl(0xc0a80101), htonl(0xc0a80102), head + DATA_LEN);
	if (protocol == IPPROTO_TCP)
		memcpy(to, &tcp, sizeof(tcp));
	else
		put_udp(to, 9, head + DATA_LEN);
	memset(to + head, 'x', DATA_LEN);
	memcpy(&ip, at, sizeof(ip));
	part = htons(sum_addresses(&ip));
	memcpy(to + sum_place(&ip), &part, sizeof(part));
	return sizeof(ip) + head + DATA_LEN;
}

static int open_dev(const char *name, int type, uint16_t protocol)
{
	struct sockaddr_ll dev = {
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, type, 0);

	if (!dev.sll_ifindex || bind(fd, (struct sockaddr *)&dev, sizeof(dev))) {
		perror("inner");
		exit(1);
	}
	return fd;
}

static void put_ethernet(uint8_t *at, const char *mac)
{
	struct ethhdr eth = { .h_source = { 2, 0, 0, 0, 0, 1 }, .h_proto = htons(ETH_P_IP) };

	memcpy(eth.h_dest, ether_aton(mac), ETH_ALEN);
	memcpy(at, &eth, sizeof(eth));
}

static int do_send(char **argv)
{
	int fd = open_dev(argv[0], SOCK_RAW, 0), yes = 1, i;
	uint8_t packet[sizeof(struct virtio_net_hdr) + 512];

	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof(yes))) {
		perror("inner: PACKET_VNET_HDR");
		return 1;
	}
	for (i = 0; i < atoi(argv[4]); i++) {
		uint8_t protocol = i % 2 ? IPPROTO_TCP : IPPROTO_UDP;
		uint8_t *outer = packet + sizeof(struct virtio_net_hdr) + ETH_HLEN, *udp;
		struct iphdr inner = { .protocol = protocol };
		struct virtio_net_hdr words = {
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.csum_start = ETH_HLEN + TUNNEL_LEN + sizeof(inner),
			.csum_offset = sum_place(&inner),
		};
		size_t len;

		memset(packet, 0, sizeof(packet));
		memcpy(packet, &words, sizeof(words));
		put_ethernet(outer - ETH_HLEN, argv[1]);
		len = TUNNEL_LEN + put_inner(outer + TUNNEL_LEN, protocol);
		udp = put_ip(outer, IPPROTO_UDP, inet_addr(argv[2]), inet_addr(argv[3]),
			     len - sizeof(struct iphdr));
		put_udp(udp, VXLAN_PORT, len - sizeof(struct iphdr));
		udp[sizeof(struct udphdr)] = 8; /* there is a network number: 0 */
		put_ethernet(outer + TUNNEL_LEN - ETH_HLEN, argv[1]);
		if (write(fd, packet, outer - packet + len) < 0) {
			perror("inner: sending");
			return 1;
		}
		usleep(PAUSE_US);
	}
	return 0;
}

static int is_right(const uint8_t *at)
{
	struct iphdr ip;

	memcpy(&ip, at, sizeof(ip));
	return sum(at + sizeof(ip), ntohs(ip.tot_len) - sizeof(ip), sum_addresses(&ip)) == 0xffff;
}

/* A packet from outer IP on is one of those that do_send() sends. */
static int is_ours(const uint8_t *packet, ssize_t len)
{
	struct udphdr udp;

	memcpy(&udp, packet + sizeof(struct iphdr), sizeof(udp));
	return len > (ssize_t)TUNNEL_LEN + DATA_LEN && packet[9] == IPPROTO_UDP &&
	       udp.dest == htons(VXLAN_PORT) &&
	       packet[len - 1] == 'x';
}

static int do_look(char **argv)
{
	int fd = open_dev(argv[0], SOCK_DGRAM, ETH_P_IP), right = 0, wrong = 0;
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	static uint8_t packet[70000];

	while (right + wrong < atoi(argv[1]) && poll(&wanted, 1, PATIENCE_MS) > 0) {
		struct sockaddr_ll from;
		socklen_t room = sizeof(from);
		ssize_t len = recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from,
				       &room);

		if (from.sll_pkttype == PACKET_OUTGOING || !is_ours(packet, len))
			continue;
		if (is_right(packet + TUNNEL_LEN))
			right++;
		else
			wrong++;
	}
	printf("%d right, %d wrong\n", right, wrong);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 7 && !strcmp(argv[1], "send"))
		return do_send(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "look"))
		return do_look(argv + 2);
	fprintf(stderr, "usage: inner send DEV MAC FROM TO COUNT\n"
			"       inner look DEV COUNT\n");
	return 2;
}
