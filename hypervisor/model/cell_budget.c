/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts a cell's pages from its configuration.
 */
#include "model/cell_budget.h"

#include "model/cell_map.h"
#include "model/iommus.h"

struct source {
	const struct cell_view *cell;
	unsigned int code_leaf;
};

static bool get_mapping(const void *context, size_t index, struct pt_mapping *mapping)
{
	const struct source *source = context;
	const struct cell_view *cell = source->cell;

	/* Where the communication page is makes no difference: it is mapped by a small page. */
	return cell_map_at(cell->regions, cell->cell->region_count, index, HPA(0),
			   source->code_leaf, mapping);
}

static bool has_comm(const struct cell_view *cell)
{
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++)
		if (cell->regions[i].kind == BH_REGION_COMM)
			return true;
	return false;
}

static void add_up(struct cell_budget *budget)
{
	uint32_t i;

	budget->total = budget->head + budget->comm + budget->msr_bitmap + budget->tables +
			budget->dma;
	for (i = 0; i < IO_MAPS_MOST; i++)
		budget->total += budget->io_bitmap[i];
}

void cell_budget(struct cell_budget *budget, const struct config_view *board,
		 const struct cell_view *cell)
{
	const struct backend_kind *kind = board_kind(board->board);
	const struct permission_maps *maps = &kind->permissions;
	const struct source context = { cell, cell_map_code_leaf(board->board, false) };
	const struct pt_source source = {
		.get = get_mapping, .context = &context,
		.count = CELL_MAPPINGS(cell->cell->region_count),
	};
	uint64_t head = CELL_HEAD_SIZE + (uint64_t)cell->header->size;
	struct iommus iommus;
	uint32_t i;

	*budget = (struct cell_budget){ 0 };
	budget->head = (uint32_t)((head + BH_PAGE_MASK) >> BH_PAGE_SHIFT);
	budget->comm = has_comm(cell);
	if (cell->cell->msr_count)
		budget->msr_bitmap = maps->msr_pages;
	for (i = 0; i < maps->io_maps; i++)
		if (maps->needs_ports(i, cell->ports, cell->cell->port_count))
			budget->io_bitmap[i] = maps->io_pages;
	budget->tables = (uint32_t)pt_predict_from(kind->map_format,
						   cell_map_largest_leaf(board->board), &source);
	iommus_view(board, &iommus);
	budget->dma = (uint32_t)iommus_cell_pages(&iommus, board, cell);
	add_up(budget);
}

void cell_budget_root(struct cell_budget *budget, const struct bh_board *board)
{
	const struct permission_maps *maps = &board_kind(board)->permissions;
	uint32_t i;

	*budget = (struct cell_budget){ .msr_bitmap = maps->msr_pages };
	for (i = 0; i < maps->io_maps; i++)
		budget->io_bitmap[i] = maps->io_pages;
	add_up(budget);
}

uint32_t cell_budget_common(const struct bh_board *board)
{
	const struct permission_maps *maps = &board_kind(board)->permissions;

	return maps->msr_pages + maps->io_pages;
}

uint32_t cell_budget_functions(const struct bh_board *board)
{
	return board->flags & BH_BOARD_PCI ?
		       (uint32_t)(PCI_SLOTS * PCI_SLOT_SIZE / BH_PAGE_SIZE) : 0;
}
