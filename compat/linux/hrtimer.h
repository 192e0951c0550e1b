/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_HRTIMER_H
#define XENNET_COMPAT_LINUX_HRTIMER_H

#include_next <linux/hrtimer.h>

/* New in 6.13; since 6.15 the function is nobody else's to set. */
#ifndef XENNET_HAVE_hrtimer_setup
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#endif /* XENNET_COMPAT_LINUX_HRTIMER_H */
