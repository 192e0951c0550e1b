/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_TIMER_H
#define XENNET_COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

/* Another name, since 6.16. */
#ifndef timer_container_of
#define timer_container_of	from_timer
#endif

/* Likewise, since 6.2; 6.1.y has had it for a while. */
#ifndef XENNET_HAVE_timer_delete_sync
#define timer_delete_sync	del_timer_sync
#endif

#endif /* XENNET_COMPAT_LINUX_TIMER_H */
