/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_NET_PAGE_POOL_HELPERS_H
#define XENNET_COMPAT_NET_PAGE_POOL_HELPERS_H

/* One header before 6.6. */
#ifdef XENNET_HAVE_page_pool_helpers
#include_next <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#endif /* XENNET_COMPAT_NET_PAGE_POOL_HELPERS_H */
