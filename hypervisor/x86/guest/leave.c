/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Back to bare metal: the guest's state moves into the processor and the bridge's
 * page, and Linux goes on where it was, whatever it was doing.
 */
#include "core/assert.h"
#include "vcpu.h"
#include "x86/bridge.h"
#include "x86/guest/guest.h"
#include "x86/msr.h"

/* What the guest had in registers that the bridge does not touch. */
struct plain_registers {
	uint64_t cr0, dr7, efer, pat, debugctl;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
};

static void read_plain(const struct cpu *cpu, struct plain_registers *r)
{
	r->cr0 = vcpu_shown_cr0(cpu);
	r->dr7 = vcpu_dr7(cpu);
	r->efer = vcpu_efer(cpu);
	r->pat = vcpu_pat(cpu);
	r->debugctl = vcpu_debugctl(cpu);
	r->sysenter_cs = vcpu_sysenter_cs(cpu);
	r->sysenter_esp = vcpu_sysenter_esp(cpu);
	r->sysenter_eip = vcpu_sysenter_eip(cpu);
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

static uint16_t selector(const struct cpu *cpu, enum segment segment)
{
	return (uint16_t)vcpu_segment(cpu, segment).selector;
}

static void read_bridge_state(const struct cpu *cpu, struct bridge_return *s)
{
	s->rip = vcpu_rip(cpu);
	s->rsp = vcpu_rsp(cpu);
	s->rflags = vcpu_rflags(cpu);
	s->cr3 = vcpu_cr3(cpu);
	s->cr4 = vcpu_shown_cr4(cpu) & ~CR4_VMXE;
	s->fs_base = vcpu_base(cpu, SEG_FS);
	s->gs_base = vcpu_base(cpu, SEG_GS);
	s->gdtr = vcpu_gdtr(cpu);
	s->idtr = vcpu_idtr(cpu);
	s->cs = selector(cpu, SEG_CS);
	s->ss = selector(cpu, SEG_SS);
	s->ds = selector(cpu, SEG_DS);
	s->es = selector(cpu, SEG_ES);
	s->fs = selector(cpu, SEG_FS);
	s->gs = selector(cpu, SEG_GS);
	s->ldtr = selector(cpu, SEG_LDTR);
	s->tr = selector(cpu, SEG_TR);
	s->tr_base = vcpu_base(cpu, SEG_TR);
	s->tr_limit = vcpu_segment(cpu, SEG_TR).limit;
}

/* A CPU that waits for SIPI: it runs nothing, and whoever evicts it sends it an INIT. */
static _Noreturn void wait_for_init(struct cpu *cpu)
{
	vcpu_off(cpu);
	__atomic_store_n(&cpu->halt, CPU_LEFT_WAITING, __ATOMIC_RELEASE);
	for (;;)
		__asm__ volatile("cli; hlt");
}

_Noreturn void guest_leave(struct cpu *cpu)
{
	struct plain_registers plain;
	struct bridge_return state;

	assert_that(cpu == cpu_this());
	if (cpu->halt != CPU_RUNS)
		wait_for_init(cpu);
	vcpu_settle(cpu);
	read_plain(cpu, &plain);
	read_bridge_state(cpu, &state);
	vcpu_off(cpu);
	load_plain(&plain);
	__atomic_store_n(&cpu->halt, CPU_LEFT, __ATOMIC_RELEASE);
	bridge_return(cpu, &state);
}
