/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random boards with cells on them, good in every respect, and their maps built as the hypervisor
 * builds them. For the tests of what is foretold of cells and of the audit.
 */
#ifndef TESTS_UNIT_RANDOM_CELLS_H
#define TESTS_UNIT_RANDOM_CELLS_H

#include "model/audit.h"
#include "model/config.h"
#include "model/pagetable.h"

#define RANDOM_CELLS   4
#define RANDOM_REGIONS 12

struct random_cell {
	struct bh_config_header header;
	struct bh_cell cell;
	struct bh_region regions[RANDOM_REGIONS];
	struct bh_ports ports[4];
	struct bh_msrs msrs[2];
	struct cell_view view;
	struct pagetable map;
	hpa_t comm;
};

struct random_board {
	struct bh_board board;
	struct bh_range pools[2];
	struct bh_region regions[RANDOM_REGIONS];
	struct config_view view;
	struct pagetable map;
	struct random_cell cells[RANDOM_CELLS];
	uint32_t cell_count;
	uint64_t random; /* the generator's state */
};

/* A number below the limit. */
uint64_t random_below(struct random_board *board, uint64_t limit);

/* Hypervisor memory is where the tables' pages pretend to lie. */
void random_board_make(struct random_board *board, struct bh_range hypervisor, uint64_t seed);

/* Root's map and then every cell's; false, with the reason, if the builder refuses. */
bool random_board_build(struct random_board *board, const struct pt_memory *memory,
			struct bh_refusal *refusal);

/* What the audit looks at: root, then the cells; returns how many. */
uint32_t random_board_subjects(const struct random_board *board,
			       struct audit_cell subjects[RANDOM_CELLS + 1]);

#endif
