// SPDX-License-Identifier: GPL-2.0
/*
 * hypercalls < TRACE		what xentrace -e 0x0020f000 has written, counted by kind:
 *				lines "NAME COUNT"
 *
 * A record is a word with the event and what follows: two words of a time, if it says
 * so, and up to seven words of the event's own (struct t_rec of xen/trace.h). Calls
 * within a multicall are counted as well.
 */
#include <stdint.h>
#include <stdio.h>
#define __XEN_TOOLS__ /* today's numbers */
#include <xen/xen.h>
#include <xen/trace.h>

#define KIND(name) \
	[__HYPERVISOR_##name] = #name
#define KINDS		64

static const char *const kind[KINDS] = {
	KIND(mmu_update), KIND(stack_switch), KIND(fpu_taskswitch),
	KIND(memory_op), KIND(multicall), KIND(update_va_mapping),
	KIND(set_timer_op), KIND(grant_table_op), KIND(vm_assist), KIND(iret),
	KIND(vcpu_op), KIND(set_segment_base), KIND(mmuext_op), KIND(xsm_op),
	KIND(sched_op), KIND(event_channel_op), KIND(physdev_op),
	KIND(domctl), KIND(sysctl), KIND(xen_version), KIND(console_io),
};

static int next_word(uint32_t *word)
{
	return fread(word, sizeof(*word), 1, stdin) == 1;
}

/* Reads what follows a record's first word; returns its own first word. */
static uint32_t payload(uint32_t head)
{
	unsigned int times = head >> 31 ? 2 : 0;
	unsigned int words = times + (head >> 28 & 7), i;
	uint32_t word, first = 0;

	for (i = 0; i < words && next_word(&word); i++)
		if (i == times)
			first = word;
	return first;
}

int main(void)
{
	unsigned long count[KINDS] = { 0 };
	unsigned int op;
	uint32_t head;

	while (next_word(&head)) {
		uint32_t event = head & 0x0fffffff;

		op = payload(head) & ~TRC_PV_HYPERCALL_V2_ARG_MASK;
		if (op < KINDS && (event == TRC_PV_HYPERCALL_V2 ||
				   event == TRC_PV_HYPERCALL_SUBCALL))
			count[op]++;
	}
	for (op = 0; op < KINDS; op++) {
		if (!count[op])
			continue;
		if (kind[op])
			printf("%s %lu\n", kind[op], count[op]);
		else
			printf("hypercall_%u %lu\n", op, count[op]);
	}
	return 0;
}
