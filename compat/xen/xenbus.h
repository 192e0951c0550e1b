/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_XEN_XENBUS_H
#define XENNET_COMPAT_XEN_XENBUS_H

#include_next <xen/xenbus.h>

static_assert(__same_type(((struct xenbus_driver *)NULL)->remove,
			  (void (*)(struct xenbus_device *))NULL),
	      "xennet needs a later one of this series: its xenbus has another remove()");

/* What uevent() is given; const since 6.3. */
typedef typeof(*__builtin_choose_expr(
	__same_type(((struct xenbus_driver *)NULL)->uevent,
		    (int (*)(const struct xenbus_device *,
			     struct kobj_uevent_env *))NULL),
	(const struct xenbus_device *)NULL,
	(struct xenbus_device *)NULL)) xenbus_uevent_device;

/*
 * Newer kernels read no state of a device that has vanished; older ones do not ask which
 * device it is. Told by the function's type: a fix may go to any series.
 */
static inline enum xenbus_state
xennet_read_driver_state(const struct xenbus_device *dev, const char *path)
{
	typedef enum xenbus_state (*by_path)(const char *path);
	typedef enum xenbus_state (*by_device)(const struct xenbus_device *dev,
					       const char *path);

	const void *fn = xenbus_read_driver_state;

	if (__same_type(&xenbus_read_driver_state, (by_path)NULL))
		return ((by_path)fn)(path);
	return ((by_device)fn)(dev, path);
}

#define xenbus_read_driver_state	xennet_read_driver_state

#endif /* XENNET_COMPAT_XEN_XENBUS_H */
