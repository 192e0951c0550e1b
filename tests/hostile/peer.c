// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile peer.
 *
 *	peer front ATTACK[,KEY=VALUE][,KEY]...		in a guest
 *	peer back DOMAIN ATTACK...			in dom0
 *
 * For each ATTACK, connects as the other end expects, does what it is the name
 * of, says what the other end made of it, and closes in good order unless that
 * is the attack. KEY=VALUE is written to the frontend's own directory over what
 * belongs there, KEY alone is removed. A frontend then behaves, if need be in
 * a new connection: "alive" is said when that works. Each attack is a process
 * of its own, so what it shared or mapped goes with it.
 */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

_Noreturn void die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

void sleep_ms(unsigned int ms)
{
	usleep(ms * 1000);
}

unsigned int now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

u32 rnd(void)
{
	static u64 x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x >> 16;
}

static const char *path_of(const char *dir, const char *key)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, key);
	return path;
}

void store_write(struct xs_handle *xs, const char *dir, const char *key,
		 const char *value)
{
	const char *path = path_of(dir, key);

	if (!value)
		xs_rm(xs, XBT_NULL, path);
	else if (!xs_write(xs, XBT_NULL, path, value, strlen(value)))
		die(path);
}

void store_write_number(struct xs_handle *xs, const char *dir, const char *key,
			unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	store_write(xs, dir, key, text);
}

unsigned int store_number(struct xs_handle *xs, const char *dir,
			  const char *key)
{
	char *text = xs_read(xs, XBT_NULL, path_of(dir, key), NULL);
	unsigned int value = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	return value;
}

unsigned int await_state(struct xs_handle *xs, const char *dir,
			 unsigned int one, unsigned int other, unsigned int ms)
{
	unsigned int state, start = now_ms();

	for (;;) {
		state = store_number(xs, dir, "state");
		if (state == one || state == other || now_ms() - start > ms)
			return state;
		sleep_ms(5);
	}
}

static void put16(u8 *to, u16 value)
{
	to[0] = value >> 8;
	to[1] = value;
}

void frame_bare(u8 *to, u16 protocol)
{
	static const u8 macs[] = { 2, 0, 0, 0, 0, 0x99, 0, 0x16, 0x3e, 0, 0, 11 };

	memcpy(to, macs, sizeof(macs));
	put16(to + 12, protocol);
}

static void frame_ip(u8 *to, u32 len, u8 protocol)
{
	static const u8 addresses[] = { 10, 0, 0, 11, 10, 0, 0, 99 };
	u8 *ip = to + 14;
	u32 sum = 0, i;

	frame_bare(to, 0x0800);
	memset(ip, 0, 40);
	ip[0] = 0x45;
	put16(ip + 2, len - 14);
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, addresses, sizeof(addresses));
	for (i = 0; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	put16(ip + 10, ~((sum >> 16) + sum));
}

void frame_udp(u8 *to, u32 len)
{
	frame_ip(to, len, 17);
	put16(to + 34, 9);
	put16(to + 36, 9);
	put16(to + 38, len - 34);
}

void frame_tcp(u8 *to, u32 len)
{
	frame_ip(to, len, 6);
	put16(to + 34, 9);
	put16(to + 36, 9);
	to[46] = 5 << 4;
	to[47] = 0x10;
}

/* Less than ten messages in five seconds, the kernel's usual limit. */
#define PACE_MS	600u

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return FRONT_FAILED;
	return WEXITSTATUS(status);
}

static void attack_back(char *words)
{
	static const char * const says[] = {
		[FRONT_ALIVE] = "alive", [FRONT_FAILED] = "failed",
		[FRONT_DEAD] = "dead", [FRONT_OVER] = "over",
	};
	bool spoilt = strchr(words, ',');
	pid_t pid = start();
	int end;

	if (!pid)
		exit(front_run(words));
	end = status_of(pid);
	if (spoilt)
		front_write_features();
	if (end == FRONT_OVER) {
		pid = start();
		if (!pid)
			exit(front_probe());
		end = status_of(pid);
	}
	printf("%s", says[end & 3]);
}

static void attack_front(const char *domid, const char *words)
{
	pid_t pid = start();

	if (!pid)
		exit(back_run(domid, words));
	printf("%s", status_of(pid) ? "failed" : "done");
}

static void attack(const char *domid, char *words)
{
	unsigned int begun = now_ms();

	printf("%s: ", words);
	if (domid)
		attack_front(domid, words);
	else
		attack_back(words);
	printf("\n");
	if (now_ms() - begun < PACE_MS)
		sleep_ms(PACE_MS + begun - now_ms());
}

int main(int argc, char **argv)
{
	const char *domid = NULL;
	int i = 2;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 3 && !strcmp(argv[1], "back"))
		domid = argv[i++];
	else if (argc < 3 || strcmp(argv[1], "front"))
		argc = 0;
	if (!argc) {
		fprintf(stderr, "usage: peer front ATTACK[,KEY=VALUE][,KEY]...\n"
				"       peer back DOMAIN ATTACK...\n");
		return 2;
	}
	if (!domid)
		front_write_features();
	for (; i < argc; i++)
		attack(domid, argv[i]);
	return 0;
}
