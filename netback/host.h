/* SPDX-License-Identifier: GPL-2.0 */
/* Which rings learn from each other: see struct credit_host. */
#ifndef NETBACK_HOST_H
#define NETBACK_HOST_H

#include "core/credit.h"

struct net_device;

struct credit_host *host_of(struct net_device *dev);

#endif /* NETBACK_HOST_H */
