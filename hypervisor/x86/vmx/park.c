/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A halt in guest mode, in which all interrupts exit.
 */
#include "x86/vmx/vcpu.h"

static void set_interrupts_exit(bool on)
{
	uint64_t controls = vmcs_read(VMCS_PIN_CONTROLS) & ~(uint64_t)PIN_INTERRUPT_EXITING;

	vmcs_write(VMCS_PIN_CONTROLS, on ? controls | PIN_INTERRUPT_EXITING : controls);
}

void vcpu_park(struct cpu *cpu, uint32_t halt)
{
	cpu->halt = halt;
	vmcs_write(VMCS_GUEST_RFLAGS, RFLAGS_FIXED | RFLAGS_IF);
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, 0);
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, 0);
	vmcs_write(VMCS_ENTRY_EVENT, 0);
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_HLT);
	vmcs_write(VMCS_PROC_CONTROLS,
		   vmcs_read(VMCS_PROC_CONTROLS) & ~(uint64_t)PROC_NMI_WINDOW);
	set_interrupts_exit(true);
}

void vcpu_unpark(struct cpu *cpu)
{
	cpu->halt = CPU_RUNS;
	vmcs_write(VMCS_GUEST_RFLAGS, RFLAGS_FIXED);
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_ACTIVE);
	set_interrupts_exit(false);
}
