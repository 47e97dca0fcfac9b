/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SVM knows no halted guest that could be entered whatever it was doing: the CPU halts in the
 * hypervisor instead, see entry.S.
 */
#include "x86/svm/vcpu.h"

void vcpu_park(struct cpu *cpu, uint32_t halt)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	vcpu_settle(cpu);
	cpu->halt = halt;
	vmcb->rflags = RFLAGS_FIXED;
	vmcb->interrupt_state = 0;
	vmcb->entry_event = 0;
	vmcb->nmi_masked = 0;
	vmcb->intercept1 &= ~INTERCEPT1_IRET;
}

void vcpu_unpark(struct cpu *cpu)
{
	cpu->halt = CPU_RUNS;
}
