/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small good board with two good cells to break, and what must hold of every cell that
 * cell_admit() takes, written down a second time without its code. For unit tests and fuzz target.
 */
#ifndef TESTS_CELL_BLOB_H
#define TESTS_CELL_BLOB_H

#include "config_blob.h"

struct cell_blob {
	struct bh_config_header header;
	struct bh_cell cell;
	struct bh_region regions[5];
	struct bh_ports ports[2];
	struct bh_msrs msrs[2];
};

enum { CELL_RAM, CELL_MAIL, CELL_COMM, CELL_VGA, CELL_UART };

struct cells {
	struct blob board;      /* lends regions[1] "vga", shares regions[3] "mail" */
	struct cell_blob cell;  /* "rt0": all kinds of memory, in the order above */
	struct cell_blob other; /* "net": beside it already */
};

/* Good in every respect, check sums included. */
void cells_fill(struct cells *cells);

/* Views of the three, without a look at their form. */
struct cells_view {
	struct config_view board;
	struct cell_view cell;
	struct cell_view other;
};
void cells_view_make(struct cells_view *view, const struct cells *cells);

/* The name of a rule that the cell breaks; null if it keeps all. The others are good. */
const char *cell_broken_rule(const struct config_view *board, const struct cell_view *cell,
			     const struct cell_view *const *others, uint32_t count);

#endif
