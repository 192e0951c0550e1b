/* SPDX-License-Identifier: GPL-2.0 */
/* Module parameters that both modules have the like of. Kernel glue. */
#ifndef XENNET_PARAM_H
#define XENNET_PARAM_H

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

/* Most queues an interface may have, whatever max_queues says. */
#define XENNET_QUEUES_MAX	64u

/**
 * xennet_param_set() - set a number to what is nearest within its bounds
 * @val: what the user wrote
 * @kp: parameter, an unsigned int
 * @least: bound
 * @most: bound
 *
 * A value that the in-tree driver takes, or a later version of this one, is no reason to
 * leave a system without its network.
 *
 * Return: 0, or a negative error when it is no number.
 */
static inline int xennet_param_set(const char *val, const struct kernel_param *kp,
				   unsigned int least, unsigned int most)
{
	unsigned int wanted, value;
	int err = kstrtouint(val, 0, &wanted);

	if (err)
		return err;
	value = clamp(wanted, least, most);
	if (value != wanted)
		pr_warn("%s: %s is %u to %u: %u taken for %u\n", KBUILD_MODNAME,
			kp->name, least, most, wanted, value);
	*(unsigned int *)kp->arg = value;
	return 0;
}

/* Defines name##_ops, for module_param_cb() of a number from @min to @max. */
#define XENNET_UINT_OPS(name, min, max)					\
	static int name##_set(const char *val,				\
			      const struct kernel_param *kp)		\
	{								\
		return xennet_param_set(val, kp, min, max);		\
	}								\
	static const struct kernel_param_ops name##_ops = {		\
		.set = name##_set,					\
		.get = param_get_uint,					\
	}

/**
 * xennet_queues() - queues that a value of max_queues stands for
 * @max_queues: the parameter, at most XENNET_QUEUES_MAX; 0: the default
 *
 * Return: that many; by default as many as CPUs, at most 8.
 */
static inline unsigned int xennet_queues(unsigned int max_queues)
{
	return max_queues ?: min(num_online_cpus(), 8u);
}

#endif /* XENNET_PARAM_H */
