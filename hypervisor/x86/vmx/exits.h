/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handlers of exits that only VMX has, one file a subject; the table that leads to them is in
 * exits.c.
 */
#ifndef X86_VMX_EXITS_H
#define X86_VMX_EXITS_H

#include "x86/guest/exits.h"

/* exit_event.c */
void exit_exception_or_nmi(struct cpu *cpu);
void exit_interrupt(struct cpu *cpu);
void exit_nmi_window(struct cpu *cpu);
void exit_init_signal(struct cpu *cpu);
void exit_entry_check(struct cpu *cpu);

/* exit_exception.c: not NMIs */
void exit_exception(struct cpu *cpu, uint64_t event);

/* exit_control.c */
void exit_control_register(struct cpu *cpu);

/* exit_apic_page.c */
void exit_apic_access(struct cpu *cpu);

/* exits.c */
void exit_ept_misconfiguration(struct cpu *cpu);
_Noreturn void vmx_entry_failed(void);

#endif
