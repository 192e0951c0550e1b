// SPDX-License-Identifier: GPL-2.0
/* Module of the backend: parameters, init, exit. */
#include <linux/module.h>
#include <linux/utsname.h>
#include <xen/xen.h>
#include <xennet/param.h>
#include <xennet/wire_check.h>
#include "queue.h"
#include "slot_leak.h"

bool netback_hold_credit = true;
module_param_named(hold_credit, netback_hold_credit, bool, 0644);
MODULE_PARM_DESC(hold_credit,
		 "answer a guest's slots when the packet has left the machine, not when it was copied (bool, default Y)");

bool netback_check_ledger;
module_param_named(check_ledger, netback_check_ledger, bool, 0644);
MODULE_PARM_DESC(check_ledger,
		 "check after every poll that each slot is accounted for once; slow (bool, default N)");

XENNET_UINT_OPS(fatal_slots, F2B_FATAL_SLOTS_MIN, F2B_FATAL_SLOTS_MAX);
XENNET_QUEUES_OPS(max_queues);
XENNET_UINT_OPS(park_ms, CREDIT_PARK_TICKS_MIN * CREDIT_TICK / NSEC_PER_MSEC,
		CREDIT_PARK_TICKS_MAX * CREDIT_TICK / NSEC_PER_MSEC);
XENNET_UINT_OPS(static_grants, 0, GREF_TABLE_MAX);
XENNET_UINT_OPS(static_grants_total, 0, 1 << 24);
XENNET_UINT_OPS(drain_ms, 0, UINT_MAX);
XENNET_UINT_OPS(stall_ms, 0, UINT_MAX);

unsigned int netback_fatal_slots = XENNET_SLOTS_MAX + 2;
module_param_cb(fatal_slots, &fatal_slots_ops, &netback_fatal_slots, 0644);
MODULE_PARM_DESC(fatal_slots,
		 "data slots of one packet that stop the interface (slots, 19 to 64, default 20)");

unsigned int netback_max_queues;
module_param_cb(max_queues, &max_queues_ops, &netback_max_queues, 0644);
MODULE_PARM_DESC(max_queues,
		 "most queues of an interface, for those created from now on (queues, at most 64, 0: as many as CPUs and at most 8, default 0)");

unsigned int netback_park_ms = 100;
module_param_cb(park_ms, &park_ms_ops, &netback_park_ms, 0644);
MODULE_PARM_DESC(park_ms,
		 "longest that a frame which waits in dom0, and gets no further, may keep its slots (milliseconds, 12 to 1000, default 100)");

unsigned int netback_static_grants = 512;
module_param_cb(static_grants, &static_grants_ops, &netback_static_grants,
		0644);
MODULE_PARM_DESC(static_grants,
		 "pages a guest may have mapped for good for each queue, of those that connect from now on (pages, at most 4096, 0: none, default 512)");

unsigned int netback_static_grants_total = 65536;
module_param_cb(static_grants_total, &static_grants_total_ops,
		&netback_static_grants_total, 0644);
MODULE_PARM_DESC(static_grants_total,
		 "pages that all guests together may have mapped for good, at most a quarter of what Xen lets this domain map (pages, at most 16777216, default 65536)");

unsigned int netback_drain_ms = 2000;
module_param_cb(drain_ms, &drain_ms_ops, &netback_drain_ms, 0644);
MODULE_PARM_DESC(drain_ms,
		 "how long frames wait for a guest without buffers before they are dropped (milliseconds, default 2000)");

unsigned int netback_stall_ms = 60000;
module_param_cb(stall_ms, &stall_ms_ops, &netback_stall_ms, 0644);
MODULE_PARM_DESC(stall_ms,
		 "how long a guest may be without buffers before its carrier goes off (milliseconds, 0: for ever, default 60000)");

/*
 * Names that the in-tree driver has for these, and parameters that only it has: what
 * stands in /etc/modprobe.d for that one is given to this one.
 */
module_param_cb(fatal_skb_slots, &fatal_slots_ops, &netback_fatal_slots, 0444);
MODULE_PARM_DESC(fatal_skb_slots, "another name of fatal_slots (slots)");

module_param_cb(rx_drain_timeout_msecs, &drain_ms_ops, &netback_drain_ms, 0444);
MODULE_PARM_DESC(rx_drain_timeout_msecs,
		 "another name of drain_ms (milliseconds)");

module_param_cb(rx_stall_timeout_msecs, &stall_ms_ops, &netback_stall_ms, 0444);
MODULE_PARM_DESC(rx_stall_timeout_msecs,
		 "another name of stall_ms (milliseconds)");

bool netback_separate_tx_rx_irq = true;
module_param_named(separate_tx_rx_irq, netback_separate_tx_rx_irq, bool, 0644);
MODULE_PARM_DESC(separate_tx_rx_irq,
		 "offer an event channel for each direction, to interfaces created from now on (bool, default Y)");

bool netback_provides_xdp_headroom = true;
module_param_named(provides_xdp_headroom, netback_provides_xdp_headroom, bool,
		   0644);
MODULE_PARM_DESC(provides_xdp_headroom,
		 "offer room before frames for a guest's XDP program, to interfaces created from now on (bool, default Y)");

/* No hash is kept here: one is computed for each frame that needs it. */
static int hash_cache_size_set(const char *val, const struct kernel_param *kp)
{
	int err = xennet_param_set(val, kp, 0, UINT_MAX);

	if (!err)
		pr_info_once("%s: %s has no effect\n", KBUILD_MODNAME,
			     kp->name);
	return err;
}

static const struct kernel_param_ops hash_cache_size_ops = {
	.set = hash_cache_size_set,
	.get = param_get_uint,
};

static unsigned int netback_hash_cache_size;
module_param_cb(hash_cache_size, &hash_cache_size_ops, &netback_hash_cache_size,
		0644);
MODULE_PARM_DESC(hash_cache_size,
		 "no effect: frames whose hash the in-tree driver remembers (frames, default 0)");

/*
 * Not refused: it shows only where frames are merged, and the driver that would serve the
 * guests instead gives no credit at all.
 */
static void __init netback_warn_of_kernel(void)
{
	struct slot_leak leak = slot_leak_of(init_utsname()->release,
					     init_utsname()->version);

	if (!leak.leaks)
		return;
	if (leak.fixed)
		pr_warn("%s: this kernel loses slots of guests where devices behind a bridge merge frames (CVE-2026-46323): update it, to Linux %u.%u.%u or later\n",
			KBUILD_MODNAME, leak.major, leak.minor, leak.fixed);
	else
		pr_warn("%s: this kernel loses slots of guests where devices behind a bridge merge frames (CVE-2026-46323), unless its maker has fixed that; Linux %u.%u itself has no fix, 6.12.92, 6.18.34, 7.0.11 and later ones do\n",
			KBUILD_MODNAME, leak.major, leak.minor);
}

static int __init netback_init(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;
	netback_warn_of_kernel();
	err = hold_module_init();
	if (err)
		return err;
	err = queue_module_init();
	if (err)
		goto exit_hold;
	err = vif_module_init();
	if (err)
		goto exit_queue;
	vif_debugfs_init();
	err = backend_register();
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	vif_debugfs_exit();
	vif_module_exit();
exit_queue:
	queue_module_exit();
exit_hold:
	hold_module_exit();
	return err;
}
module_init(netback_init);

static void __exit netback_exit(void)
{
	backend_unregister();
	vif_debugfs_exit();
	vif_module_exit();
	queue_module_exit();
	hold_module_exit();
}
module_exit(netback_exit);

MODULE_DESCRIPTION("Xen network backend with end-to-end credit");
MODULE_VERSION(XENNET_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vif");
