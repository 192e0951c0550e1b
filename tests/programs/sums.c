// SPDX-License-Identifier: GPL-2.0
/*
 * sums DEV PORT COUNT: looks at UDP checksums as they come in by DEV, as who reads a raw socket
 * sees them, of COUNT datagrams to PORT or those of five seconds. Prints "N right, N wrong".
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define PATIENCE_MS	5000

/* Ones' complement sum, RFC 1071, of big-endian words. */
static uint32_t sum(const uint8_t *at, size_t len, uint32_t so_far)
{
	for (; len > 1; at += 2, len -= 2)
		so_far += at[0] << 8 | at[1];
	return so_far + (len ? at[0] << 8 : 0);
}

static int is_right(const struct iphdr *ip, const struct udphdr *udp)
{
	size_t len = ntohs(udp->len);
	uint32_t s = sum((const uint8_t *)&ip->saddr, 8, IPPROTO_UDP + len);

	s = sum((const uint8_t *)udp, len, s);
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return udp->check && s == 0xffff;
}

int main(int argc, char **argv)
{
	static _Alignas(8) uint8_t packet[70000];
	const struct iphdr *ip = (const void *)packet;
	struct sockaddr_ll dev = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0), right = 0, wrong = 0;
	struct pollfd wanted = { .fd = fd, .events = POLLIN };

	if (argc != 4) {
		fprintf(stderr, "usage: sums DEV PORT COUNT\n");
		return 2;
	}
	dev.sll_ifindex = if_nametoindex(argv[1]);
	if (!dev.sll_ifindex || bind(fd, (struct sockaddr *)&dev, sizeof(dev))) {
		perror("sums");
		return 1;
	}
	while (right + wrong < atoi(argv[3]) && poll(&wanted, 1, PATIENCE_MS) > 0) {
		struct sockaddr_ll from;
		socklen_t room = sizeof(from);
		ssize_t len = recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from,
				       &room);
		const struct udphdr *udp = (const void *)(packet + ip->ihl * 4);

		if (len < 28 || from.sll_pkttype == PACKET_OUTGOING ||
		    ip->protocol != IPPROTO_UDP || ntohs(udp->dest) != atoi(argv[2]) ||
		    len < ip->ihl * 4 + ntohs(udp->len))
			continue;
		if (is_right(ip, udp))
			right++;
		else
			wrong++;
	}
	printf("%d right, %d wrong\n", right, wrong);
	return 0;
}
