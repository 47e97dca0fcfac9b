/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Back to bare metal: the guest's state moves from the VMCS into the processor and the bridge's
 * page, and Linux goes on where it was, whatever it was doing.
 */
#include "core/assert.h"
#include "x86/bridge.h"
#include "x86/msr.h"
#include "x86/vmx/vmx.h"

/* What the guest had in registers that the bridge does not touch. */
struct plain_registers {
	uint64_t cr0, dr7, efer, pat, debugctl;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
};

static void read_plain(struct plain_registers *r)
{
	uint64_t mask = vmcs_read(VMCS_CR0_MASK);

	r->cr0 = (vmcs_read(VMCS_GUEST_CR0) & ~mask) | (vmcs_read(VMCS_CR0_SHADOW) & mask);
	r->dr7 = vmcs_read(VMCS_GUEST_DR7);
	r->efer = vmcs_read(VMCS_GUEST_EFER);
	r->pat = vmcs_read(VMCS_GUEST_PAT);
	r->debugctl = vmcs_read(VMCS_GUEST_DEBUGCTL);
	r->sysenter_cs = vmcs_read(VMCS_GUEST_SYSENTER_CS);
	r->sysenter_esp = vmcs_read(VMCS_GUEST_SYSENTER_ESP);
	r->sysenter_eip = vmcs_read(VMCS_GUEST_SYSENTER_EIP);
}

static void load_plain(const struct plain_registers *r)
{
	msr_write(MSR_SYSENTER_CS, r->sysenter_cs);
	msr_write(MSR_SYSENTER_ESP, r->sysenter_esp);
	msr_write(MSR_SYSENTER_EIP, r->sysenter_eip);
	msr_write(MSR_PAT, r->pat);
	msr_write(MSR_EFER, r->efer);
	msr_write(MSR_DEBUGCTL, r->debugctl);
	cr0_write(r->cr0);
	dr7_write(r->dr7);
}

static struct bh_descriptor_table read_table(uint64_t base, uint64_t limit)
{
	return (struct bh_descriptor_table){
		.base = vmcs_read(base), .limit = (uint16_t)vmcs_read(limit),
	};
}

static uint16_t selector(enum vmcs_segment segment)
{
	return (uint16_t)vmcs_read(VMCS_SELECTOR(segment));
}

static void read_bridge_state(struct bridge_return *s)
{
	s->rip = vmcs_read(VMCS_GUEST_RIP);
	s->rsp = vmcs_read(VMCS_GUEST_RSP);
	s->rflags = vmcs_read(VMCS_GUEST_RFLAGS);
	s->cr3 = vmcs_read(VMCS_GUEST_CR3);
	s->cr4 = vmcs_read(VMCS_GUEST_CR4) & ~CR4_VMXE;
	s->fs_base = vmcs_read(VMCS_BASE(SEG_FS));
	s->gs_base = vmcs_read(VMCS_BASE(SEG_GS));
	s->gdtr = read_table(VMCS_GUEST_GDTR_BASE, VMCS_GUEST_GDTR_LIMIT);
	s->idtr = read_table(VMCS_GUEST_IDTR_BASE, VMCS_GUEST_IDTR_LIMIT);
	s->cs = selector(SEG_CS);
	s->ss = selector(SEG_SS);
	s->ds = selector(SEG_DS);
	s->es = selector(SEG_ES);
	s->fs = selector(SEG_FS);
	s->gs = selector(SEG_GS);
	s->ldtr = selector(SEG_LDTR);
	s->tr = selector(SEG_TR);
	s->tr_base = vmcs_read(VMCS_BASE(SEG_TR));
	s->tr_limit = (uint32_t)vmcs_read(VMCS_LIMIT(SEG_TR));
}

/* A CPU that waits for SIPI: it runs nothing, and whoever evicts it sends it an INIT. */
static _Noreturn void wait_for_init(struct cpu *cpu)
{
	vmx_off();
	__atomic_store_n(&cpu->halt, CPU_LEFT_WAITING, __ATOMIC_RELEASE);
	for (;;)
		__asm__ volatile("cli; hlt");
}

_Noreturn void vmx_leave(struct cpu *cpu)
{
	struct plain_registers plain;
	struct bridge_return state;

	assert_that(cpu == cpu_this());
	if (cpu->halt != CPU_RUNS)
		wait_for_init(cpu);
	read_plain(&plain);
	read_bridge_state(&state);
	vmx_off();
	load_plain(&plain);
	__atomic_store_n(&cpu->halt, CPU_LEFT, __ATOMIC_RELEASE);
	bridge_return(cpu, &state);
}
