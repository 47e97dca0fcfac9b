/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exceptions that exit: see EXITING_EXCEPTIONS. The processor has filled DR6 by then, and tells
 * no error code of #AC, which is always 0. And the one that ends a step over an instruction, where
 * the guest steps itself.
 */
#include "x86/control.h"
#include "x86/svm/exits.h"
#include "x86/svm/svm.h"

void exit_debug(struct cpu *cpu)
{
	const struct vmcb *vmcb = vmcb_of(cpu);

	if (vcpu_was_delivering(cpu))
		exit_delivery_fault(cpu);
	else if (vmcb->nmi_step && (vmcb->dr6 & DR6_STEP))
		svm_end_step(cpu);
	else
		vcpu_inject(cpu, VECTOR_DB);
}

/* A trap of our own is behind the instruction already, and exit_debug() gives the guest its own. */
void vcpu_trap_step(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	if (vmcb->nmi_step)
		return;
	vmcb->dr6 |= DR6_STEP;
	vcpu_inject(cpu, VECTOR_DB);
}

void exit_alignment(struct cpu *cpu)
{
	if (vcpu_was_delivering(cpu))
		exit_delivery_fault(cpu);
	else
		vcpu_inject_code(cpu, VECTOR_AC, 0);
}
