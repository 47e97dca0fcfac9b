/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exceptions that exit: see EXITING_EXCEPTIONS. What the processor would have done before their
 * delivery is done here.
 */
#include "x86/msr.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/vcpu.h"

#define EVENT_VECTOR(info)      ((info) & 0xff)
#define EVENT_NMI_UNBLOCKED     (1u << 12)
#define EVENT_PARTS             (EVENT_VALID | EVENT_ERROR_CODE | 0x7ffu)
#define EVENT_TYPE_PRIVILEGED_SOFTWARE 5u

/* What the processor would have put into DR6, and what is clear there when it happened. */
#define DEBUG_CAUSES   0x600fULL
#define DEBUG_INVERTED (1ULL << 11 | 1ULL << 16) /* bus lock, RTM */
#define DR7_GD         (1ULL << 13)

/* An exit by #DB leaves these to the hypervisor (SDM vol. 3C, 27.1 and 27.2.1; 3B, 17.4). */
static void set_debug_registers(void)
{
	uint64_t causes = vmcs_read(VMCS_QUALIFICATION);

	dr6_write((dr6_read() | (causes & DEBUG_CAUSES)) & ~(causes & DEBUG_INVERTED));
	vmcs_write(VMCS_GUEST_DR7, vmcs_read(VMCS_GUEST_DR7) & ~DR7_GD);
	vmcs_write(VMCS_GUEST_DEBUGCTL,
		   vmcs_read(VMCS_GUEST_DEBUGCTL) & ~(DEBUGCTL_LBR | DEBUGCTL_BTF));
}

/* Its delivery ends a shadow of STI or MOV SS; an IRET that faults has not unblocked NMIs. */
static void set_interruptibility(uint64_t event)
{
	uint64_t blocked = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	blocked &= ~(uint64_t)(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);
	if (event & EVENT_NMI_UNBLOCKED)
		blocked |= BLOCKED_BY_NMI;
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, blocked);
}

void exit_exception(struct cpu *cpu, uint64_t event)
{
	if (EVENT_VECTOR(event) == VECTOR_MACHINE_CHECK) {
		exit_machine_check(cpu);
		return;
	}
	if (EVENT_VECTOR(event) != VECTOR_DB && EVENT_VECTOR(event) != VECTOR_AC) {
		exit_unexpected(cpu);
		return;
	}
	if (vmcs_read(VMCS_VECTORING_EVENT) & EVENT_VALID) {
		exit_delivery_fault(cpu);
		return;
	}
	if (EVENT_VECTOR(event) == VECTOR_DB)
		set_debug_registers();
	set_interruptibility(event);
	if (event & EVENT_ERROR_CODE)
		vmcs_write(VMCS_ENTRY_ERROR_CODE, vmcs_read(VMCS_EXIT_ERROR_CODE));
	if (EVENT_TYPE(event) == EVENT_TYPE_PRIVILEGED_SOFTWARE)
		vmcs_write(VMCS_ENTRY_LENGTH, vmcs_read(VMCS_INSTRUCTION_LENGTH));
	vmcs_write(VMCS_ENTRY_EVENT, event & EVENT_PARTS);
}
