// SPDX-License-Identifier: GPL-2.0
/*
 * stamps ADDRESS COUNT PAUSE: sends so many datagrams to ADDRESS, PAUSE microseconds apart,
 * asks for the time each has left at, as ptp4l and chrony do, and prints how many it got.
 */
#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD		9
#define PATIENCE_MS	500

static int is_stamp(const struct cmsghdr *c)
{
	return c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING;
}

/* Takes one report off the socket's error queue: 1 if it has a time, -1: there is none. */
static int next_report(int fd)
{
	char control[512];
	struct msghdr msg = {
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;

	if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return -1;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (is_stamp(c))
			return ((struct scm_timestamping *)CMSG_DATA(c))->ts[0].tv_sec != 0;
	return 0;
}

static int reports(int fd, int wait)
{
	struct pollfd wanted = { .fd = fd };
	int got = 0, one;

	while (poll(&wanted, 1, wait) > 0 && (one = next_report(fd)) >= 0)
		got += one;
	return got;
}

int main(int argc, char **argv)
{
	const int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			  SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(DISCARD) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), got = 0, i;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: stamps ADDRESS COUNT PAUSE\n");
		return 2;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags))) {
		perror("stamps: SO_TIMESTAMPING");
		return 1;
	}
	for (i = 0; i < atoi(argv[2]); i++) {
		if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1) {
			perror("stamps: sendto");
			return 1;
		}
		usleep(atoi(argv[3]));
		got += reports(fd, 0);
	}
	printf("%d\n", got + reports(fd, PATIENCE_MS));
	return 0;
}
