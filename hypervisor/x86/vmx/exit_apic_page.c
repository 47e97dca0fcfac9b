/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads of the local APIC's page while it is emulated (SDM vol. 3C, 29.4). Writes come as EPT
 * violations, as they always do.
 */
#include "x86/guest/guest.h"
#include "x86/vmx/exits.h"
#include "x86/vmx/vcpu.h"

/* Offset in bits 11:0, kind of access in 15:12: 0 is a read, 1 a write (table 27-6). */
void exit_apic_access(struct cpu *cpu)
{
	uint64_t qualification = vcpu_qualification(cpu);

	if ((qualification >> 12 & 15) <= 1)
		guest_apic_shadow(cpu, (uint32_t)(qualification & BH_PAGE_MASK));
	else
		guest_apic_undecoded(cpu, (uint32_t)(qualification & BH_PAGE_MASK));
}

void vcpu_end_apic_shadow(struct cpu *cpu)
{
	if (cpu->apic_page != APIC_PAGE_SHADOW)
		return;
	vmcs_write(VMCS_PROC2_CONTROLS,
		   vmcs_read(VMCS_PROC2_CONTROLS) & ~(uint64_t)PROC2_APIC_ACCESS);
}
