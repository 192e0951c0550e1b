// SPDX-License-Identifier: GPL-2.0
/*
 * xdp INTERFACE ACTION [OTHER INTERFACE]
 *
 * Attaches a program to an interface, in its driver, until it gets SIGTERM; then prints
 * how many frames it saw. ACTION: pass, drop, abort, tx (back where they came from),
 * redirect (to the other interface), room (pass, after 200 bytes were put before the
 * frame and taken away; abort if they could not), chop (pass, with 4 bytes less at the
 * end).
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/membarrier.h>
#include <net/if.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the kernel's linux/filter.h, which is not for user space. */
#define MOV_REG(dst, src)						\
	((struct bpf_insn) { BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0 })
#define MOV_IMM(dst, imm)						\
	((struct bpf_insn) { BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm })
#define ADD_IMM(dst, imm)						\
	((struct bpf_insn) { BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm })
#define STORE_IMM(dst, off, imm)					\
	((struct bpf_insn) { BPF_ST | BPF_MEM | BPF_W, dst, 0, off, imm })
#define LOAD_MAP(dst, fd)						\
	((struct bpf_insn) { BPF_LD | BPF_DW | BPF_IMM, dst,		\
			     BPF_PSEUDO_MAP_FD, 0, fd })
/* Its second half. */
#define LOAD_MAP_END							\
	((struct bpf_insn) { 0 })
#define ATOMIC_ADD(dst, src)						\
	((struct bpf_insn) { BPF_STX | BPF_ATOMIC | BPF_DW, dst, src, 0, BPF_ADD })
#define IF(reg, value, skip)						\
	((struct bpf_insn) { BPF_JMP | BPF_JEQ | BPF_K, reg, 0, skip, value })
#define CALL(func)							\
	((struct bpf_insn) { BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_##func })
#define EXIT								\
	((struct bpf_insn) { BPF_JMP | BPF_EXIT })

#define INSNS_MAX	64

struct program {
	struct bpf_insn insn[INSNS_MAX];
	unsigned int nr;
};

static void die(const char *what)
{
	fprintf(stderr, "xdp: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int command, union bpf_attr *attr, const char *what)
{
	int ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (ret < 0)
		die(what);
	return ret;
}

static void add(struct program *p, const struct bpf_insn *insn, size_t bytes)
{
	memcpy(p->insn + p->nr, insn, bytes);
	p->nr += bytes / sizeof(*insn);
}

#define ADD(p, ...) do {						\
	struct bpf_insn insns[] = { __VA_ARGS__ };			\
									\
	add(p, insns, sizeof(insns));					\
} while (0)

/* Register 6 has the frame from here on. */
static void count_frame(struct program *p, int map)
{
	ADD(p, MOV_REG(BPF_REG_6, BPF_REG_1),
	    STORE_IMM(BPF_REG_10, -4, 0),
	    MOV_REG(BPF_REG_2, BPF_REG_10), ADD_IMM(BPF_REG_2, -4),
	    LOAD_MAP(BPF_REG_1, map), LOAD_MAP_END, CALL(map_lookup_elem),
	    IF(BPF_REG_0, 0, 2),
	    MOV_IMM(BPF_REG_1, 1), ATOMIC_ADD(BPF_REG_0, BPF_REG_1));
}

static void verdict(struct program *p, int action)
{
	ADD(p, MOV_IMM(BPF_REG_0, action), EXIT);
}

/* Unless the last call returned 0. */
static void or_abort(struct program *p)
{
	ADD(p, IF(BPF_REG_0, 0, 2), MOV_IMM(BPF_REG_0, XDP_ABORTED), EXIT);
}

static void adjust_head(struct program *p, int bytes)
{
	ADD(p, MOV_REG(BPF_REG_1, BPF_REG_6), MOV_IMM(BPF_REG_2, bytes),
	    CALL(xdp_adjust_head));
	or_abort(p);
}

static void adjust_tail(struct program *p, int bytes)
{
	ADD(p, MOV_REG(BPF_REG_1, BPF_REG_6), MOV_IMM(BPF_REG_2, bytes),
	    CALL(xdp_adjust_tail));
	or_abort(p);
}

static void redirect(struct program *p, const char *other)
{
	unsigned int index = other ? if_nametoindex(other) : 0;

	if (!index)
		die("the other interface");
	ADD(p, MOV_IMM(BPF_REG_1, index), MOV_IMM(BPF_REG_2, 0),
	    CALL(redirect), EXIT);
}

static void write_program(struct program *p, const char *action,
			  const char *other)
{
	if (!strcmp(action, "redirect")) {
		redirect(p, other);
	} else if (!strcmp(action, "pass")) {
		verdict(p, XDP_PASS);
	} else if (!strcmp(action, "drop")) {
		verdict(p, XDP_DROP);
	} else if (!strcmp(action, "abort")) {
		verdict(p, XDP_ABORTED);
	} else if (!strcmp(action, "tx")) {
		verdict(p, XDP_TX);
	} else if (!strcmp(action, "room")) {
		adjust_head(p, -200);
		adjust_head(p, 200);
		verdict(p, XDP_PASS);
	} else if (!strcmp(action, "chop")) {
		adjust_tail(p, -4);
		verdict(p, XDP_PASS);
	} else {
		errno = EINVAL;
		die(action);
	}
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(uint64_t),
		.max_entries = 1,
	};

	return bpf(BPF_MAP_CREATE, &attr, "map");
}

static uint64_t read_map(int map)
{
	uint32_t key = 0;
	uint64_t value = 0;
	union bpf_attr attr = {
		.map_fd = map,
		.key = (uintptr_t)&key,
		.value = (uintptr_t)&value,
	};

	bpf(BPF_MAP_LOOKUP_ELEM, &attr, "reading the map");
	return value;
}

static int load(const struct program *p)
{
	static char log[16384];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)p->insn,
		.insn_cnt = p->nr,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0) {
		fputs(log, stderr);
		die("program");
	}
	return fd;
}

static int attach(int program, const char *interface)
{
	union bpf_attr attr = {
		.link_create = {
			.prog_fd = program,
			.target_ifindex = if_nametoindex(interface),
			.attach_type = BPF_XDP,
			.flags = XDP_FLAGS_DRV_MODE,
		},
	};

	return bpf(BPF_LINK_CREATE, &attr, interface);
}

/* No CPU runs the program any more on return: what it counted is all it saw. */
static void detach(int link)
{
	close(link);
	/* The kernel waits for a grace period, which the driver runs it in. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		die("membarrier");
}

int main(int argc, char **argv)
{
	struct program program = { .nr = 0 };
	sigset_t set;
	int map, link, got;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: xdp INTERFACE ACTION [OTHER INTERFACE]\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	map = make_map();
	count_frame(&program, map);
	write_program(&program, argv[2], argv[3]);
	link = attach(load(&program), argv[1]);
	puts("attached");
	fflush(stdout);
	sigwait(&set, &got);
	detach(link);
	printf("seen %llu\n", (unsigned long long)read_map(map));
	return 0;
}
