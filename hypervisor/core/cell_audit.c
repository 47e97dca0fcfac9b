/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hands all cells to the audit.
 */
#include "core/cell_audit.h"

#include "core/cells.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "model/audit.h"

static struct audit_cell subject(const struct cell *cell)
{
	return (struct audit_cell){
		.map = &cell->map, .regions = cell->regions,
		.count = cell->config->region_count, .name = cell->config->name,
		.comm = cell->comm_page, .is_root = cell == &root_cell,
	};
}

bool cell_audit(struct bh_refusal *refusal)
{
	struct audit_cell subjects[BH_MAX_CELLS];
	bool good = iommu_audit(&root_cell, refusal);
	uint32_t count = 0;
	size_t i;

	subjects[count++] = subject(&root_cell);
	for (i = 0; i < BH_ARRAY_SIZE(cells) && good; i++)
		if (cells[i]) {
			subjects[count++] = subject(cells[i]);
			good = iommu_audit(cells[i], refusal);
		}
	return good && audit_cells(&hypervisor.config, subjects, count, refusal);
}
