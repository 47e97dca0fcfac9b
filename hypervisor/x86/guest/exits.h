/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handlers of exits that both vendors have, one file a subject; the tables that lead to them are
 * the backends'.
 */
#ifndef X86_GUEST_EXITS_H
#define X86_GUEST_EXITS_H

#include "core/cpu.h"
#include "x86/tables.h"

/*
 * #DB and #AC, the two exceptions whose delivery can raise them again for ever: a guest that
 * arranges that would keep its CPU from every message, as no instruction ends in between
 * (CVE-2015-5307, CVE-2015-8104). They exit, and are given to the guest as if they had not; where
 * they meet the delivery of another event, there is nothing to go back to. And machine checks.
 */
#define EXITING_EXCEPTIONS (1u << VECTOR_DB | 1u << VECTOR_AC | 1u << VECTOR_MACHINE_CHECK)

typedef void (*exit_handler)(struct cpu *cpu);

/* exit_instruction.c */
void exit_cpuid(struct cpu *cpu);
void exit_flush(struct cpu *cpu);
void exit_xsetbv(struct cpu *cpu);
void exit_hypercall(struct cpu *cpu);
void exit_forbidden(struct cpu *cpu);

/* exit_msr.c */
void exit_rdmsr(struct cpu *cpu);
void exit_wrmsr(struct cpu *cpu);

/* exit_port.c */
void exit_port(struct cpu *cpu);

/* exit_machine_check.c */
void exit_machine_check(struct cpu *cpu);

/* exit_memory.c: past the cell's map, or against its rights */
void exit_violation(struct cpu *cpu);

/* exit_end.c: what a CPU does not survive */
void exit_triple_fault(struct cpu *cpu);
void exit_delivery_fault(struct cpu *cpu);
void exit_task_switch(struct cpu *cpu);
void exit_refused_state(struct cpu *cpu);
void exit_unexpected(struct cpu *cpu);

#endif
