/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What creating a cell and destroying it have in common.
 */
#ifndef CORE_CELL_CREATE_H
#define CORE_CELL_CREATE_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/cpu.h"

/* Makes root's map fit the cells that there are, on all its CPUs. */
bool cell_update_root(struct cpu *cpu, struct bh_refusal *refusal);

/* Gives the cell's pages back to the pool, its own struct with them. */
void cell_release(struct cell *cell);

#endif
