// SPDX-License-Identifier: GPL-2.0
/* Frontend of a Xen paravirtual network interface: module and parameters. */
#include <linux/module.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>
#include "netfront.h"

bool netfront_trusted = true;
module_param_named(trusted, netfront_trusted, bool, 0444);
MODULE_PARM_DESC(trusted,
		 "trust the backend (bool, default 1); 0: show it zeroed pages only, for interfaces without a xenstore key \"trusted\" as well");

static int __init netfront_init(void)
{
	int err;

	if (!xen_domain() || !xen_has_pv_nic_devices())
		return -ENODEV;
	front_debugfs_init();
	err = front_xenbus_register();
	if (err)
		front_debugfs_exit();
	return err;
}

static void __exit netfront_exit(void)
{
	front_xenbus_unregister();
	front_debugfs_exit();
}

module_init(netfront_init);
module_exit(netfront_exit);
MODULE_DESCRIPTION("Xen paravirtual network interface, frontend");
MODULE_VERSION(XENNET_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vif");
