// SPDX-License-Identifier: GPL-2.0-only
/* Counts the pages of a cell's map: see leaves.h. */
#include "leaves.h"

#include <stdlib.h>

#include "model/backend_kind.h"
#include "model/cell_map.h"
#include "tools/config/tables.h"
#include "tools/device.h"
#include "tools/output.h"

#define SIZE_1G (1ULL << 30)
#define SIZE_2M (1ULL << 21)

static void count_leaf(struct cell_leaves *leaves, const struct bh_leaf *leaf)
{
	if (leaf->size == SIZE_1G)
		leaves->of_1g++;
	else if (leaf->size == SIZE_2M)
		leaves->of_2m++;
	else
		leaves->of_4k++;
}

/* From the tables themselves; false where the hypervisor does not show them. */
static bool read_map(struct cell_leaves *leaves, int device, uint32_t cell)
{
	uint32_t position = 0;

	for (;;) {
		const struct bh_chunk *chunk;
		const struct bh_leaf *leaf;
		struct device_page page = { .size = 0 };
		struct bh_refusal refusal;
		uint64_t i;

		if (!device_read(device, BH_READ_MAP, BH_READ_AT(cell, position), &page, &refusal))
			return false;
		chunk = device_chunk(&page, sizeof(*leaf));
		if (!chunk)
			return false;
		if (chunk->count == 0)
			return true;
		leaf = (const struct bh_leaf *)(chunk + 1);
		for (i = 0; i < chunk->count; i++)
			count_leaf(leaves, &leaf[i]);
		position += (uint32_t)chunk->count;
	}
}

/* As the builder makes them for this board; false if there are not as many tables of it. */
static bool predict_map(struct cell_leaves *leaves, const struct bh_cell_info *cell,
			const struct cell_config *config, const struct bh_board *board)
{
	uint32_t regions = config->cell->region_count;
	struct pt_mapping *mappings = must(calloc(CELL_MAPPINGS(regions), sizeof(*mappings)));
	const struct tables_wish wish = {
		.format = board_kind(board)->map_format, .physical_bits = board->physical_bits,
		.largest_leaf = cell_map_largest_leaf(board), .mappings = mappings,
		.count = cell_map_list(mappings, config->regions, regions, HPA(0),
				       cell_map_code_leaf(board, false)),
	};
	struct tables_count count = { 0 };
	struct bh_refusal refusal;
	bool is_so = tables_count(&wish, &count, &refusal) && count.pages == cell->tables;
	size_t i;

	for (i = 0; i < wish.count && is_so; i++) {
		leaves->of_4k += count.mappings[i].leaves[PT_4K];
		leaves->of_2m += count.mappings[i].leaves[PT_2M];
		leaves->of_1g += count.mappings[i].leaves[PT_1G];
	}
	free(count.mappings);
	free(mappings);
	return is_so;
}

void cell_leaves_count(struct cell_leaves *leaves, int device, const struct bh_cell_info *cell,
		       const struct cell_config *config, const struct cell_config *root)
{
	*leaves = (struct cell_leaves){ 0 };
	leaves->is_read = read_map(leaves, device, cell->id);
	leaves->is_known = leaves->is_read;
	if (leaves->is_known)
		return;
	*leaves = (struct cell_leaves){ 0 };
	/* What root lends and shares comes and goes: its map is not what its regions alone say. */
	if (cell->id != 0 && root->blob)
		leaves->is_known = predict_map(leaves, cell, config, root->board.board);
}
