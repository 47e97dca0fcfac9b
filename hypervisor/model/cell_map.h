/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell's second-level map holds: the list that the hypervisor builds it from, and that
 * `bulkhead config map` shows beforehand. Building tables is pagetable.h's.
 */
#ifndef MODEL_CELL_MAP_H
#define MODEL_CELL_MAP_H

#include <bulkhead/config.h>

#include "model/pagetable.h"

/* The most mappings that cell_map_list() writes. */
#define CELL_MAPPINGS(regions) ((size_t)(regions) + 1)

/*
 * One of them: a region for an index below count, the local APIC's page behind. So that the
 * hypervisor needs no room for a list.
 */
struct pt_mapping cell_map_at(const struct bh_region *regions, uint32_t count, size_t index);

/* The regions, and behind them the local APIC's page; returns how many. */
size_t cell_map_list(struct pt_mapping *mappings, const struct bh_region *regions, uint32_t count);

/* The largest page of the board's processor, for pt_init() and pt_predict(). */
unsigned int cell_map_largest_leaf(const struct bh_board *board);

#endif
