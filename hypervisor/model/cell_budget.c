/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts a cell's pages from its configuration.
 */
#include "model/cell_budget.h"

#include "model/cell_map.h"
#include "model/port_policy.h"

static bool get_mapping(const void *context, size_t index, struct pt_mapping *mapping)
{
	const struct cell_view *cell = context;

	/* Where the communication page is makes no difference: it is mapped by a small page. */
	return cell_map_at(cell->regions, cell->cell->region_count, index, HPA(0), mapping);
}

static bool has_comm(const struct cell_view *cell)
{
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++)
		if (cell->regions[i].kind == BH_REGION_COMM)
			return true;
	return false;
}

void cell_budget(struct cell_budget *budget, const struct bh_board *board,
		 const struct cell_view *cell, const struct pt_format *format)
{
	const struct pt_source source = {
		.get = get_mapping, .context = cell,
		.count = CELL_MAPPINGS(cell->cell->region_count),
	};
	uint64_t head = CELL_HEAD_SIZE + (uint64_t)cell->header->size;
	uint32_t half;

	budget->head = (uint32_t)((head + BH_PAGE_MASK) >> BH_PAGE_SHIFT);
	budget->comm = has_comm(cell);
	budget->msr_bitmap = cell->cell->msr_count != 0;
	budget->total = budget->head + budget->comm + budget->msr_bitmap;
	for (half = 0; half < PORT_BITMAP_PAGES; half++) {
		budget->io_bitmap[half] =
			port_bitmap_needed(half, cell->ports, cell->cell->port_count);
		budget->total += budget->io_bitmap[half];
	}
	budget->tables =
		(uint32_t)pt_predict_from(format, cell_map_largest_leaf(board), &source);
	budget->total += budget->tables;
}
