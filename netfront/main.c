// SPDX-License-Identifier: GPL-2.0
/* Frontend of a Xen paravirtual network interface: module and parameters. */
#include <linux/module.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>
#include <xennet/param.h>
#include "netfront.h"

bool netfront_trusted = true;
module_param_named(trusted, netfront_trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "trust the backend, of interfaces that connect from now on (bool, default 1); 0: show it zeroed pages only, for interfaces without a xenstore key \"trusted\" as well");

XENNET_QUEUES_OPS(max_queues);

unsigned int netfront_max_queues;
module_param_cb(max_queues, &max_queues_ops, &netfront_max_queues, 0644);
MODULE_PARM_DESC(max_queues,
		 "most queues of an interface, for those found from now on (queues, at most 64, 0: as many as CPUs and at most 8, default 0)");

XENNET_UINT_OPS(static_grants, 0, XENNET_RING_SIZE);

unsigned int netfront_static_grants = XENNET_RING_SIZE;
module_param_cb(static_grants, &static_grants_ops, &netfront_static_grants,
		0644);
MODULE_PARM_DESC(static_grants,
		 "pages that stay granted, for each queue and direction, of queues that come to be used much from now on (pages, at most 256, 0: none, default 256)");

static int __init netfront_init(void)
{
	int err;

	if (!xen_domain() || !xen_has_pv_nic_devices())
		return -ENODEV;
	err = notify_init();
	if (err)
		return err;
	front_debugfs_init();
	err = front_xenbus_register();
	if (err) {
		front_debugfs_exit();
		linger_exit();
		notify_exit();
	}
	return err;
}

static void __exit netfront_exit(void)
{
	front_xenbus_unregister();
	front_debugfs_exit();
	linger_exit();
	notify_exit();
}

module_init(netfront_init);
module_exit(netfront_exit);
MODULE_DESCRIPTION("Xen paravirtual network interface, frontend");
MODULE_VERSION(XENNET_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vif");
