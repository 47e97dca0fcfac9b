/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scrubs a processor's registers when it changes its owner, and once more when its cell starts.
 */
#include "x86/owner.h"

#include "core/backend.h"
#include "core/cell.h"
#include "model/msr_scrub.h"
#include "x86/apic.h"
#include "x86/control.h"
#include "x86/msr.h"

#define DR7_RESET 0x400ULL
#define XCR0_X87  1ULL
#define LEAF_XSAVE 0xd

/* FXSAVE image, XSAVE header: no bit of XSTATE_BV is set, so all is initial (SDM vol. 1, 13.8). */
static const struct {
	uint16_t fcw;
	uint8_t unused[22];
	uint32_t mxcsr;
	uint8_t rest[512 - 28];
	uint8_t header[64];
} __attribute__((aligned(64))) initial = { .fcw = 0x37f, .mxcsr = 0x1f80 };

/* Bits of XCR0 that may be set (SDM vol. 1, 13.2). */
static uint64_t supported_vectors(void)
{
	struct cpuid_registers r = cpuid(LEAF_XSAVE, 0);

	return (uint64_t)r.edx << 32 | r.eax;
}

static void forget_vectors(void)
{
	uint64_t cr0 = cr0_read();

	cr0_write(cr0 & ~(CR0_TS | CR0_EM));
	/* On some its last pointers outlive the rest (APM vol. 5, FXRSTOR). */
	__asm__ volatile("fninit");
	if (cr4_read() & CR4_OSXSAVE) {
		/* All that there is: what the last owner had turned off may hold values. */
		guarded_xsetbv(0, supported_vectors());
		__asm__ volatile("xrstor64 %0" : : "m"(initial), "a"(~0u), "d"(~0u));
		guarded_xsetbv(0, XCR0_X87);
	} else {
		__asm__ volatile("fxrstor64 %0" : : "m"(initial));
	}
	cr0_write(cr0);
}

static void forget_debug(void)
{
	__asm__ volatile("mov %0, %%dr0; mov %0, %%dr1; mov %0, %%dr2; mov %0, %%dr3"
			 : : "r"(0ULL));
	__asm__ volatile("mov %0, %%dr6" : : "r"(DR6_RESET));
	dr7_write(DR7_RESET);
	cr2_write(0);
}

/*
 * The time-stamp counter is root's clock: a cell that has set it had IA32_TSC_ADJUST change by the
 * same amount (vol. 3B, 17.17.3), so the old value sets it right again.
 */
static void forget_time(struct cpu *cpu)
{
	if (cpu->cell == &root_cell && !guarded_rdmsr(MSR_TSC_ADJUST, &cpu->tsc_adjust))
		cpu->tsc_adjust = 0;
	guarded_wrmsr(MSR_TSC_ADJUST, cpu->tsc_adjust);
}

static void forget_msrs(void)
{
	size_t i;

	/* One that this processor lacks is not written. */
	for (i = 0; i < msr_scrub_rows; i++)
		if (msr_scrub[i].msr <= MSR_VMX_LAST || backend->kind != BH_BACKEND_VMX)
			guarded_wrmsr(msr_scrub[i].msr, msr_scrub[i].value);
}

/*
 * CD and NW are the processor's own: neither an exit nor an entry changes them (SDM vol. 3C,
 * 26.3.2.1, 27.5.1). What the owner before has trained must not lead the next one's code, nor what
 * it had in the first-level cache be read by it, where the processor can be told to forget.
 */
static void forget_caches(void)
{
	cr0_write(cr0_read() & ~(CR0_CD | CR0_NW));
	guarded_wrmsr(MSR_PRED_CMD, PRED_CMD_IBPB);
	guarded_wrmsr(MSR_FLUSH_CMD, FLUSH_CMD_L1D);
}

void owner_forget(struct cpu *cpu)
{
	apic_reset(cpu);
	forget_caches();
	forget_time(cpu);
	forget_msrs();
	forget_vectors();
	forget_debug();
}
