/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NMIs and the messages they carry.
 *
 * SVM neither blocks a second NMI while the guest serves one, nor says when it is done, nor when an
 * interrupt shadow ends. So the guest's IRET exits meanwhile and is then stepped over by a trap, as
 * at the exit itself it has not happened yet, and so is the instruction in a shadow (APM vol. 2,
 * 15.20 and 8.2.3).
 */
#include "x86/apic.h"
#include "x86/guest/skip.h"
#include "x86/svm/exits.h"
#include "x86/svm/svm.h"

#define DR6_BREAKPOINTS 0xfULL

/*
 * An event whose delivery the exit has ended: an interrupt is acknowledged by then and would be
 * lost. Those of instructions come again by themselves (APM vol. 2, 15.7.2).
 */
static void deliver_again(struct vmcb *vmcb)
{
	uint64_t event = vmcb->exit_event;
	uint64_t type = event & EVENT_TYPE;
	uint64_t vector = event & EVENT_VECTOR;
	bool is_instruction = type == EVENT_TYPE_SOFTWARE ||
			      (type == EVENT_TYPE_EXCEPTION &&
			       (vector == VECTOR_BP || vector == VECTOR_OF));

	if ((event & EVENT_VALID) && !is_instruction)
		vmcb->entry_event = event;
}

/*
 * It waits for the global interrupt flag, and is taken here: the handler of the hypervisor's own
 * NMIs posts it.
 */
void exit_nmi(struct cpu *cpu)
{
	__asm__ volatile("stgi; nop; clgi" : : : "memory");
	deliver_again(vmcb_of(cpu));
	if (cpu->nmi_pending)
		cpu_post(cpu, CPU_EVENT_NMI_AGAIN);
}

/* One instruction of the guest, with a trap behind it. */
static void step(struct vmcb *vmcb, enum nmi_step over)
{
	vmcb->nmi_step = (uint8_t)over;
	vmcb->stepped_tf = (vmcb->rflags & RFLAGS_TF) != 0;
	vmcb->rflags |= RFLAGS_TF;
}

/* Gives the guest its NMI, now if it can take it, else as soon as it can. */
void vcpu_deliver_nmi(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	if (vmcb->nmi_masked || vmcb->nmi_step)
		return; /* exit_debug() comes back to it */
	if (vmcb->entry_event & EVENT_VALID) {
		/* An NMI to ourselves ends the guest's run when that is delivered. */
		apic_kick(cpu);
		return;
	}
	if (vmcb->interrupt_state & STATE_SHADOW) {
		vmcb->intercept1 |= INTERCEPT1_HLT;
		step(vmcb, STEP_SHADOW);
		return;
	}
	cpu->nmi_pending = 0;
	vmcb->nmi_masked = 1;
	vmcb->intercept1 |= INTERCEPT1_IRET;
	vmcb->entry_event = EVENT_VALID | EVENT_TYPE_NMI | VECTOR_NMI;
}

/* The instruction is executed now, with a trap behind it; the flags it loads show nothing of it. */
void exit_iret(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	vmcb->intercept1 &= ~INTERCEPT1_IRET;
	step(vmcb, STEP_IRET);
}

/* The instruction is behind us, or not waited for any more. */
static void forget_step(struct vmcb *vmcb)
{
	vmcb->nmi_step = STEP_NONE;
	vmcb->intercept1 &= ~INTERCEPT1_HLT;
}

/* The trap was ours; a guest that steps itself gets it all the same. */
void svm_end_step(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);
	enum nmi_step over = (enum nmi_step)vmcb->nmi_step;

	forget_step(vmcb);
	if (over == STEP_IRET)
		vmcb->nmi_masked = 0;
	else if (!vmcb->stepped_tf)
		vmcb->rflags &= ~RFLAGS_TF;
	/* Its own trap, or a breakpoint of its own at the same instruction. */
	if (vmcb->stepped_tf || (vmcb->dr6 & DR6_BREAKPOINTS))
		vcpu_inject(cpu, VECTOR_DB);
	else
		vmcb->dr6 &= ~DR6_STEP;
	if (cpu->nmi_pending)
		vcpu_deliver_nmi(cpu);
}

/* The guest is about to be looked at, or to leave: it has its own trap flag again. */
void vcpu_settle(struct cpu *cpu)
{
	struct vmcb *vmcb = vmcb_of(cpu);

	if (vmcb->nmi_step && !vmcb->stepped_tf)
		vmcb->rflags &= ~RFLAGS_TF;
	forget_step(vmcb);
}

/*
 * In the shadow of STI, where an NMI waits. It would wake the processor at once, whose trap behind
 * HLT comes late or, in QEMU, never: so there is no halt.
 */
void exit_halt(struct cpu *cpu)
{
	vcpu_settle(cpu);
	vcpu_skip(cpu);
	if (cpu->nmi_pending)
		vcpu_deliver_nmi(cpu);
}

/* An INIT from outside the machine's cells; none of ours sends a real one. */
void exit_init_signal(struct cpu *cpu)
{
	deliver_again(vmcb_of(cpu));
	cpu_post(cpu, CPU_EVENT_INIT);
}
