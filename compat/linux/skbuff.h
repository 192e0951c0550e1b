/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XENNET_COMPAT_LINUX_SKBUFF_H
#define XENNET_COMPAT_LINUX_SKBUFF_H

#include_next <linux/skbuff.h>

/* Before 6.10 a ubuf had one function, and no table. */
#ifndef XENNET_HAVE_ubuf_info_ops
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *ubuf,
			 bool success);
};
#endif

/**
 * ubuf_info_set_ops() - say what a ubuf does
 * @ubuf: the ubuf
 * @ops: what
 */
static inline void ubuf_info_set_ops(struct ubuf_info *ubuf,
				     const struct ubuf_info_ops *ops)
{
#ifdef XENNET_HAVE_ubuf_info_ops
	ubuf->ops = ops;
#else
	ubuf->callback = ops->complete;
#endif
}

/**
 * skb_zcopy_of() - the ubuf of a kind that is armed on an skb
 * @skb: the skb
 * @ops: the kind
 *
 * Kernels that had such a thing may say "copied already" in its place.
 *
 * Return: the ubuf, or NULL.
 */
static inline struct ubuf_info *skb_zcopy_of(struct sk_buff *skb,
					     const struct ubuf_info_ops *ops)
{
	struct ubuf_info *ubuf = skb_zcopy(skb);

#ifdef XENNET_HAVE_skb_zcopy_is_nouarg
	if (ubuf && skb_zcopy_is_nouarg(skb))
		return NULL;
#endif
#ifdef XENNET_HAVE_ubuf_info_ops
	return ubuf && ubuf->ops == ops ? ubuf : NULL;
#else
	return ubuf && ubuf->callback == ops->complete ? ubuf : NULL;
#endif
}

#endif /* XENNET_COMPAT_LINUX_SKBUFF_H */
