// SPDX-License-Identifier: GPL-2.0
/*
 * reader tap NAME | tun NAME | macvtap PATH | packet NAME | nfqueue NUMBER
 *
 * Reads all packets that come by a tap or tun device (which it creates), by the character
 * device of a macvtap, by a packet socket for IPv4 on a device, or by a queue of
 * nfnetlink, where it has each one accepted. Prints
 * how many datagrams to UDP port 9 it has read so far, over what it printed before,
 * whenever there is nothing left to read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD		9
#define ROOM		70000
#define QUEUE_BYTES	(16 << 20)

static void die(const char *what)
{
	fprintf(stderr, "reader: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Whether this is one of the flood's. */
static int counts(const uint8_t *packet, size_t len)
{
	const struct iphdr *ip = (const void *)packet;
	const struct udphdr *udp = (const void *)(packet + sizeof(*ip));

	return len >= sizeof(*ip) + sizeof(*udp) && ip->version == 4 &&
	       ip->ihl == 5 && ip->protocol == IPPROTO_UDP &&
	       udp->dest == htons(DISCARD);
}

static int open_tun(const char *path, const char *name, int kind)
{
	struct ifreq request = { .ifr_flags = kind | IFF_NO_PI };
	int fd = open(path, O_RDWR | O_NONBLOCK);

	if (fd < 0)
		die(path);
	if (name)
		strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &request))
		die("TUNSETIFF");
	return fd;
}

static int open_packet(const char *name)
{
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || !to.sll_ifindex ||
	    bind(fd, (const struct sockaddr *)&to, sizeof(to)))
		die(name);
	return fd;
}

/* A request to nfnetlink's queues with one attribute. */
static void queue_send(int fd, int type, uint16_t queue, int attribute,
		       const void *data, size_t len)
{
	struct {
		struct nlmsghdr head;
		struct nfgenmsg gen;
		struct nlattr attr;
		uint8_t data[16];
	} m = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(m.gen)) + NLA_HDRLEN + len,
			.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.gen = { .nfgen_family = AF_UNSPEC, .res_id = htons(queue) },
		.attr = { .nla_len = NLA_HDRLEN + len, .nla_type = attribute },
	};

	memcpy(m.data, data, len);
	if (send(fd, &m, NLMSG_ALIGN(m.head.nlmsg_len), 0) < 0)
		die("request to nfnetlink");
}

static int open_queue(uint16_t queue)
{
	const struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	const struct nfqnl_msg_config_params whole = {
		.copy_range = htonl(0xffff), .copy_mode = NFQNL_COPY_PACKET,
	};
	const int bytes = QUEUE_BYTES;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_NETFILTER);

	if (fd < 0)
		die("socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		die("SO_RCVBUFFORCE");
	queue_send(fd, NFQNL_MSG_CONFIG, queue, NFQA_CFG_CMD, &bind, sizeof(bind));
	queue_send(fd, NFQNL_MSG_CONFIG, queue, NFQA_CFG_PARAMS, &whole, sizeof(whole));
	return fd;
}

/* Accepts the packet in a message of the queue; whether it counts. */
static int queue_packet(int fd, uint16_t queue, const struct nlmsghdr *head)
{
	const uint8_t *at = (const uint8_t *)NLMSG_DATA(head) +
			    NLMSG_ALIGN(sizeof(struct nfgenmsg));
	const uint8_t *end = (const uint8_t *)head + head->nlmsg_len;
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT) };
	int counted = 0;

	if (head->nlmsg_type == NLMSG_ERROR)
		errno = -((const struct nlmsgerr *)NLMSG_DATA(head))->error;
	if (head->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET))
		die("message of nfnetlink");
	while (at < end) {
		const struct nlattr *attr = (const void *)at;
		const uint8_t *data = at + NLA_HDRLEN;

		if (attr->nla_type == NFQA_PACKET_HDR)
			verdict.id = ((const struct nfqnl_msg_packet_hdr *)data)->packet_id;
		else if (attr->nla_type == NFQA_PAYLOAD)
			counted = counts(data, attr->nla_len - NLA_HDRLEN);
		at += NLA_ALIGN(attr->nla_len);
	}
	queue_send(fd, NFQNL_MSG_VERDICT, queue, NFQA_VERDICT_HDR, &verdict,
		   sizeof(verdict));
	return counted;
}

/* What is read, and how far into it the IP header is. */
struct source {
	int fd;
	int queue;	/* of nfnetlink, or -1 */
	size_t skip;
};

static int open_source(struct source *s, const char *kind, const char *which)
{
	s->queue = -1;
	s->skip = ETH_HLEN;
	if (!strcmp(kind, "tap")) {
		s->fd = open_tun("/dev/net/tun", which, IFF_TAP);
	} else if (!strcmp(kind, "tun")) {
		s->fd = open_tun("/dev/net/tun", which, IFF_TUN);
		s->skip = 0;
	} else if (!strcmp(kind, "macvtap")) {
		s->fd = open_tun(which, NULL, IFF_TAP);
	} else if (!strcmp(kind, "packet")) {
		s->fd = open_packet(which);
		s->skip = 0;
	} else if (!strcmp(kind, "nfqueue")) {
		s->queue = atoi(which);
		s->fd = open_queue(s->queue);
	} else {
		return -1;
	}
	return 0;
}

/* All there is to read now; how many of the flood's are among it. */
static unsigned int read_all(const struct source *s)
{
	static uint64_t buffer[ROOM / sizeof(uint64_t)];
	const uint8_t *packet = (const uint8_t *)buffer + s->skip;
	unsigned int nr = 0;
	ssize_t len;

	while ((len = read(s->fd, buffer, sizeof(buffer))) >= 0) {
		if (s->queue >= 0)
			nr += queue_packet(s->fd, s->queue, (const void *)buffer);
		else if (len > (ssize_t)s->skip)
			nr += counts(packet, len - s->skip);
	}
	if (errno != EAGAIN)
		die("read");
	return nr;
}

int main(int argc, char **argv)
{
	struct pollfd way = { .events = POLLIN };
	unsigned int nr = 0;
	struct source s;

	if (argc != 3 || open_source(&s, argv[1], argv[2])) {
		fprintf(stderr, "usage: reader tap|tun|macvtap|packet|nfqueue WHICH\n");
		return 2;
	}
	way.fd = s.fd;
	for (;;) {
		nr += read_all(&s);
		lseek(STDOUT_FILENO, 0, SEEK_SET);
		dprintf(STDOUT_FILENO, "%u\n", nr);
		if (poll(&way, 1, -1) < 0)
			die("poll");
	}
}
