/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the local APIC for the hypervisor's own needs. Filtering what guests do with it is
 * icr.c's.
 */
#include "x86/apic.h"

#include "core/cpu.h"
#include "model/apic_policy.h"
#include "x86/msr.h"

#define ICR_BUSY     (1u << 12)
#define ICR_ASSERT   (1u << 14)
#define ICR_SEND_NMI (ICR_NMI << 8 | ICR_ASSERT)
#define ICR_SEND_INIT (ICR_INIT << 8 | ICR_ASSERT)

bool apic_is_x2apic(void)
{
	return msr_read(MSR_APIC_BASE) & APIC_BASE_X2APIC;
}

uint32_t apic_id(void)
{
	return apic_is_x2apic() ? (uint32_t)msr_read(MSR_X2APIC_ID) : apic_read(APIC_ID) >> 24;
}

static void wait_idle(void)
{
	while (apic_read(APIC_ICR_LOW) & ICR_BUSY)
		__builtin_ia32_pause();
}

/* The guest may stand between its two writes, so the upper half is put back. */
static void send_xapic(uint32_t destination, uint32_t command)
{
	uint32_t high;

	wait_idle();
	high = apic_read(APIC_ICR_HIGH);
	apic_write(APIC_ICR_HIGH, destination << 24);
	apic_write(APIC_ICR_LOW, command);
	wait_idle();
	apic_write(APIC_ICR_HIGH, high);
}

static void send(const struct cpu *target, uint32_t command)
{
	if (apic_is_x2apic())
		msr_write(MSR_X2APIC_ICR, (uint64_t)target->apic_id << 32 | command);
	else
		send_xapic(target->apic_id, command);
}

void apic_kick(struct cpu *target)
{
	/* One NMI at a time, so that each can be told from one that is the guest's. */
	if (__atomic_exchange_n(&target->kicked, 1, __ATOMIC_SEQ_CST))
		return;
	send(target, ICR_SEND_NMI);
}

void apic_send_init(struct cpu *target)
{
	send(target, ICR_SEND_INIT);
}
