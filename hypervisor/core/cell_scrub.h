/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scrubs a cell's memory before it changes its owner (I9), a slice at a time.
 */
#ifndef CORE_CELL_SCRUB_H
#define CORE_CELL_SCRUB_H

#include "core/cell.h"
#include "core/cpu.h"

void cell_scrub_begin(struct cell *cell);

/* One slice; true when all is done. */
bool cell_scrub(struct cpu *cpu, struct cell *cell);

#endif
