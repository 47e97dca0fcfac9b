/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handlers of VM exits, one file a subject; the table that leads to them is in exits.c.
 */
#ifndef X86_VMX_EXITS_H
#define X86_VMX_EXITS_H

#include "core/cpu.h"

typedef void (*exit_handler)(struct cpu *cpu);

/* exit_event.c */
void exit_exception_or_nmi(struct cpu *cpu);
void exit_interrupt(struct cpu *cpu);
void exit_nmi_window(struct cpu *cpu);
void exit_init_signal(struct cpu *cpu);
void exit_triple_fault(struct cpu *cpu);
void vmx_take_events(struct cpu *cpu);

/* exit_exception.c: not NMIs */
void exit_exception(struct cpu *cpu, uint64_t event);

/* exit_instruction.c */
void exit_cpuid(struct cpu *cpu);
void exit_invd(struct cpu *cpu);
void exit_xsetbv(struct cpu *cpu);
void exit_vmcall(struct cpu *cpu);
void exit_forbidden(struct cpu *cpu);

/* exit_control.c */
void exit_control_register(struct cpu *cpu);

/* exit_msr.c */
void exit_rdmsr(struct cpu *cpu);
void exit_wrmsr(struct cpu *cpu);

/* exit_port.c */
void exit_port(struct cpu *cpu);

/* exit_memory.c, exit_apic.c */
void exit_ept_violation(struct cpu *cpu);
void exit_ept_misconfiguration(struct cpu *cpu);

/* apic_shadow.c */
void exit_apic_access(struct cpu *cpu);

/* exits.c */
void exit_unexpected(struct cpu *cpu);
void exit_failed_entry(struct cpu *cpu);
_Noreturn void vmx_entry_failed(void);

#endif
