/* SPDX-License-Identifier: GPL-2.0 */
/* Module parameters that both modules have the like of. Kernel glue. */
#ifndef XENNET_PARAM_H
#define XENNET_PARAM_H

#include <linux/cpumask.h>
#include <linux/moduleparam.h>

/* Most queues an interface may have, whatever max_queues says. */
#define XENNET_QUEUES_MAX	64u

/* Defines name##_ops, for module_param_cb() of a number from @min to @max. */
#define XENNET_UINT_OPS(name, min, max)					\
	static int name##_set(const char *val,				\
			      const struct kernel_param *kp)		\
	{								\
		return param_set_uint_minmax(val, kp, min, max);	\
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
