/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every bit of the registers that say how the processor works: CR0, CR3, CR4, CR8, XCR0, EFER, the
 * debug registers, RFLAGS, IA32_APIC_BASE. Processors that lack a check that the manuals ask for,
 * as emulated ones do, may lose their tables by a bit and with them the cell.
 */
#include "attack.h"

#include "machine.h"

#define XCR0_VALUES 0x400u

enum control {
	CONTROL_CR0, CONTROL_CR2, CONTROL_CR3, CONTROL_CR4, CONTROL_CR8, CONTROL_XCR0,
	CONTROL_EFER, CONTROL_APIC_BASE, CONTROL_RFLAGS, CONTROL_DR0, CONTROL_DR1, CONTROL_DR2,
	CONTROL_DR3, CONTROL_DR4, CONTROL_DR5, CONTROL_DR6, CONTROL_DR7, CONTROL_LMSW,
	CONTROLS
};

static uint64_t value;

static void xcr0_write(uint64_t wanted)
{
	__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)wanted), "d"((uint32_t)(wanted >> 32)));
}

static uint64_t xcr0_read(void)
{
	uint32_t low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}

static void flags_write(uint64_t flags)
{
	__asm__ volatile("pushq %0\n\tpopfq" : : "r"(flags) : "memory", "cc");
}

static void control_write(uint64_t control)
{
	switch ((enum control)control) {
	case CONTROL_CR0: cr0_write(value); break;
	case CONTROL_CR2: cr2_write(value); break;
	case CONTROL_CR3: cr3_write(value); break;
	case CONTROL_CR4: cr4_write(value); break;
	case CONTROL_CR8: cr8_write(value); break;
	case CONTROL_XCR0: xcr0_write(value); break;
	case CONTROL_EFER: msr_write(MSR_EFER, value); break;
	case CONTROL_APIC_BASE: msr_write(MSR_APIC_BASE, value); break;
	case CONTROL_RFLAGS: flags_write(value); break;
	case CONTROL_DR0: dr0_write(value); break;
	case CONTROL_DR1: dr1_write(value); break;
	case CONTROL_DR2: dr2_write(value); break;
	case CONTROL_DR3: dr3_write(value); break;
	case CONTROL_DR4: __asm__ volatile("mov %0, %%dr4" : : "r"(value)); break;
	case CONTROL_DR5: __asm__ volatile("mov %0, %%dr5" : : "r"(value)); break;
	case CONTROL_DR6: dr6_write(value); break;
	case CONTROL_DR7: dr7_write(value); break;
	case CONTROL_LMSW: __asm__ volatile("lmsw %w0" : : "r"(value)); break;
	case CONTROLS: break;
	}
}

static void cr8_with_interrupts(void)
{
	for (value = 0; value < 16; value++) {
		trap_try(control_write, CONTROL_CR8);
		attack_tried();
	}
}

/* What the register holds while the attacker works, so that one bit is changed at a time. */
static uint64_t control_now(enum control control)
{
	switch (control) {
	case CONTROL_CR0: case CONTROL_LMSW: return cr0_read();
	case CONTROL_CR3: return cr3_read();
	case CONTROL_CR4: return cr4_read();
	case CONTROL_EFER: return msr_read(MSR_EFER);
	case CONTROL_APIC_BASE: return msr_read(MSR_APIC_BASE);
	case CONTROL_RFLAGS: return rflags_read();
	case CONTROL_DR6: return dr6_read();
	case CONTROL_DR7: return dr7_read();
	default: return 0;
	}
}

/*
 * Moving tables elsewhere (CR3) leaves nothing to come back to: only bits that are reserved, or
 * that do not address, are changed here. x2APIC mode has no way back but through a disabled APIC.
 */
static bool is_survivable(enum control control, unsigned int bit)
{
	if (control == CONTROL_CR3)
		return bit < 12 || bit >= 52;
	if (control == CONTROL_APIC_BASE)
		return bit != 10;
	return true;
}

static void try_bits(enum control control, uint64_t now)
{
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!is_survivable(control, bit) || !attack_next())
			continue;
		value = now ^ 1ULL << bit;
		trap_try(control_write, control);
		trap_restore();
		attack_tried();
	}
}

static void try_xcr0(void)
{
	uint64_t before, unit;

	/* Without XSAVE there is no such register. */
	value = cr4_read() | CR4_OSXSAVE;
	if (trap_try(control_write, CONTROL_CR4) != NO_EXCEPTION)
		return;
	before = xcr0_read();
	for (unit = 0; unit < 64 + XCR0_VALUES; unit++) {
		if (!attack_next())
			continue;
		value = unit < 64 ? before ^ 1ULL << unit : unit - 64;
		trap_try(control_write, CONTROL_XCR0);
		attack_tried();
	}
	xcr0_write(before);
	trap_restore();
}

void attack_control(void)
{
	unsigned int control;

	for (control = 0; control < CONTROLS; control++)
		if (control != CONTROL_XCR0)
			try_bits((enum control)control, control_now((enum control)control));
	/* DR4 and DR5 stand for DR6 and DR7 unless CR4 says otherwise; above it did not. */
	cr4_write(cr4_read() | CR4_DE);
	value = 0;
	trap_try(control_write, CONTROL_DR4);
	trap_try(control_write, CONTROL_DR5);
	trap_restore();
	cr8_with_interrupts();
	trap_restore();
	try_xcr0();
}
