// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for received frames runs out: page pools give so many pages more, and then none.
 * In a guest nobody but netfront has one. An ordinary kernel has no other way to make
 * allocations fail that may wait for memory.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int pages = -1;
module_param(pages, int, 0644);
MODULE_PARM_DESC(pages, "how many there are (pages; -1: no end of them, default -1)");

/* Where a call ends up that is to return at once. */
static noinline void returned(void)
{
}

static int asked(struct kprobe *probe, struct pt_regs *regs)
{
	if (pages) {
		pages -= pages > 0;
		return 0;
	}
	regs_set_return_value(regs, 0);
	instruction_pointer_set(regs, (unsigned long)returned);
	return 1;
}

/* Without one a probe may not change where the call goes. */
static void answered(struct kprobe *probe, struct pt_regs *regs,
		     unsigned long flags)
{
}

static struct kprobe probe = {
	.symbol_name	= "page_pool_alloc_pages",
	.pre_handler	= asked,
	.post_handler	= answered,
};

static int __init starve_init(void)
{
	return register_kprobe(&probe);
}

static void __exit starve_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(starve_init);
module_exit(starve_exit);
MODULE_DESCRIPTION("Page pools that run dry");
MODULE_LICENSE("GPL");
