/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Root's second-level map: its regions at their own addresses with the largest pages, and the local
 * APIC's page, which it may read but not write (Documentation/apic.md). Nothing else is reachable.
 */
#include "core/hypervisor.h"
#include "core/pool.h"
#include "model/format_ept.h"
#include "x86/vmx/vmx.h"

/*
 * EPTP: write-back tables (6), a walk of four levels, no accessed and dirty flags (SDM vol. 3C,
 * 24.6.11).
 */
#define EPTP_FORMAT (6 | (4 - 1) << 3)

uint64_t vmx_eptp(const struct cell *cell)
{
	return cell->map.root.v | EPTP_FORMAT;
}

static bool map_apic(struct cell *cell, struct bh_refusal *refusal)
{
	const struct pt_mapping apic = {
		.virt = BH_APIC_BASE, .phys = HPA(BH_APIC_BASE), .size = BH_PAGE_SIZE,
		.attributes = PT_READ | PT_UNCACHED,
	};

	return pt_map(&cell->map, &apic, refusal);
}

static bool map_region(struct cell *cell, const struct bh_region *region,
		       struct bh_refusal *refusal)
{
	struct pt_mapping mapping = {
		.virt = region->at,
		.phys = HPA(region->phys),
		.size = region->size,
	};

	if (region->access & BH_ACCESS_READ)
		mapping.attributes |= PT_READ;
	if (region->access & BH_ACCESS_WRITE)
		mapping.attributes |= PT_WRITE;
	if (region->access & BH_ACCESS_EXECUTE)
		mapping.attributes |= PT_EXECUTE;
	if (region->kind == BH_REGION_DEVICE)
		mapping.attributes |= PT_UNCACHED;
	return pt_map(&cell->map, &mapping, refusal);
}

bool vmx_build_root_map(struct cell *cell, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;
	const struct pt_memory memory = pool_memory();
	uint32_t i;

	if (!pt_init(&cell->map, &pt_format_ept, &memory, board->physical_bits,
		     board->flags & BH_BOARD_PAGES_1G ? PT_1G : PT_2M, refusal))
		return false;
	for (i = 0; i < cell->config->region_count; i++)
		if (!map_region(cell, &cell->regions[i], refusal))
			return false;
	return map_apic(cell, refusal);
}
