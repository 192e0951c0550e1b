// SPDX-License-Identifier: GPL-2.0
/*
 * Does what the debug kernel must find: fault=leak loses objects, fault=locks takes
 * two locks in either order, fault=shift shifts too far.
 */

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "leak, locks or shift");

static DEFINE_MUTEX(left);
static DEFINE_MUTEX(right);

/* Some, as kmemleak takes what a stack still shows of the last one for a reference. */
static noinline void faulty_leak(void)
{
	int i;

	for (i = 0; i < 8; i++) {
		void *lost = kmalloc(96, GFP_KERNEL);

		/* used, or the compiler would leave it out */
		OPTIMIZER_HIDE_VAR(lost);
	}
}

static noinline void faulty_locks(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static noinline int faulty_shift(int distance)
{
	return 1 << distance;
}

static int __init faulty_init(void)
{
	if (!strcmp(fault, "leak")) {
		faulty_leak();
	} else if (!strcmp(fault, "locks")) {
		faulty_locks(&left, &right);
		faulty_locks(&right, &left);
	} else if (!strcmp(fault, "shift")) {
		pr_info("1 << 40 is %d\n", faulty_shift(40));
	}
	return 0;
}
module_init(faulty_init);

static void __exit faulty_exit(void)
{
}
module_exit(faulty_exit);

MODULE_DESCRIPTION("Faults for the debug kernel to find");
MODULE_LICENSE("GPL");
