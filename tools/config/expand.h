/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes out what devices are made of: the blob has their memory, ports and interrupts as such, in
 * root as what it lends, in a cell as what it has (bulkhead/config.h).
 */
#ifndef TOOLS_CONFIG_EXPAND_H
#define TOOLS_CONFIG_EXPAND_H

#include "board.h"
#include "cell.h"

/*
 * What devices have is cut out of root's regions and ports that it lies in, and stands behind these
 * as regions and ports of its own.
 */
void expand_board(struct board_source *board, const config_t *source,
		  struct complaints *complaints);

/* Finds devices and interrupts of a cell by their names, and adds what belongs to them. */
void expand_cell(struct cell_source *cell, const struct config_view *board, const config_t *source,
		 struct complaints *complaints);

#endif
