/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells that there are besides root.
 */
#ifndef CORE_CELLS_H
#define CORE_CELLS_H

#include "core/cell.h"

/* BH_MAX_CELLS places, root's included; null where there is none. */
extern struct cell *cells[BH_MAX_CELLS - 1];

/* The one with the lowest id from there on, root too; or null. */
struct cell *cells_from(uint64_t id);
struct cell *cells_find(uint64_t id);

/* True if there is none but root. */
bool cells_none(void);

/* Root included. */
uint32_t cells_count(void);

/* Gives the cell a place and an id; false if all places are taken. */
bool cells_add(struct cell *cell);
void cells_remove(struct cell *cell);

/* Configurations of all of them, for the checks of one more; how many. */
uint32_t cells_views(const struct cell_view *views[BH_MAX_CELLS]);

/* After CPUs have moved or changed their logical ids: whom each cell may send interrupts. */
void cells_update_interrupts(void);

#endif
