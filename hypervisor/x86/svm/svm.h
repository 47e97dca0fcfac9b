/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the SVM backend share: a CPU's way into SVM operation.
 */
#ifndef X86_SVM_SVM_H
#define X86_SVM_SVM_H

#include <bulkhead/refusal.h>

#include "x86/svm/vcpu.h"

/* operation.c */
bool svm_check_features(struct cpu *cpu, struct bh_refusal *refusal);
bool svm_on(struct cpu *cpu, struct bh_refusal *refusal);

/* registers.c */
void svm_fill_guarded(struct vmcb *vmcb);
void svm_load_guarded(const struct vmcb *vmcb);

/* setup.c: the VMCB of a CPU of root. */
void svm_setup(struct cpu *cpu);

/* entry.S: enters a guest for the first time; returns only if that fails, see exits.c. */
void svm_launch(struct cpu *cpu);
_Noreturn void svm_launch_failed(struct cpu *cpu);

#endif
