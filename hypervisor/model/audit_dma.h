/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The isolation audit (I1) of a map for devices: holds the real tables against the regions that its
 * cell's devices may reach, no more and no less. That regions of two cells have nothing in common
 * is audit.h's.
 */
#ifndef MODEL_AUDIT_DMA_H
#define MODEL_AUDIT_DMA_H

#include <bulkhead/refusal.h>

#include "model/iommus.h"

struct audit_dma {
	const struct pagetable *map;
	const struct bh_region *regions;
	uint32_t count;
	const char *name; /* of the cell */
	bool is_root;
};

/* Refuses with the first thing that is wrong. */
bool audit_dma(const struct audit_dma *audit, struct bh_refusal *refusal);

#endif
