/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All there is to know of one cell at one time: what `cell show` collects, and its two ways to show
 * it. What could not be read is left out.
 */
#ifndef TOOLS_CELL_DETAIL_H
#define TOOLS_CELL_DETAIL_H

#include <json-c/json.h>

#include "cell_config.h"
#include "leaves.h"
#include "tools/snapshot.h"

struct cell_detail {
	const struct snapshot *snapshot;
	const struct bh_cell_info *cell;
	struct cell_config config; /* blob is null where it cannot be read */
	struct cell_config root; /* the same: names of devices */
	struct cell_leaves leaves;
	struct bh_registers *registers;
	size_t register_count;
};

void detail_print(const struct cell_detail *detail);
void detail_json_print(const struct cell_detail *detail);

#endif
