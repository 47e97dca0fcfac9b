/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The isolation audit (I1): walks the real second-level tables of all cells and finds whether a
 * page is reachable from two of them that have not both declared to share it, from any that its
 * configuration does not give it to, or whether one is missing. Run at every create, start and
 * destroy.
 */
#ifndef MODEL_AUDIT_H
#define MODEL_AUDIT_H

#include "model/config.h"
#include "model/pagetable.h"

struct audit_cell {
	const struct pagetable *map;
	const struct bh_region *regions;
	uint32_t count;
	const char *name;
	hpa_t comm;    /* its communication page, if it has a region for one */
	bool is_root;
};

/*
 * Refuses with the first thing that is wrong. Takes about four instructions a page mapped and 800 a
 * table: 32,000 for root of the Bochs board with one small cell.
 */
bool audit_cells(const struct config_view *board, const struct audit_cell *cells, uint32_t count,
		 struct bh_refusal *refusal);

#endif
