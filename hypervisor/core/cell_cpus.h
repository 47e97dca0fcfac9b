/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs change hands between root and a cell.
 */
#ifndef CORE_CELL_CPUS_H
#define CORE_CELL_CPUS_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/cpu.h"

/* Once, when the number of CPUs is known. */
void cell_cpus_open(void);

/* Can root give all CPUs that the cell's configuration names? `caller` has to stay with root. */
bool cell_cpus_check(const struct cell *cell, const struct cpu *caller,
		     struct bh_refusal *refusal);

/* Takes them, each with a VPID of its own; where one does not answer, all go back. */
bool cell_cpus_take(struct cell *cell, struct bh_refusal *refusal);

/* Gives all back to root, where each waits for SIPI. */
bool cell_cpus_return(struct cell *cell, struct bh_refusal *refusal);

/* What a CPU that did not answer may leave behind: some of its CPUs, or not all. */
bool cell_cpus_any(const struct cell *cell);
bool cell_cpus_all(const struct cell *cell);

#endif
