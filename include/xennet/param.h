/* SPDX-License-Identifier: GPL-2.0 */
/* Module parameters that both modules have the like of. Kernel glue. */
#ifndef XENNET_PARAM_H
#define XENNET_PARAM_H

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

/* Most queues an interface may have, whatever max_queues says. */
#define XENNET_QUEUES_MAX	64u
/* Most as long as max_queues says nothing. */
#define XENNET_QUEUES_DEFAULT	8u

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
 * Return: 0, or a negative error when it is no number; one of any size is.
 */
static inline int xennet_param_set(const char *val, const struct kernel_param *kp,
				   unsigned int least, unsigned int most)
{
	unsigned int value;
	s64 wanted;
	int err = kstrtos64(val, 0, &wanted);

	if (err == -ERANGE)
		wanted = *val == '-' ? S64_MIN : S64_MAX;
	else if (err)
		return err;
	value = clamp_t(s64, wanted, least, most);
	if (value != wanted)
		pr_warn("%s: %s is %u to %u: %lld taken for %u\n",
			KBUILD_MODNAME, kp->name, least, most, wanted, value);
	*(unsigned int *)kp->arg = value;
	return 0;
}

/* Defines name##_ops, for module_param_cb() of a number from @min to @max. */
#define XENNET_UINT_OPS(name, min, max)					\
	XENNET_PARAM_OPS(name, min, max, param_get_uint)

/* The same of a number of queues, as xennet_queues() takes it. */
#define XENNET_QUEUES_OPS(name)						\
	XENNET_PARAM_OPS(name, 0, XENNET_QUEUES_MAX, xennet_queues_get)

#define XENNET_PARAM_OPS(name, min, max, read)				\
	static int name##_set(const char *val,				\
			      const struct kernel_param *kp)		\
	{								\
		return xennet_param_set(val, kp, min, max);		\
	}								\
	static const struct kernel_param_ops name##_ops = {		\
		.set = name##_set,					\
		.get = read,						\
	}

/**
 * xennet_queues() - queues that a value of max_queues stands for
 * @max_queues: the parameter, at most XENNET_QUEUES_MAX; 0: the default
 *
 * Return: that many; by default as many as CPUs, at most 8.
 */
static inline unsigned int xennet_queues(unsigned int max_queues)
{
	return max_queues ?: min(num_online_cpus(), XENNET_QUEUES_DEFAULT);
}

/**
 * xennet_queues_ever() - how many xennet_queues() may be once all CPUs are plugged
 * @max_queues: the parameter, as there
 *
 * Return: that many.
 */
static inline unsigned int xennet_queues_ever(unsigned int max_queues)
{
	return max_queues ?: min(num_possible_cpus(), XENNET_QUEUES_DEFAULT);
}

/**
 * xennet_queues_get() - for kernel_param_ops.get of XENNET_QUEUES_OPS()
 * @buffer: result, a page
 * @kp: parameter, an unsigned int
 *
 * The default is shown as what it stands for, as the in-tree drivers do.
 *
 * Return: bytes of the text.
 */
static inline int xennet_queues_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int max = READ_ONCE(*(unsigned int *)kp->arg);

	return scnprintf(buffer, PAGE_SIZE, "%u\n", xennet_queues(max));
}

#endif /* XENNET_PARAM_H */
