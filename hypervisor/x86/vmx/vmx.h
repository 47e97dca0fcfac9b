/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the VMX backend share: the processor's capabilities, and a CPU's way into VMX
 * operation.
 */
#ifndef X86_VMX_VMX_H
#define X86_VMX_VMX_H

#include <bulkhead/refusal.h>

#include "core/cell.h"
#include "core/cpu.h"
#include "model/vmx_features.h"
#include "x86/vmx/vcpu.h"

/* operation.c */
bool vmx_check_features(struct cpu *cpu, struct bh_refusal *refusal);
bool vmx_on(struct cpu *cpu, struct bh_refusal *refusal);

/* setup.c: the VMCS of a CPU of root. */
void vmx_setup(struct cpu *cpu);

/* ept.c */
uint64_t vmx_eptp(const struct cell *cell);

/* entry.S: enters a guest for the first time; returns only if VMLAUNCH fails. */
void vmx_launch(struct cpu *cpu);

#endif
