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

#endif
