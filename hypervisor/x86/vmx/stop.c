/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU that stops: its registers are kept as they are, for people to look at. The virtual CPU
 * itself goes back to its state after INIT, which can be entered and halted whatever the guest was
 * doing: the processor halts none at user level (SDM vol. 3C, 26.3.1.5).
 */
#include "core/cell.h"
#include "x86/vmx/vmx.h"

static struct bh_segment read_segment(enum vmcs_segment segment)
{
	return (struct bh_segment){
		.base = vmcs_read(VMCS_BASE(segment)),
		.limit = (uint32_t)vmcs_read(VMCS_LIMIT(segment)),
		.rights = (uint32_t)vmcs_read(VMCS_RIGHTS(segment)),
		.selector = vmcs_read(VMCS_SELECTOR(segment)),
	};
}

/* Bits that the hypervisor keeps show as the guest has set them. */
static uint64_t shown(uint64_t value, uint64_t mask, uint64_t shadow)
{
	return (value & ~mask) | (shadow & mask);
}

static void keep_registers(struct cpu *cpu)
{
	struct bh_registers *r = &cpu->registers;
	unsigned int i;

	*r = (struct bh_registers){
		.rip = vmcs_read(VMCS_GUEST_RIP), .rflags = vmcs_read(VMCS_GUEST_RFLAGS),
		.cr0 = shown(vmcs_read(VMCS_GUEST_CR0), vmcs_read(VMCS_CR0_MASK),
			     vmcs_read(VMCS_CR0_SHADOW)),
		.cr2 = cr2_read(), .cr3 = vmcs_read(VMCS_GUEST_CR3),
		.cr4 = shown(vmcs_read(VMCS_GUEST_CR4), vmcs_read(VMCS_CR4_MASK),
			     vmcs_read(VMCS_CR4_SHADOW)),
		.efer = vmcs_read(VMCS_GUEST_EFER), .dr7 = vmcs_read(VMCS_GUEST_DR7),
		.gdtr_base = vmcs_read(VMCS_GUEST_GDTR_BASE),
		.gdtr_limit = (uint32_t)vmcs_read(VMCS_GUEST_GDTR_LIMIT),
		.idtr_base = vmcs_read(VMCS_GUEST_IDTR_BASE),
		.idtr_limit = (uint32_t)vmcs_read(VMCS_GUEST_IDTR_LIMIT),
		.cpu = cpu->linux_cpu, .cell = cpu->cell->id,
		.waiting = cpu->halt == CPU_WAITS,
	};
	for (i = 0; i < GPR_COUNT; i++)
		r->gprs[i] = cpu->gprs[i];
	r->gprs[GPR_RSP] = vmcs_read(VMCS_GUEST_RSP);
	for (i = 0; i < SEG_COUNT; i++)
		r->segments[i] = read_segment((enum vmcs_segment)i);
}

void vmx_stop(struct cpu *cpu)
{
	if (cpu->halt == CPU_STOPPED)
		return;
	keep_registers(cpu);
	vmx_reset(cpu);
	cpu->halt = CPU_STOPPED;
}
