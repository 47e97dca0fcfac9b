/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builds what a cell is made of. Where the pages come from is the caller's to say.
 */
#include "core/cell_build.h"

#include "core/hypervisor.h"
#include "core/pool.h"
#include "core/seal.h"
#include "model/cell_map.h"
#include "model/pci.h"
#include "model/trapped.h"

static struct { hpa_t msr_bitmap, no_ports; } common;

static const struct permission_maps *permissions(void)
{
	return &board_kind(hypervisor.config.board)->permissions;
}

bool cell_build_common(struct bh_refusal *refusal)
{
	const struct permission_maps *maps = permissions();

	if (!pool_take(&common.msr_bitmap, maps->msr_pages, refusal) ||
	    !pool_take(&common.no_ports, maps->io_pages, refusal))
		return false;
	maps->fill_msrs(hypervisor_pointer(common.msr_bitmap), MSR_OF_CELL, NULL, 0);
	maps->fill_ports(hypervisor_pointer(common.no_ports), 0, NULL, 0);
	return true;
}

static hpa_t next_pages(hpa_t *own, uint32_t pages)
{
	hpa_t first = *own;

	own->v += pages * BH_PAGE_SIZE;
	return first;
}

/* Configuration space is filtered, also where the file lists its ports; only root's ever does. */
static void close_pci(const struct cell *cell, const struct permission_maps *maps)
{
	static const struct bh_ports ports = { .first = PCI_PORT_ADDRESS, .last = PCI_PORT_LAST };
	unsigned int i;

	for (i = 0; cell == &root_cell && i < maps->io_maps; i++)
		maps->change_ports(hypervisor_pointer(cell->io_bitmaps[i]), i, &ports, false);
}

void cell_build_bitmaps(struct cell *cell, const struct cell_budget *budget,
			const struct bh_msrs *msrs, hpa_t own)
{
	const struct bh_cell *config = cell->config;
	enum msr_who who = cell == &root_cell ? MSR_OF_ROOT : MSR_OF_CELL;
	const struct bh_board *board = hypervisor.config.board;
	const struct permission_maps *maps = permissions();
	unsigned int i;

	cell->msr_bitmap = common.msr_bitmap;
	if (budget->msr_bitmap) {
		cell->msr_bitmap = next_pages(&own, maps->msr_pages);
		maps->fill_msrs(hypervisor_pointer(cell->msr_bitmap), who, msrs, config->msr_count);
	}
	for (i = 0; i < maps->io_maps; i++) {
		cell->io_bitmaps[i] = common.no_ports;
		if (!budget->io_bitmap[i])
			continue;
		cell->io_bitmaps[i] = next_pages(&own, maps->io_pages);
		maps->fill_ports(hypervisor_pointer(cell->io_bitmaps[i]), i, cell->ports,
				 config->port_count);
	}
	if (board->flags & BH_BOARD_PCI)
		close_pci(cell, maps);
	msr_served_init(&cell->msrs, board_backend(board), who);
	cpuid_policy_init(&cell->cpuid);
	if (who == MSR_OF_CELL)
		cpuid_policy_restrict(&cell->cpuid);
}

bool cell_build_map(struct cell *cell, const struct pt_memory *memory, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;
	unsigned int code_leaf = cell_map_code_leaf(board, cell == &root_cell);
	uint32_t count = cell->config->region_count;
	struct pt_mapping mapping;
	size_t i;

	cell->trapped = trapped_hull(cell->regions, count);
	if (!pt_init(&cell->map, board_kind(board)->map_format, memory, board->physical_bits,
		     cell_map_largest_leaf(board), refusal))
		return false;
	for (i = 0; i < CELL_MAPPINGS(count); i++)
		if (cell_map_at(cell->regions, count, i, cell->comm_page, code_leaf, &mapping) &&
		    !pt_map(&cell->map, &mapping, refusal))
			return false;
	return true;
}

/* Keeps the largest ones in order of size; sizes of 0 are places that are free. */
static void add_memory(struct cell *cell, struct cell_memory memory)
{
	unsigned int i;

	for (i = 0; i < CELL_MEMORIES; i++) {
		struct cell_memory smaller = cell->memory[i];

		if (memory.size <= smaller.size)
			continue;
		cell->memory[i] = memory;
		memory = smaller;
	}
}

/* Readable RAM all over, which stays mapped as long as the cell lives. */
void cell_find_memory(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if (region->kind == BH_REGION_RAM && (region->access & BH_ACCESS_READ) &&
		    !(region->flags & (BH_REGION_SHARED | BH_REGION_LENT)))
			add_memory(cell, (struct cell_memory){
				.at = region->at, .size = region->size, .phys = region->phys,
			});
	}
}
