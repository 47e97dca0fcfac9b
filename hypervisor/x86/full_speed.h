/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU at full performance while a cell has it: what Linux had asked for is kept and asked for
 * again afterwards.
 */
#ifndef X86_FULL_SPEED_H
#define X86_FULL_SPEED_H

#include "core/cpu.h"

/* The calling CPU leaves root, or comes back to it. */
void full_speed_begin(struct cpu *cpu);
void full_speed_end(struct cpu *cpu);

#endif
