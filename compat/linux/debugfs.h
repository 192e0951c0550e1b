/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_DEBUGFS_H
#define XENNET_COMPAT_LINUX_DEBUGFS_H

#include_next <linux/debugfs.h>

/* Before 6.14 a new name came with the directory to move to. */
#ifndef XENNET_HAVE_debugfs_change_name
static inline __printf(2, 3) int debugfs_change_name(struct dentry *dentry,
						     const char *fmt, ...)
{
	struct dentry *done = ERR_PTR(-ENOMEM);
	va_list args;
	char *name;

	va_start(args, fmt);
	name = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	if (name)
		done = debugfs_rename(dentry->d_parent, dentry,
				      dentry->d_parent, name);
	kfree(name);
	return PTR_ERR_OR_ZERO(done);
}
#endif

#endif /* XENNET_COMPAT_LINUX_DEBUGFS_H */
