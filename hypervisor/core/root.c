/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the root cell from the board's configuration.
 */
#include "core/root.h"

#include "core/backend.h"
#include "core/cell_build.h"
#include "core/cells.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/root_regions.h"
#include "core/seal.h"

struct cell root_cell;

/* All its bitmaps are its own. */
static bool build_bitmaps(struct cell *cell, struct bh_refusal *refusal)
{
	struct cell_budget all;
	hpa_t pages;

	cell_budget_root(&all, hypervisor.config.board);
	if (!cell_build_common(refusal) || !pool_take(&pages, all.total, refusal))
		return false;
	cell_build_bitmaps(cell, &all, hypervisor.config.msrs, pages);
	return true;
}

static bool build(struct cell *cell, struct bh_refusal *refusal)
{
	const struct pt_memory memory = pool_memory();
	uint64_t first = hypervisor.handover->pool_used;

	if (!build_bitmaps(cell, refusal) || !cell_build_map(cell, &memory, refusal))
		return false;
	seal_open();
	root_regions_open();
	seal_pages(HPA(hypervisor.layout.phys + hypervisor.layout.pool.start +
		       (first << BH_PAGE_SHIFT)), pool_used() - first);
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
	cell->icr.alone = true;
	cell_find_memory(cell);
	if (!build(cell, refusal))
		return false;
	cell->table_pages = pt_count_pages(&cell->map);
	log_print("%s: %u regions in %llu pages of tables, on a fault: %s\n", cell->config->name,
		  cell->config->region_count, (unsigned long long)cell->table_pages,
		  cell->on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	return true;
}
