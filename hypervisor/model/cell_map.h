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
 * that region: it is no whole pages. `comm` is where the cell's communication page is, `code_leaf`
 * what cell_map_code_leaf() says of the cell.
 */
bool cell_map_at(const struct bh_region *regions, uint32_t count, size_t index, hpa_t comm,
		 unsigned int code_leaf, struct pt_mapping *mapping);

/* All of them; returns how many. */
size_t cell_map_list(struct pt_mapping *mappings, const struct bh_region *regions, uint32_t count,
		     hpa_t comm, unsigned int code_leaf);

/* The largest page of the board's processor, for pt_init() and pt_predict(). */
unsigned int cell_map_largest_leaf(const struct bh_board *board);

/*
 * The largest page of what a cell may execute; 0: as of all else. Where a fetch that finds a large
 * and a small page can hang the processor, a cell gets no large ones. Root is trusted not to bring
 * it about, as Linux is without a hypervisor.
 */
unsigned int cell_map_code_leaf(const struct bh_board *board, bool is_root);

#endif
