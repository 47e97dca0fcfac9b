/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NMIs and the messages they carry: to this CPU's hypervisor, or to its guest. A guest's NMI waits
 * until the guest can take it (SDM vol. 3C, 24.6.1, 26.6.1).
 */
#include "x86/apic.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/vcpu.h"

/* The NMI that ended the guest's run; guest_enter sees the event at once. */
void exit_exception_or_nmi(struct cpu *cpu)
{
	uint64_t event = vmcs_read(VMCS_EXIT_EVENT);

	if (EVENT_TYPE(event) == EVENT_TYPE_NMI)
		cpu_post_nmi(cpu);
	else
		exit_exception(cpu, event);
}

/*
 * Only a CPU that is halted for the hypervisor's reasons gets here: nobody is there to serve the
 * interrupt, and whoever comes next is not meant. It was acknowledged by the exit.
 */
void exit_interrupt(struct cpu *cpu)
{
	(void)cpu;
	apic_end_interrupt();
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
}

static void set_nmi_window(bool open)
{
	uint64_t controls = vmcs_read(VMCS_PROC_CONTROLS);

	vmcs_write(VMCS_PROC_CONTROLS,
		   open ? controls | PROC_NMI_WINDOW : controls & ~(uint64_t)PROC_NMI_WINDOW);
}

/* Gives the guest its NMI, now if it can take it, else as soon as it can. */
void vcpu_deliver_nmi(struct cpu *cpu)
{
	uint64_t blocked = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	if ((blocked & (BLOCKED_BY_NMI | BLOCKED_BY_MOV_SS | BLOCKED_BY_STI)) ||
	    (vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID)) {
		set_nmi_window(true);
		return;
	}
	cpu->nmi_pending = 0;
	vmcs_write(VMCS_ENTRY_EVENT, EVENT_VALID | EVENT_TYPE_NMI << 8 | VECTOR_NMI);
}

/* An exception whose place it takes comes again with its instruction; an NMI waits. */
void vcpu_deliver_check(struct cpu *cpu)
{
	uint64_t event = vmcs_read(VMCS_ENTRY_EVENT);

	if ((event & EVENT_VALID) && EVENT_TYPE(event) == EVENT_TYPE_NMI) {
		cpu->nmi_pending = 1;
		set_nmi_window(true);
	}
	vcpu_inject(cpu, VECTOR_MACHINE_CHECK);
}

void exit_nmi_window(struct cpu *cpu)
{
	set_nmi_window(false);
	if (cpu->nmi_pending && cpu->halt == CPU_RUNS)
		vcpu_deliver_nmi(cpu);
	vcpu_stay_halted(cpu);
}

/* An INIT from outside the machine's cells; none of ours sends a real one. */
void exit_init_signal(struct cpu *cpu)
{
	cpu_post(cpu, CPU_EVENT_INIT);
}

/* Nothing was being delivered: the field is as the exit before has left it (SDM vol. 3C, 26.7). */
void exit_entry_check(struct cpu *cpu)
{
	cpu_post(cpu, CPU_EVENT_MACHINE_CHECK);
}
