/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual CPU that does not run its program: after INIT, until SIPI, and stopped for good. All
 * three are a halt in guest mode, which an NMI ends for the hypervisor's messages. The processor's
 * own wait-for-SIPI state is not used: an NMI would be lost in it. Interrupts exit and are dropped
 * meanwhile, so that none is left for the program that runs next.
 */
#include "x86/vmx/vmx.h"

/* Register values after INIT (SDM vol. 3A, table 9-1). */
static void reset_segment(enum vmcs_segment segment, uint64_t selector, uint64_t base,
			  uint64_t rights)
{
	vmcs_write(VMCS_SELECTOR(segment), selector);
	vmcs_write(VMCS_BASE(segment), base);
	vmcs_write(VMCS_LIMIT(segment), 0xffff);
	vmcs_write(VMCS_RIGHTS(segment), rights);
}

#define RIGHTS_CODE 0x9b
#define RIGHTS_DATA 0x93
#define RIGHTS_LDT  0x82
#define RIGHTS_TSS  0x8b

static void reset_segments(void)
{
	reset_segment(SEG_CS, 0xf000, 0xffff0000, RIGHTS_CODE);
	reset_segment(SEG_DS, 0, 0, RIGHTS_DATA);
	reset_segment(SEG_ES, 0, 0, RIGHTS_DATA);
	reset_segment(SEG_FS, 0, 0, RIGHTS_DATA);
	reset_segment(SEG_GS, 0, 0, RIGHTS_DATA);
	reset_segment(SEG_SS, 0, 0, RIGHTS_DATA);
	reset_segment(SEG_LDTR, 0, 0, RIGHTS_LDT);
	reset_segment(SEG_TR, 0, 0, RIGHTS_TSS);
	vmcs_write(VMCS_GUEST_GDTR_BASE, 0);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, 0xffff);
	vmcs_write(VMCS_GUEST_IDTR_BASE, 0);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, 0xffff);
}

void vmx_reset(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		cpu->gprs[i] = 0;
	cpu->gprs[GPR_RDX] = cpuid(1, 0).eax; /* family, model, stepping */
	cpu->nmi_pending = 0;
	reset_segments();
	/*
	 * NE shows as set, so that the usual first write of CR0 does not exit; CD and NW are not
	 * loaded.
	 */
	vmcs_write(VMCS_CR0_SHADOW, CR0_ET | CR0_NE | CR0_CD | CR0_NW);
	vmcs_write(VMCS_GUEST_CR0, CR0_ET | CR0_NE | CR0_CD | CR0_NW);
	vmcs_write(VMCS_GUEST_CR3, 0);
	vmcs_write(VMCS_CR4_SHADOW, 0);
	vmcs_write(VMCS_GUEST_CR4, CR4_VMXE);
	vmcs_write(VMCS_GUEST_EFER, 0);
	vmcs_write(VMCS_ENTRY_CONTROLS,
		   vmcs_read(VMCS_ENTRY_CONTROLS) & ~(uint64_t)ENTRY_GUEST_LONG);
	vmcs_write(VMCS_GUEST_DR7, 0x400);
	vmcs_write(VMCS_GUEST_DEBUGCTL, 0);
	vmcs_write(VMCS_GUEST_SYSENTER_CS, 0);
	vmcs_write(VMCS_GUEST_SYSENTER_ESP, 0);
	vmcs_write(VMCS_GUEST_SYSENTER_EIP, 0);
	vmcs_write(VMCS_GUEST_RIP, 0xfff0);
	vmcs_write(VMCS_GUEST_RSP, 0);
	vmx_park(cpu, CPU_WAITS);
}

void vmx_startup(struct cpu *cpu, uint32_t vector)
{
	vmcs_write(VMCS_SELECTOR(SEG_CS), vector << 8);
	vmcs_write(VMCS_BASE(SEG_CS), vector << 12);
	vmcs_write(VMCS_GUEST_RIP, 0);
	vmx_unpark(cpu);
}

static void set_interrupts_exit(bool on)
{
	uint64_t controls = vmcs_read(VMCS_PIN_CONTROLS) & ~(uint64_t)PIN_INTERRUPT_EXITING;

	vmcs_write(VMCS_PIN_CONTROLS, on ? controls | PIN_INTERRUPT_EXITING : controls);
}

void vmx_park(struct cpu *cpu, uint32_t halt)
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

void vmx_unpark(struct cpu *cpu)
{
	cpu->halt = CPU_RUNS;
	vmcs_write(VMCS_GUEST_RFLAGS, RFLAGS_FIXED);
	vmcs_write(VMCS_GUEST_ACTIVITY, ACTIVITY_ACTIVE);
	set_interrupts_exit(false);
}
