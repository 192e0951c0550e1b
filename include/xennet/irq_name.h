/* SPDX-License-Identifier: GPL-2.0 */
/* What a queue's interrupts are called, at both ends. Kernel glue. */
#ifndef XENNET_IRQ_NAME_H
#define XENNET_IRQ_NAME_H

#include <linux/kernel.h>
#include <linux/netdevice.h>

/* Room for "IFNAME-q63-tx", and more. */
#define XENNET_IRQ_NAME_SIZE	(IFNAMSIZ + 16)

/**
 * xennet_irq_name() - name an interrupt, or rename it in place
 * @name: XENNET_IRQ_NAME_SIZE bytes; the kernel may be printing it
 * @dev: the interface; its name is steady, or it is seen to that this is called again
 * @queue: number of the queue
 * @what: "-tx" or "-rx", as the guest sees it; "" for both
 *
 * The in-tree backend's names, for scripts that balance interrupts by them.
 */
static inline void xennet_irq_name(char *name, const struct net_device *dev,
				   unsigned int queue, const char *what)
{
	snprintf(name, XENNET_IRQ_NAME_SIZE, "%s-q%u%s", dev->name, queue, what);
}

#endif /* XENNET_IRQ_NAME_H */
