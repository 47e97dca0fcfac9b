/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU that stops: its registers are kept as they are, for people to look at. The virtual CPU
 * itself goes back to its state after INIT, which can be entered and halted whatever the guest was
 * doing: the processor halts none at user level (SDM vol. 3C, 26.3.1.5).
 */
#include "core/cell.h"
#include "vcpu.h"
#include "x86/guest/guest.h"

static void keep_registers(struct cpu *cpu)
{
	struct bh_registers *r = &cpu->registers;
	unsigned int i;

	*r = (struct bh_registers){
		.rip = vcpu_rip(cpu), .rflags = vcpu_rflags(cpu),
		.cr0 = vcpu_shown_cr0(cpu),
		.cr2 = vcpu_cr2(cpu), .cr3 = vcpu_cr3(cpu),
		.cr4 = vcpu_shown_cr4(cpu),
		.efer = vcpu_efer(cpu), .dr7 = vcpu_dr7(cpu),
		.gdtr_base = vcpu_gdtr(cpu).base,
		.gdtr_limit = vcpu_gdtr(cpu).limit,
		.idtr_base = vcpu_idtr(cpu).base,
		.idtr_limit = vcpu_idtr(cpu).limit,
		.cpu = cpu->linux_cpu, .cell = cpu->cell->id,
		.waiting = cpu->halt == CPU_WAITS,
	};
	for (i = 0; i < GPR_COUNT; i++)
		r->gprs[i] = cpu->gprs[i];
	r->gprs[GPR_RSP] = vcpu_rsp(cpu);
	for (i = 0; i < SEG_COUNT; i++)
		r->segments[i] = vcpu_segment(cpu, (enum segment)i);
}

void guest_stop(struct cpu *cpu)
{
	if (cpu->halt == CPU_STOPPED)
		return;
	vcpu_settle(cpu);
	keep_registers(cpu);
	guest_reset(cpu);
	cpu->halt = CPU_STOPPED;
}
