/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the root cell from the board's configuration.
 */
#include "core/root.h"

#include "core/backend.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pool.h"
#include "model/msr_policy.h"
#include "model/port_policy.h"

struct cell root_cell;

static bool fill_bitmaps(struct cell *cell, struct bh_refusal *refusal)
{
	const struct config_view *config = &hypervisor.config;

	if (!pool_take(&cell->msr_bitmap, 1, refusal) ||
	    !pool_take(&cell->io_bitmaps, PORT_BITMAP_PAGES, refusal))
		return false;
	msr_bitmap_fill(hypervisor_pointer(cell->msr_bitmap), config->msrs, cell->config->msr_count);
	port_bitmap_fill(hypervisor_pointer(cell->io_bitmaps), config->ports,
			 cell->config->port_count);
	return true;
}

bool root_start(struct bh_refusal *refusal)
{
	struct cell *cell = &root_cell;

	cell->config = &hypervisor.config.board->root;
	cell->regions = hypervisor.config.regions;
	cell->on_fault = cell->config->on_fault;
	cpuid_policy_init(&cell->cpuid);
	if (!fill_bitmaps(cell, refusal) || !backend->build_map(cell, refusal))
		return false;
	log_print("%s: %u regions in %llu pages of tables, on a fault: %s\n", cell->config->name,
		  cell->config->region_count, (unsigned long long)pt_count_pages(&cell->map),
		  cell->on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	return true;
}
