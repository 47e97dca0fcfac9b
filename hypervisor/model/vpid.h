/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VPIDs of virtual CPUs of cells (ASIDs where the vendor calls them so): never 0, never given
 * twice, never given again before the old owner's translations were invalidated (I4). Invalidating
 * is the backend's.
 */
#ifndef MODEL_VPID_H
#define MODEL_VPID_H

#include <bulkhead/types.h>

#define VPID_POOL_MAX 1024

struct vpid_pool {
	uint32_t first;
	uint32_t count;
	uint64_t used[VPID_POOL_MAX / 64];  /* given to somebody */
	uint64_t dirty[VPID_POOL_MAX / 64]; /* given back, not yet invalidated */
};

/* count numbers from first on; at most VPID_POOL_MAX, and first is not 0. */
void vpid_pool_init(struct vpid_pool *pool, uint32_t first, uint32_t count);

/* One that is nobody's and clean; 0 if there is none. */
uint32_t vpid_take(struct vpid_pool *pool);

/* Its owner is gone; it is dirty now. */
void vpid_return(struct vpid_pool *pool, uint32_t vpid);

/* No processor has a translation with it any more. */
void vpid_invalidated(struct vpid_pool *pool, uint32_t vpid);

#endif
