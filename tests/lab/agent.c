// SPDX-License-Identifier: GPL-2.0
/*
 * Runs commands in a guest without using its network.
 *
 *	agent serve			in a guest: wait for jobs, run them
 *	agent poll			the same without a watch
 *	agent call NAME COMMAND...	in dom0: run one job in the guest of that name
 *
 * Each call makes a vchan of its own: pages of dom0 that the guest maps, so
 * a dying guest never stays a zombie because of the lab. The caller announces
 * the channel by writing "go" beside its keys in the guest's own part of
 * xenstore; the guest removes that key, connects and forks. The caller sends
 * a 32-bit length and the arguments, each ended by a NUL; the guest sends
 * frames until one of type FRAME_EXIT.
 *
 * A single argument is a line for bash, several are one program's arguments.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libxenvchan.h>
#include <xen/io/xs_wire.h>
#include <xenstore.h>

#define JOB_DIR		"data/lab"
#define READY_KEY	"data/lab-ready"
#define CONNECT_SECS	8
#define LOST_STATUS	255
#define REQUEST_RING	1024
#define ANSWER_RING	65536
#define REQUEST_MAX	1048576
#define CHUNK		16384

enum frame_type { FRAME_OUT = 1, FRAME_ERR = 2, FRAME_EXIT = 3 };

/* Precedes every piece of data from guest to dom0. */
struct frame {
	unsigned int type;
	unsigned int len;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "guest: %s: %s\n", what, strerror(errno));
	exit(LOST_STATUS);
}

static void write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		p += n;
		len -= n;
	}
}

/* ---- in dom0 ---- */

struct call {
	struct xs_handle *xs;
	struct libxenvchan *chan;
	unsigned int domid;
	char path[96];
	time_t deadline;	/* to be connected by */
};

static bool has_name(struct xs_handle *xs, const char *domid, const char *name)
{
	char path[64];
	char *value;
	bool same;

	snprintf(path, sizeof(path), "/local/domain/%s/name", domid);
	value = xs_read(xs, XBT_NULL, path, NULL);
	same = value && !strcmp(value, name);
	free(value);
	return same;
}

/* Set c->domid to that of the guest called NAME. */
static bool find_guest(struct call *c, const char *name)
{
	unsigned int i, num = 0;
	char **ids = xs_directory(c->xs, XBT_NULL, "/local/domain", &num);
	bool found = false;

	for (i = 0; ids && i < num && !found; i++) {
		c->domid = atoi(ids[i]);
		found = has_name(c->xs, ids[i], name) &&
			xs_is_domain_introduced(c->xs, c->domid);
	}
	free(ids);
	return found;
}

static _Noreturn void call_end(struct call *c, int status)
{
	xs_rm(c->xs, XBT_NULL, c->path);
	libxenvchan_close(c->chan);
	exit(status);
}

static _Noreturn void call_lost(struct call *c, const char *why)
{
	fprintf(stderr, "guest: domain %u: %s\n", c->domid, why);
	call_end(c, LOST_STATUS);
}

/* Sleep until the channel has news; a guest that died is noticed in a second */
static void call_wait(struct call *c)
{
	struct pollfd fd = {
		.fd = libxenvchan_fd_for_select(c->chan), .events = POLLIN
	};

	if (poll(&fd, 1, 1000) > 0)
		libxenvchan_wait(c->chan);
	if (libxenvchan_data_ready(c->chan))
		return;
	if (!xs_is_domain_introduced(c->xs, c->domid))
		call_lost(c, "no such domain any more");
	if (!libxenvchan_is_open(c->chan))
		call_lost(c, "its agent is gone");
	/* 2: no client so far (see libxenvchan.h) */
	if (c->chan->ring->cli_live == 2 && time(NULL) > c->deadline)
		call_lost(c, "its agent does not answer");
}

static void call_send(struct call *c, const char *p, size_t len)
{
	while (len) {
		int n = libxenvchan_write(c->chan, p, len);

		if (n < 0)
			call_lost(c, "channel broken");
		if (!n)
			call_wait(c);
		p += n;
		len -= n;
	}
}

static void call_read(struct call *c, void *to, size_t len)
{
	char *p = to;

	while (len) {
		int n = libxenvchan_read(c->chan, p, len);

		if (n < 0)
			call_lost(c, "channel broken");
		if (!n)
			call_wait(c);
		p += n;
		len -= n;
	}
}

static void call_open(struct call *c, const char *name)
{
	char go[128];

	c->xs = xs_open(0);
	if (!c->xs)
		die("xenstore");
	if (!find_guest(c, name)) {
		fprintf(stderr, "guest: there is no %s\n", name);
		exit(LOST_STATUS);
	}
	snprintf(c->path, sizeof(c->path), "/local/domain/%u/" JOB_DIR "/%d",
		 c->domid, getpid());
	snprintf(go, sizeof(go), "%s/go", c->path);
	c->chan = libxenvchan_server_init(NULL, c->domid, c->path,
					  ANSWER_RING, REQUEST_RING);
	if (!c->chan)
		die("vchan");
	c->chan->blocking = 0;
	c->deadline = time(NULL) + CONNECT_SECS;
	/* the guest owns what is below its own "data" */
	if (!xs_write(c->xs, XBT_NULL, go, "1", 1))
		call_lost(c, "cannot write to xenstore");
}

static void call_request(struct call *c, char **argv)
{
	unsigned int len = 0;
	char **arg;

	for (arg = argv; *arg; arg++)
		len += strlen(*arg) + 1;
	if (len > REQUEST_MAX)
		call_lost(c, "command too long");
	call_send(c, (char *)&len, sizeof(len));
	for (arg = argv; *arg; arg++)
		call_send(c, *arg, strlen(*arg) + 1);
}

static _Noreturn void call(const char *name, char **argv)
{
	struct call c = { };
	char buf[CHUNK];

	call_open(&c, name);
	call_request(&c, argv);
	for (;;) {
		struct frame f;

		call_read(&c, &f, sizeof(f));
		if (f.len > sizeof(buf))
			call_lost(&c, "bad frame");
		call_read(&c, buf, f.len);
		if (f.type == FRAME_EXIT && f.len == 1)
			call_end(&c, (unsigned char)buf[0]);
		write_all(f.type == FRAME_ERR ? 2 : 1, buf, f.len);
	}
}

/* ---- in a guest ---- */

struct job {
	struct libxenvchan *chan;
	pid_t pid;
	int sigfd;	/* readable when the command has ended */
	int out[2];	/* read ends of its stdout and stderr, -1 when closed */
};

/* The caller is gone, or something failed: end the command as well. */
static _Noreturn void job_abort(struct job *j)
{
	if (j->pid > 0)
		kill(-j->pid, SIGKILL);
	_exit(LOST_STATUS);
}

/* Not libxenvchan_recv(): that wants all of it in the ring at once. */
static void job_read(struct job *j, void *to, size_t len)
{
	char *p = to;

	while (len) {
		int n = libxenvchan_read(j->chan, p, len);

		if (n <= 0)
			job_abort(j);
		p += n;
		len -= n;
	}
}

static void job_frame(struct job *j, enum frame_type type, const void *data,
		      unsigned int len)
{
	struct frame f = { .type = type, .len = len };

	if (libxenvchan_send(j->chan, &f, sizeof(f)) < 0 ||
	    (len && libxenvchan_send(j->chan, data, len) < 0))
		job_abort(j);
}

static char **job_args(struct job *j)
{
	unsigned int len, i;
	char **argv, *buf;
	int argc = 0;

	job_read(j, &len, sizeof(len));
	if (!len || len > REQUEST_MAX)
		job_abort(j);
	buf = malloc(len);
	/* Room for a shell before a lone line, and for the NULL at the end. */
	argv = calloc(len + 3, sizeof(*argv));
	if (!buf || !argv)
		job_abort(j);
	job_read(j, buf, len);
	if (buf[len - 1])
		job_abort(j);
	for (i = 0; i < len; i += strlen(buf + i) + 1)
		argv[argc++] = buf + i;
	if (argc > 1)
		return argv;
	argv[2] = argv[0];
	argv[0] = "bash";
	argv[1] = "-c";
	return argv;
}

static _Noreturn void job_exec(char **argv, const sigset_t *mask, int out, int err)
{
	setsid();
	sigprocmask(SIG_SETMASK, mask, NULL);
	dup2(out, 1);
	dup2(err, 2);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void job_spawn(struct job *j, char **argv)
{
	sigset_t chld, old;
	int out[2], err[2];

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &old);
	j->sigfd = signalfd(-1, &chld, SFD_CLOEXEC);
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		job_abort(j);
	j->pid = fork();
	if (!j->pid)
		job_exec(argv, &old, out[1], err[1]);
	if (j->pid < 0)
		job_abort(j);
	close(out[1]);
	close(err[1]);
	j->out[0] = out[0];
	j->out[1] = err[0];
}

/* Pass on one piece of output. Returns false when there is none. */
static bool job_forward(struct job *j, int which)
{
	char buf[CHUNK];
	ssize_t n = read(j->out[which], buf, sizeof(buf));

	if (n > 0) {
		job_frame(j, which ? FRAME_ERR : FRAME_OUT, buf, n);
		return true;
	}
	close(j->out[which]);
	j->out[which] = -1;
	return false;
}

/* What the command had written when it ended; its children may write on. */
static _Noreturn void job_finish(struct job *j)
{
	unsigned char code;
	int i, status;

	waitpid(j->pid, &status, 0);
	for (i = 0; i < 2; i++) {
		struct pollfd fd = { .fd = j->out[i], .events = POLLIN };

		while (poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN) &&
		       job_forward(j, i))
			;
	}
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	job_frame(j, FRAME_EXIT, &code, 1);
	/* keep the channel until the caller has read it all */
	while (libxenvchan_is_open(j->chan))
		libxenvchan_wait(j->chan);
	_exit(0);
}

static _Noreturn void job_run(const char *path)
{
	struct job j = { .pid = -1 };

	j.chan = libxenvchan_client_init(NULL, 0, path);
	if (!j.chan)
		_exit(LOST_STATUS);
	j.chan->blocking = 1;
	job_spawn(&j, job_args(&j));
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = j.out[0], .events = POLLIN },
			{ .fd = j.out[1], .events = POLLIN },
			{ .fd = j.sigfd, .events = POLLIN },
			{ .fd = libxenvchan_fd_for_select(j.chan),
			  .events = POLLIN },
		};

		poll(fds, 4, -1);
		if (fds[3].revents)
			libxenvchan_wait(j.chan);
		if (!libxenvchan_is_open(j.chan))
			job_abort(&j);
		if (fds[0].revents)
			job_forward(&j, 0);
		if (fds[1].revents)
			job_forward(&j, 1);
		if (fds[2].revents)
			job_finish(&j);
	}
}

/*
 * The full path for the PATH of an event: those of a relative watch are relative
 * as well. Asked anew each time, for a restored guest is another domain.
 */
static char *full_path(struct xs_handle *xs, const char *path)
{
	char *domid, *home, *full;
	int len;

	if (*path == '/')
		return strdup(path);
	domid = xs_read(xs, XBT_NULL, "domid", NULL);
	home = domid ? xs_get_domain_path(xs, atoi(domid)) : NULL;
	if (!home)
		die("xenstore");
	len = asprintf(&full, "%s/%s", home, path);
	free(home);
	free(domid);
	return len < 0 ? NULL : full;
}

/*
 * A watch fired for PATH: start a job if a caller has announced one there. That
 * on JOB_DIR itself fires when it is set, which it also is in a restored guest.
 */
static void serve_event(struct xs_handle *xs, char *path)
{
	char *end = strrchr(path, '/');
	char *go, *job;

	if (!strcmp(path, JOB_DIR))
		xs_write(xs, XBT_NULL, READY_KEY, "1", 1);
	if (!end || strcmp(end, "/go"))
		return;
	go = xs_read(xs, XBT_NULL, path, NULL);
	if (!go)
		return;
	free(go);
	xs_rm(xs, XBT_NULL, path);
	*end = 0;
	job = full_path(xs, path);
	if (job && !fork()) {
		signal(SIGCHLD, SIG_DFL);
		job_run(job);
	}
	free(job);
}

static void read_all(int fd, void *to, size_t len)
{
	char *p = to;

	while (len) {
		ssize_t n = read(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("xenstore");
		p += n;
		len -= n;
	}
}

/*
 * A connection with one watch on JOB_DIR. By hand: the static libxenstore has
 * no thread to sort events from replies, and fails when the first event
 * overtakes the reply to the watch request.
 */
static int open_watch(void)
{
	static const char args[] = JOB_DIR "\0";	/* path, empty token */
	struct xsd_sockmsg head = { .type = XS_WATCH, .len = sizeof(args) };
	char request[sizeof(head) + sizeof(args)];
	int fd = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);

	memcpy(request, &head, sizeof(head));
	memcpy(request + sizeof(head), args, sizeof(args));
	if (fd < 0 || write(fd, request, sizeof(request)) != sizeof(request))
		die("/dev/xen/xenbus");
	return fd;
}

/*
 * For a kernel that proves its locks: a watch of user space orders xenbus's own
 * in a way that suspending contradicts, up to Linux 6.1 at least, and what is
 * found first is all that such a kernel finds.
 */
static _Noreturn void poll_jobs(void)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	struct xs_handle *xs = xs_open(0);
	unsigned int i, n;
	char path[64];
	char **jobs;

	if (!xs)
		die("xenstore");
	signal(SIGCHLD, SIG_IGN);
	for (;; nanosleep(&pause, NULL)) {
		if (!xs_write(xs, XBT_NULL, READY_KEY, "1", 1))
			die("xenstore");
		jobs = xs_directory(xs, XBT_NULL, JOB_DIR, &n);
		for (i = 0; jobs && i < n; i++) {
			snprintf(path, sizeof(path), JOB_DIR "/%s/go", jobs[i]);
			serve_event(xs, path);
		}
		free(jobs);
	}
}

static _Noreturn void serve(void)
{
	char body[XENSTORE_PAYLOAD_MAX + 1];
	struct xs_handle *xs = xs_open(0);
	struct xsd_sockmsg head;
	int fd;

	if (!xs)
		die("xenstore");
	fd = open_watch();
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		read_all(fd, &head, sizeof(head));
		if (head.len > XENSTORE_PAYLOAD_MAX)
			die("xenstore message");
		read_all(fd, body, head.len);
		body[head.len] = 0;
		if (head.type == XS_WATCH_EVENT)
			serve_event(xs, body);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "serve"))
		serve();
	if (argc == 2 && !strcmp(argv[1], "poll"))
		poll_jobs();
	if (argc > 3 && !strcmp(argv[1], "call"))
		call(argv[2], argv + 3);
	fprintf(stderr, "usage: agent serve | agent poll | agent call NAME COMMAND...\n");
	return 2;
}
