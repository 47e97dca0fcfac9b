/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Root's second-level map: its regions at their own addresses with the largest pages, and the local
 * APIC's page, which it may read but not write (Documentation/apic.md). Nothing else is reachable.
 */
#include "core/hypervisor.h"
#include "core/pool.h"
#include "model/cell_map.h"
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

bool vmx_build_root_map(struct cell *cell, struct bh_refusal *refusal)
{
	const struct bh_board *board = hypervisor.config.board;
	const struct pt_memory memory = pool_memory();
	uint32_t count = cell->config->region_count;
	size_t i;

	if (!pt_init(&cell->map, &pt_format_ept, &memory, board->physical_bits,
		     cell_map_largest_leaf(board), refusal))
		return false;
	for (i = 0; i < CELL_MAPPINGS(count); i++) {
		const struct pt_mapping mapping = cell_map_at(cell->regions, count, i);

		if (!pt_map(&cell->map, &mapping, refusal))
			return false;
	}
	return true;
}
