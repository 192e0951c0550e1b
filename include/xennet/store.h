/* SPDX-License-Identifier: GPL-2.0 */
/* Feature keys and texts in xenstore, for both ends. Kernel glue. */
#ifndef XENNET_STORE_H
#define XENNET_STORE_H

#include <linux/err.h>
#include <linux/slab.h>
#include <xen/xenbus.h>
#include <xennet/features.h>
#include <xennet/text.h>

/**
 * store_read_features() - features a peer announces
 * @dir: directory in xenstore
 *
 * A key that is absent, or not a number, counts as 0. May sleep.
 *
 * Return: set of enum xennet_feature.
 */
static inline u32 store_read_features(const char *dir)
{
	unsigned int bit;
	u32 set = 0;

	for (bit = 0; bit < XENNET_FEATURE_COUNT; bit++)
		if (xenbus_read_unsigned(dir, xennet_feature_key(bit), 0))
			set |= 1u << bit;
	return set;
}

/**
 * store_put_features() - write one number to the keys of features
 * @xbt: transaction
 * @dir: directory in xenstore
 * @set: set of enum xennet_feature
 * @value: 1 or 0
 *
 * May sleep.
 *
 * Return: 0 or the store's error.
 */
static inline int store_put_features(struct xenbus_transaction xbt,
				     const char *dir, u32 set,
				     unsigned int value)
{
	unsigned int bit;
	int err = 0;

	for (bit = 0; bit < XENNET_FEATURE_COUNT && !err; bit++)
		if (set & 1u << bit)
			err = xenbus_printf(xbt, dir, xennet_feature_key(bit),
					    "%u", value);
	return err;
}

/**
 * store_write_features() - announce features
 * @xbt: transaction
 * @dir: directory in xenstore
 * @set: set of enum xennet_feature; a "1" is written for each
 *
 * May sleep.
 *
 * Return: 0 or the store's error.
 */
static inline int store_write_features(struct xenbus_transaction xbt,
				       const char *dir, u32 set)
{
	return store_put_features(xbt, dir, set, 1);
}

/* Attempts at a transaction that others disturb. */
#define STORE_ATTEMPTS	100

/**
 * store_transaction() - have keys appear at once, or not at all
 * @write: writes the keys; may be called again, and its error ends the attempt
 * @data: for @write
 *
 * May sleep.
 *
 * Return: 0, the error of @write or the store's; -EAGAIN when others kept
 * disturbing.
 */
static inline int store_transaction(int (*write)(struct xenbus_transaction xbt,
						 void *data),
				    void *data)
{
	struct xenbus_transaction xbt;
	unsigned int attempt;
	int err = -EAGAIN;

	for (attempt = 0; attempt < STORE_ATTEMPTS && err == -EAGAIN; attempt++) {
		err = xenbus_transaction_start(&xbt);
		if (err)
			break;
		err = write(xbt, data);
		if (err)
			xenbus_transaction_end(xbt, 1);
		else
			err = xenbus_transaction_end(xbt, 0);
	}
	return err;
}

/**
 * store_none_pending() - for xenbus_watch.will_handle: one event waits at most
 * @watch: watch whose callback reads the key anew, so that one event that
 *	waits stands for all; its peer may write the key in a loop
 * @path: what changed
 * @token: of the watch
 *
 * Return: true when none waits.
 */
static inline bool store_none_pending(struct xenbus_watch *watch,
				      const char *path, const char *token)
{
	return !watch->nr_pending;
}

/**
 * store_unwatch() - counterpart of xenbus_watch_pathfmt()
 * @watch: watch, set or not; its callback no longer runs, and will not again,
 *	on return
 *
 * Context: may sleep; waits for the callback, unless it is called by it.
 */
static inline void store_unwatch(struct xenbus_watch *watch)
{
	if (!watch->node)
		return;
	unregister_xenbus_watch(watch);
	kfree(watch->node);
	watch->node = NULL;
}

/**
 * store_read_mac() - MAC address in a directory's "mac" key
 * @dir: directory in xenstore
 * @mac: result; untouched on error
 *
 * May sleep.
 *
 * Return: 0, -EINVAL when malformed, or the store's error (-ENOENT).
 */
static inline int store_read_mac(const char *dir, u8 mac[6])
{
	char *text = xenbus_read(XBT_NIL, dir, "mac", NULL);
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	err = text_mac(text, mac);
	kfree(text);
	return err;
}

#endif /* XENNET_STORE_H */
