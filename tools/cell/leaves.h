/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many pages of which size a cell's second-level map has: as they are in memory where the
 * hypervisor shows its tables (debug builds), else as the builder makes them of the same regions.
 */
#ifndef TOOLS_CELL_LEAVES_H
#define TOOLS_CELL_LEAVES_H

#include <bulkhead/manage.h>

#include "cell_config.h"

struct cell_leaves {
	bool is_known;
	bool is_read;    /* from memory, not predicted */
	uint64_t of_4k, of_2m, of_1g;
};

void cell_leaves_count(struct cell_leaves *leaves, int device, const struct bh_cell_info *cell,
		       const struct cell_config *config, const struct cell_config *root);

#endif
