/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC in both of its modes. All CPUs of a program are in the same one; which, is asked
 * of the first that switches its APIC on.
 */
#include <inmate/apic.h>

#include <inmate/cpu.h>
#include <inmate/interrupt.h>

#define APIC_PAGE           0xfee00000u
#define BASE_X2APIC         (1u << 10)
#define BASE_ENABLE         (1u << 11)
#define CPUID_1_ECX_X2APIC  (1u << 21)
#define SPURIOUS_ENABLE     (1u << 8)
#define COMMAND_PENDING     (1u << 12)

static bool x2apic;

static volatile uint32_t *in_page(enum apic_register reg)
{
	return (volatile uint32_t *)(uint64_t)(APIC_PAGE + reg);
}

static uint32_t in_msrs(enum apic_register reg)
{
	return MSR_X2APIC + reg / 16;
}

uint32_t apic_read(enum apic_register reg)
{
	return x2apic ? (uint32_t)msr_read(in_msrs(reg)) : *in_page(reg);
}

void apic_write(enum apic_register reg, uint32_t value)
{
	if (x2apic)
		msr_write(in_msrs(reg), value);
	else
		*in_page(reg) = value;
}

bool apic_open(bool want_x2apic)
{
	uint64_t base = msr_read(MSR_APIC_BASE);

	if (!(base & BASE_ENABLE))
		msr_write(MSR_APIC_BASE, base |= BASE_ENABLE);
	if (want_x2apic && !(base & BASE_X2APIC) && cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC)
		msr_write(MSR_APIC_BASE, base |= BASE_X2APIC);
	x2apic = base & BASE_X2APIC;
	apic_write(APIC_TASK_PRIORITY, 0);
	apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | INTERRUPT_SPURIOUS);
	return x2apic;
}

bool apic_is_x2apic(void)
{
	return x2apic;
}

uint32_t apic_id(void)
{
	uint32_t value = apic_read(APIC_ID);

	return x2apic ? value : value >> 24;
}

void apic_send(uint32_t to, uint32_t what)
{
	/* WRMSR to the APIC does not wait for stores before it; SDM vol. 3A, 10.12.3. */
	if (x2apic) {
		__asm__ volatile("mfence\n\tlfence" : : : "memory");
		msr_write(in_msrs(APIC_COMMAND), (uint64_t)to << 32 | what);
		return;
	}
	apic_write(APIC_COMMAND_HIGH, to << 24);
	apic_write(APIC_COMMAND, what);
	while (apic_read(APIC_COMMAND) & COMMAND_PENDING)
		cpu_pause();
}
