/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How ethtool asks for receive side scaling has changed three times. A driver has the
 * functions of today, x_get() and x_set() (get_rxfh, set_rxfh), x_get_fields() and
 * x_set_fields() (get_rxfh_fields, set_rxfh_fields) and x_rings() (get_rx_ring_count);
 * DEFINE_RSS_OPS(x) makes of them what this kernel wants instead, and RSS_OPS(x) are the
 * members of struct ethtool_ops.
 */
#ifndef XENNET_COMPAT_LINUX_ETHTOOL_H
#define XENNET_COMPAT_LINUX_ETHTOOL_H

#include_next <linux/ethtool.h>

/* Before 6.8: one by one. */
#ifdef XENNET_HAVE_ethtool_rxfh_param
#define DEFINE_RSS_TABLE_OPS(x)
#define RSS_TABLE_OPS(x)						\
	.get_rxfh = x##_get,						\
	.set_rxfh = x##_set
#else
struct ethtool_rxfh_param {
	u8 hfunc;
	u32 *indir;
	u8 *key;
};

#define DEFINE_RSS_TABLE_OPS(x)						\
static int x##_get_rxfh(struct net_device *dev, u32 *indir, u8 *key,	\
			u8 *hfunc)					\
{									\
	struct ethtool_rxfh_param rxfh = { .indir = indir, .key = key };\
	int err = x##_get(dev, &rxfh);					\
									\
	if (hfunc)							\
		*hfunc = rxfh.hfunc;					\
	return err;							\
}									\
									\
static int x##_set_rxfh(struct net_device *dev, const u32 *indir,	\
			const u8 *key, const u8 hfunc)			\
{									\
	struct ethtool_rxfh_param rxfh = {				\
		.hfunc = hfunc,						\
		.indir = (u32 *)indir,					\
		.key = (u8 *)key,					\
	};								\
									\
	return x##_set(dev, &rxfh, NULL);				\
}
#define RSS_TABLE_OPS(x)						\
	.get_rxfh = x##_get_rxfh,					\
	.set_rxfh = x##_set_rxfh
#endif

/* Before 6.17: by get_rxnfc and set_rxnfc, with much else. Later with a fix of theirs. */
#ifdef XENNET_HAVE_get_rxfh_fields
#define RSS_GRXFH(x, dev, info)	(-EOPNOTSUPP)
#define DEFINE_RSS_FIELDS_OPS(x)
#define RSS_FIELDS_OPS(x)						\
	.get_rxfh_fields = x##_get_fields,				\
	.set_rxfh_fields = x##_set_fields
#else
struct ethtool_rxfh_fields {
	u32 data;
	u32 flow_type;
};

#define RSS_GRXFH(x, dev, info)						\
({									\
	struct ethtool_rxfh_fields f = {				\
		.flow_type = (info)->flow_type,				\
	};								\
	int err = (info)->cmd == ETHTOOL_GRXFH ?			\
		x##_get_fields(dev, &f) : -EOPNOTSUPP;			\
									\
	(info)->data = f.data;						\
	err;								\
})
#define DEFINE_RSS_FIELDS_OPS(x)					\
static int x##_set_rxnfc(struct net_device *dev,			\
			 struct ethtool_rxnfc *info)			\
{									\
	struct ethtool_rxfh_fields f = {				\
		.data = info->data,					\
		.flow_type = info->flow_type,				\
	};								\
									\
	if (info->cmd != ETHTOOL_SRXFH || info->data != f.data)		\
		return -EOPNOTSUPP;					\
	return x##_set_fields(dev, &f, NULL);				\
}
#define RSS_FIELDS_OPS(x)	.set_rxnfc = x##_set_rxnfc
#endif

/* Before 6.19: by get_rxnfc. */
#ifdef XENNET_HAVE_get_rx_ring_count
#define DEFINE_RSS_RINGS_OPS(x)
#define RSS_RINGS_OPS(x)	.get_rx_ring_count = x##_rings
#else
#define DEFINE_RSS_RINGS_OPS(x)						\
static int x##_get_rxnfc(struct net_device *dev,			\
			 struct ethtool_rxnfc *info, u32 *rules)	\
{									\
	if (info->cmd != ETHTOOL_GRXRINGS)				\
		return RSS_GRXFH(x, dev, info);				\
	info->data = x##_rings(dev);					\
	return 0;							\
}
#define RSS_RINGS_OPS(x)	.get_rxnfc = x##_get_rxnfc
#endif

#define DEFINE_RSS_OPS(x)						\
	DEFINE_RSS_TABLE_OPS(x)						\
	DEFINE_RSS_FIELDS_OPS(x)					\
	DEFINE_RSS_RINGS_OPS(x)
#define RSS_OPS(x)	RSS_TABLE_OPS(x), RSS_FIELDS_OPS(x), RSS_RINGS_OPS(x)

#endif /* XENNET_COMPAT_LINUX_ETHTOOL_H */
