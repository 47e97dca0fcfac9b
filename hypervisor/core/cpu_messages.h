/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to other CPUs whose answer a management call waits for.
 */
#ifndef CORE_CPU_MESSAGES_H
#define CORE_CPU_MESSAGES_H

#include <bulkhead/refusal.h>

#include "core/cpu.h"

/* Asks one other CPU without waiting. */
void cpu_ask(struct cpu *cpu, uint32_t event);

/* Waits until it has done all that it was asked for. Refuses after a while: see cpu_messages.c. */
bool cpu_wait(struct cpu *cpu, struct bh_refusal *refusal);

/* All CPUs of the cell that work, the calling one apart: asked at once, then waited for. */
bool cpus_ask(const struct cell *cell, uint32_t event, struct bh_refusal *refusal);

#endif
