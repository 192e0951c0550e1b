// SPDX-License-Identifier: GPL-2.0
/* Grants of a ring's slots. */
#include <xen/grant_table.h>
#include "netfront.h"

/**
 * grefs_alloc() - reserve a grant for every slot of a ring
 * @gref: result
 *
 * Return: 0 or an error.
 */
int grefs_alloc(grant_ref_t gref[XENNET_RING_SIZE])
{
	grant_ref_t head;
	unsigned int i;
	int err;

	err = gnttab_alloc_grant_references(XENNET_RING_SIZE, &head);
	if (err)
		return err;
	for (i = 0; i < XENNET_RING_SIZE; i++)
		gref[i] = gnttab_claim_grant_reference(&head);
	return 0;
}
