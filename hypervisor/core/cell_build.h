/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every cell is made of, root and others alike: policies, bitmaps, second-level map.
 */
#ifndef CORE_CELL_BUILD_H
#define CORE_CELL_BUILD_H

#include <bulkhead/refusal.h>

#include "core/cell.h"

/* Bitmaps that cells share whose configuration adds nothing; once, from the pool. */
bool cell_build_common(struct bh_refusal *refusal);

/* The bitmaps; those of its own lie behind each other from `own` on. */
void cell_build_bitmaps(struct cell *cell, const struct cell_budget *budget,
			const struct bh_msrs *msrs, hpa_t own);

/* The map, its pages from that memory. */
bool cell_build_map(struct cell *cell, const struct pt_memory *memory, struct bh_refusal *refusal);

/* The short cuts through the map. */
void cell_find_memory(struct cell *cell);

#endif
