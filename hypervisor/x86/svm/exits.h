/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handlers of exits that only SVM has, one file a subject; the table that leads to them is in
 * exits.c.
 */
#ifndef X86_SVM_EXITS_H
#define X86_SVM_EXITS_H

#include "x86/guest/exits.h"

/* exit_event.c */
void exit_nmi(struct cpu *cpu);
void exit_init_signal(struct cpu *cpu);
void exit_iret(struct cpu *cpu);
void exit_halt(struct cpu *cpu);
void svm_end_step(struct cpu *cpu);

/* exit_counter.c */
void exit_rdpmc(struct cpu *cpu);

/* exit_exception.c */
void exit_debug(struct cpu *cpu);
void exit_alignment(struct cpu *cpu);

#endif
