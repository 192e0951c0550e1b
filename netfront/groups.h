/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the backend's list of multicast addresses is to be, and what it is as
 * far as the backend has confirmed it. Pure.
 *
 * One change is underway at a time. The backend may be asked to filter while
 * groups_are_listed() holds: then it knows of every group that is wanted.
 */
#ifndef NETFRONT_GROUPS_H
#define NETFRONT_GROUPS_H

#include <xennet/mcast.h>
#include <xennet/wire.h>

/**
 * struct groups_change - one change of the backend's list
 * @add: add the address, or take it out
 * @addr: MAC address
 */
struct groups_change {
	bool add;
	u8 addr[6];
};

/**
 * struct groups - the list as it is wanted, and as it is
 * @wanted: groups the guest listens to
 * @all: it listens to all, or to more than a list holds
 * @listed: groups the backend is sure to have in its list
 * @refused: the backend refused one of @wanted
 * @busy: @change is underway
 * @change: what the backend was last asked for
 */
struct groups {
	struct mcast wanted;
	bool all;
	struct mcast listed;
	bool refused;
	bool busy;
	struct groups_change change;
};

/**
 * groups_reset() - a backend comes, with an empty list
 * @g: the lists
 */
void groups_reset(struct groups *g);

/**
 * groups_want() - what the guest listens to from now on
 * @g: the lists
 * @wanted: groups
 * @all: all of them, whatever @wanted says
 *
 * A backend that refused a group is asked again when this changes anything.
 */
void groups_want(struct groups *g, const struct mcast *wanted, bool all);

/**
 * groups_next() - what to ask the backend for next
 * @g: the lists
 * @change: result
 *
 * Addresses are taken out first, to have room for others.
 *
 * Return: true if there is something; false as well while a change is
 * underway, the guest listens to all, or the backend has refused a group.
 */
bool groups_next(const struct groups *g, struct groups_change *change);

/**
 * groups_asked() - the backend was asked for a change
 * @g: the lists
 * @change: from groups_next()
 */
void groups_asked(struct groups *g, const struct groups_change *change);

/**
 * groups_answered() - it has answered
 * @g: the lists
 * @done: the list is changed
 */
void groups_answered(struct groups *g, bool done);

/**
 * groups_are_listed() - does the backend know all groups the guest wants?
 * @g: the lists
 *
 * Return: true if it does, and not all groups are wanted.
 */
bool groups_are_listed(const struct groups *g);

#endif /* NETFRONT_GROUPS_H */
