// SPDX-License-Identifier: GPL-2.0
/*
 * rr serve			answers every byte, over UDP and TCP, one client at a time
 * rr udp|tcp ADDRESS COUNT	asks COUNT times; prints median and 99th percentile, in
 *				nanoseconds
 *
 * A datagram that is lost would be waited for without end: the lab loses none.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PORT	7077
/* Of which nothing is told: caches, neighbours, and interrupts settle first. */
#define WARM_UP	100

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *text)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
	};

	if (!inet_aton(text, &to.sin_addr))
		die(text);
	return to;
}

static int open_socket(int type)
{
	int one = 1, fd = socket(AF_INET, type, 0);

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

static void without_delay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static int listen_on(int type)
{
	struct sockaddr_in any = address("0.0.0.0");
	int fd = open_socket(type);

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 1))
		die("listen");
	return fd;
}

static void answer_datagram(int fd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char byte;

	if (recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &len) == 1)
		sendto(fd, &byte, 1, 0, (struct sockaddr *)&from, len);
}

static void answer_stream(int fd)
{
	int client = accept(fd, NULL, NULL);
	char byte;

	if (client < 0)
		return;
	without_delay(client);
	while (read(client, &byte, 1) == 1)
		if (write(client, &byte, 1) != 1)
			break;
	close(client);
}

static void serve(void)
{
	struct pollfd fds[] = {
		{ .fd = listen_on(SOCK_DGRAM), .events = POLLIN },
		{ .fd = listen_on(SOCK_STREAM), .events = POLLIN },
	};

	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			answer_datagram(fds[0].fd);
		if (fds[1].revents)
			answer_stream(fds[1].fd);
	}
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t ask_once(int fd)
{
	uint64_t start = now_ns();
	char byte = 0;

	if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
		die("no answer");
	return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void ask(int type, const char *text, size_t count)
{
	struct sockaddr_in to = address(text);
	uint64_t *ns = calloc(count, sizeof(*ns));
	int fd = open_socket(type);
	size_t i;

	if (!ns || !count)
		die("count");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	if (type == SOCK_STREAM)
		without_delay(fd);
	for (i = 0; i < WARM_UP; i++)
		ask_once(fd);
	for (i = 0; i < count; i++)
		ns[i] = ask_once(fd);
	qsort(ns, count, sizeof(*ns), by_value);
	printf("%llu %llu\n", (unsigned long long)ns[count / 2],
	       (unsigned long long)ns[count * 99 / 100]);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "serve")) {
		serve();
	} else if (argc == 4 && (!strcmp(argv[1], "udp") ||
				 !strcmp(argv[1], "tcp"))) {
		ask(strcmp(argv[1], "udp") ? SOCK_STREAM : SOCK_DGRAM, argv[2],
		    strtoul(argv[3], NULL, 10));
	} else {
		fprintf(stderr, "usage: rr serve | rr udp|tcp ADDRESS COUNT\n");
		return 2;
	}
	return 0;
}
