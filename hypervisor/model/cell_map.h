/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell's second-level map holds: the list that the hypervisor builds it from, and that
 * `bulkhead config map` shows beforehand. Building tables is pagetable.h's.
 */
#ifndef MODEL_CELL_MAP_H
#define MODEL_CELL_MAP_H

#include <bulkhead/config.h>

#include "model/pagetable.h"

/* How many places the list has: a region each, and the local APIC's page behind them. */
#define CELL_MAPPINGS(regions) ((size_t)(regions) + 1)

/*
 * One place of it, so that the hypervisor needs no room for a list. False if nothing is mapped for
 * that region: it is no whole pages. `comm` is where the cell's communication page is.
 */
bool cell_map_at(const struct bh_region *regions, uint32_t count, size_t index, hpa_t comm,
		 struct pt_mapping *mapping);

/* All of them; returns how many. */
size_t cell_map_list(struct pt_mapping *mappings, const struct bh_region *regions, uint32_t count,
		     hpa_t comm);

/* The largest page of the board's processor, for pt_init() and pt_predict(). */
unsigned int cell_map_largest_leaf(const struct bh_board *board);

#endif
