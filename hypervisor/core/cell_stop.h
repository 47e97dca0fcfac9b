/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a cell's run from inside: a fault, or its own wish. Stopping it from outside is
 * cell_run.c's.
 */
#ifndef CORE_CELL_STOP_H
#define CORE_CELL_STOP_H

#include "core/cpu.h"

/*
 * The cell of this CPU, which is not root, goes over to that state: SHUT_DOWN or FAILED. This CPU
 * is parked, the others stop as soon as they see the message, and root is told.
 */
void cell_stop(struct cpu *cpu, enum bh_cell_state state);

/*
 * The same for what no CPU of the cell has done: returns when its CPUs are told to stop. The caller
 * counts as a reader (core/read.h) since it has seen that the cell runs.
 */
void cell_fail(struct cell *cell);

/*
 * Waits until those are done who have ended its last run, its CPUs and others: from then on nothing
 * of that run touches what a new one, or another owner, has. The cell is at rest.
 */
bool cell_rests(struct cell *cell, struct bh_refusal *refusal);

#endif
