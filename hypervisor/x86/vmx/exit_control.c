/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes to the bits of CR0 and CR4 that the hypervisor keeps: NE, which the guest may have its way
 * with in a shadow, and VMXE and MCE, which it has in a shadow only. SDM vol. 3C, 25.3 and table
 * 27-3.
 */
#include "x86/guest/fault.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/vcpu.h"

#define REGISTER_OF(qualification) ((qualification) & 15)
#define GPR_OF(qualification)      ((qualification) >> 8 & 15)

static uint64_t operand(struct cpu *cpu, uint64_t qualification)
{
	unsigned int gpr = GPR_OF(qualification);

	return gpr == GPR_RSP ? vmcs_read(VMCS_GUEST_RSP) : cpu->gprs[gpr];
}

/*
 * The shadow takes the guest's NE and the instruction runs again: now it does not exit, and the
 * processor does the rest, paging and long mode included, better than any emulation.
 */
static void write_cr0(uint64_t value)
{
	uint64_t shadow = vmcs_read(VMCS_CR0_SHADOW);

	vmcs_write(VMCS_CR0_SHADOW, (shadow & ~CR0_NE) | (value & CR0_NE));
}

/*
 * VMXE and MCE go the same way: in the shadow they do nothing. Setting VMXE is a fault, but #GP
 * would be no answer: KVM sets it where Linux dies of one, and is prepared for the #UD of the VMXON
 * that follows.
 */
static void write_cr4(struct cpu *cpu, uint64_t value)
{
	const struct attempt attempt = {
		.kind = BH_FAULT_CONTROL, .access = BH_ACCESS_WRITE, .size = 8,
		.place = 4, .value = value, .has_value = true,
	};
	uint64_t shadow = vmcs_read(VMCS_CR4_SHADOW), kept = CR4_VMXE | CR4_MCE;

	if ((value & ~shadow & CR4_VMXE) && !fault_raise(cpu, &attempt))
		return;
	vmcs_write(VMCS_CR4_SHADOW, (shadow & ~kept) | (value & kept));
}

/* No more than MOV to CR0 and CR4 exits: the masks hold no bit that CLTS or LMSW can change. */
void exit_control_register(struct cpu *cpu)
{
	uint64_t qualification = vmcs_read(VMCS_QUALIFICATION);
	uint64_t value = operand(cpu, qualification);

	if (REGISTER_OF(qualification) == 0)
		write_cr0(value);
	else
		write_cr4(cpu, value);
}
