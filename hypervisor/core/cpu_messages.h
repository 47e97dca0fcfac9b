/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to other CPUs whose answer a management call waits for.
 */
#ifndef CORE_CPU_MESSAGES_H
#define CORE_CPU_MESSAGES_H

#include <bulkhead/refusal.h>

#include "core/cpu.h"
#include "core/hypervisor.h"

/*
 * A second in TSC cycles: far more than a CPU needs to answer an NMI, even one that an emulator
 * runs as a thread among others; far less than Linux's watchdogs allow.
 */
static inline uint64_t patience(void)
{
	return (hypervisor.handover->tsc_khz ? hypervisor.handover->tsc_khz : 1000000) * 1000ULL;
}

/* Asks one other CPU without waiting. */
void cpu_ask(struct cpu *cpu, uint32_t event);

/* Waits until it has done all that it was asked for. Refuses after a while: see cpu_messages.c. */
bool cpu_wait(struct cpu *cpu, struct bh_refusal *refusal);

/* All CPUs of the cell that work, the calling one apart: asked at once, then waited for. */
bool cpus_ask(const struct cell *cell, uint32_t event, struct bh_refusal *refusal);

#endif
