/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the root cell from the board's configuration.
 */
#include "core/root.h"

#include <bulkhead/manage.h>

#include "core/backend.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pool.h"
#include "model/cell_map.h"
#include "model/port_policy.h"

struct cell root_cell;

static bool fill_bitmaps(struct cell *cell, struct bh_refusal *refusal)
{
	const struct config_view *config = &hypervisor.config;

	hpa_t ports;

	if (!pool_take(&cell->msr_bitmap, 1, refusal) ||
	    !pool_take(&ports, PORT_BITMAP_PAGES, refusal))
		return false;
	cell->io_bitmaps[0] = ports;
	cell->io_bitmaps[1] = HPA(ports.v + BH_PAGE_SIZE);
	msr_bitmap_fill(hypervisor_pointer(cell->msr_bitmap), config->msrs,
			cell->config->msr_count);
	port_bitmap_fill(hypervisor_pointer(ports), config->ports,
			 cell->config->port_count);
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
static void find_memory(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if (region->kind == BH_REGION_RAM && (region->access & BH_ACCESS_READ))
			add_memory(cell, (struct cell_memory){
				.at = region->at, .size = region->size, .phys = region->phys,
			});
	}
}

/* Its regions at their own addresses with the largest pages, and the local APIC's page. */
static bool build_map(struct cell *cell, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;
	const struct pt_memory memory = pool_memory();
	uint32_t count = cell->config->region_count;
	size_t i;

	if (!pt_init(&cell->map, backend->map_format, &memory, board->physical_bits,
		     cell_map_largest_leaf(board), refusal))
		return false;
	for (i = 0; i < CELL_MAPPINGS(count); i++) {
		const struct pt_mapping mapping = cell_map_at(cell->regions, count, i);

		if (!pt_map(&cell->map, &mapping, refusal))
			return false;
	}
	return true;
}

bool root_start(struct bh_refusal *refusal)
{
	struct cell *cell = &root_cell;

	cell->config = &hypervisor.config.board->root;
	cell->regions = hypervisor.config.regions;
	cell->ports = hypervisor.config.ports;
	cell->state = BH_CELL_RUNNING;
	cell->on_fault = cell->config->on_fault;
	cpuid_policy_init(&cell->cpuid);
	msr_served_init(&cell->msrs);
	find_memory(cell);
	if (!fill_bitmaps(cell, refusal) || !build_map(cell, refusal))
		return false;
	log_print("%s: %u regions in %llu pages of tables, on a fault: %s\n", cell->config->name,
		  cell->config->region_count, (unsigned long long)pt_count_pages(&cell->map),
		  cell->on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	return true;
}
