/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual CPU that does not run its program: after INIT, until SIPI, and stopped for good. All
 * three are a halt, which an NMI ends for the hypervisor's messages. A processor's own state of
 * waiting for SIPI is not used: an NMI would be lost in it. Interrupts are dropped meanwhile, so
 * that none is left for the program that runs next.
 */
#include "vcpu.h"
#include "x86/guest/guest.h"

/* Register values after INIT (SDM vol. 3A, table 9-1). */
static void reset_segment(struct cpu *cpu, enum segment segment, uint16_t selector, uint64_t base,
			  uint32_t rights)
{
	const struct bh_segment state = {
		.base = base, .limit = 0xffff, .rights = rights, .selector = selector,
	};

	vcpu_set_segment(cpu, segment, &state);
}

#define RIGHTS_CODE 0x9b
#define RIGHTS_DATA 0x93
#define RIGHTS_LDT  0x82
#define RIGHTS_TSS  0x8b

static void reset_segments(struct cpu *cpu)
{
	const struct bh_descriptor_table table = { .limit = 0xffff };

	reset_segment(cpu, SEG_CS, 0xf000, 0xffff0000, RIGHTS_CODE);
	reset_segment(cpu, SEG_DS, 0, 0, RIGHTS_DATA);
	reset_segment(cpu, SEG_ES, 0, 0, RIGHTS_DATA);
	reset_segment(cpu, SEG_FS, 0, 0, RIGHTS_DATA);
	reset_segment(cpu, SEG_GS, 0, 0, RIGHTS_DATA);
	reset_segment(cpu, SEG_SS, 0, 0, RIGHTS_DATA);
	reset_segment(cpu, SEG_LDTR, 0, 0, RIGHTS_LDT);
	reset_segment(cpu, SEG_TR, 0, 0, RIGHTS_TSS);
	vcpu_set_gdtr(cpu, &table);
	vcpu_set_idtr(cpu, &table);
}

void guest_reset(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		cpu->gprs[i] = 0;
	cpu->gprs[GPR_RDX] = cpuid(1, 0).eax; /* family, model, stepping */
	cpu->nmi_pending = 0;
	reset_segments(cpu);
	/*
	 * NE shows as set, so that the usual first write of CR0 does not exit; CD and NW are not
	 * loaded.
	 */
	vcpu_set_cr0(cpu, CR0_ET | CR0_NE | CR0_CD | CR0_NW);
	vcpu_set_cr3(cpu, 0);
	vcpu_set_cr4(cpu, 0);
	vcpu_set_efer(cpu, 0);
	vcpu_set_dr7(cpu, 0x400);
	vcpu_set_debugctl(cpu, 0);
	vcpu_set_sysenter_cs(cpu, 0);
	vcpu_set_sysenter_esp(cpu, 0);
	vcpu_set_sysenter_eip(cpu, 0);
	vcpu_set_rip(cpu, 0xfff0);
	vcpu_set_rsp(cpu, 0);
	vcpu_park(cpu, CPU_WAITS);
}

void guest_startup(struct cpu *cpu, uint32_t vector)
{
	struct bh_segment code = vcpu_segment(cpu, SEG_CS);

	code.selector = vector << 8;
	code.base = vector << 12;
	vcpu_set_segment(cpu, SEG_CS, &code);
	vcpu_set_rip(cpu, 0);
	vcpu_unpark(cpu);
}
