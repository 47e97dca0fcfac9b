/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the local APIC for the hypervisor's own needs. Filtering what guests do with it is
 * icr.c's.
 */
#include "x86/apic.h"

#include "core/backend.h"
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/test_devices.h"
#include "model/apic_policy.h"
#include "x86/control.h"
#include "x86/msr.h"

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

void apic_look(struct cpu *cpu)
{
	cpu->apic = (struct apic_target){
		.apic_id = cpu->apic_id, .x2apic = apic_is_x2apic(), .format = ~0u,
	};
	cpu->apic_page = cpu->apic.x2apic ? APIC_PAGE_NONE : APIC_PAGE_REAL;
	if (cpu->apic.x2apic)
		return;
	cpu->apic.logical = apic_read(APIC_LDR);
	cpu->apic.format = apic_read(APIC_DFR);
}

void apic_set_logical(struct cpu *cpu, uint32_t offset, uint32_t value)
{
	if (offset == APIC_LDR)
		cpu->apic.logical = value & 0xff000000;
	else
		cpu->apic.format = value | 0x0fffffff;
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
	test_delay_kick(target);
	send(target, ICR_SEND_NMI);
}

uint32_t apic_nmis_but_kicks(struct cpu *cpu)
{
	uint32_t arrived = __atomic_exchange_n(&cpu->nmis, 0, __ATOMIC_SEQ_CST);

	if (arrived != 0 && __atomic_exchange_n(&cpu->kicked, 0, __ATOMIC_SEQ_CST))
		arrived--;
	return arrived;
}

void apic_send_init(struct cpu *target)
{
	send(target, ICR_SEND_INIT);
}

void apic_send_fixed(const struct cpu *target, uint8_t vector)
{
	send(target, (uint32_t)ICR_FIXED << 8 | ICR_ASSERT | vector);
}

/* What this APIC lacks is 0. */
static uint32_t get(bool x2apic, uint32_t offset)
{
	uint64_t value;

	if (!x2apic)
		return apic_read(offset);
	return guarded_rdmsr(apic_msr(offset), &value) ? (uint32_t)value : 0;
}

/* Registers that this APIC lacks are left alone. */
static void set(bool x2apic, uint32_t offset, uint32_t value)
{
	if (x2apic)
		guarded_wrmsr(apic_msr(offset), value);
	else
		apic_write(offset, value);
}

/* In-service interrupts end, the highest first, one for each bit. */
static void end_interrupts(bool x2apic)
{
	uint32_t ends, i;

	for (i = 0, ends = 0; i < APIC_VECTORS / 32; i++)
		for (; ends < APIC_VECTORS && get(x2apic, APIC_ISR + 16 * i) != 0; ends++)
			set(x2apic, APIC_EOI, 0);
}

bool apic_is_in_service(unsigned int vector)
{
	return get(apic_is_x2apic(), APIC_ISR) >> vector & 1;
}

static bool has_requests(bool x2apic)
{
	uint32_t i;

	for (i = 0; i < APIC_VECTORS / 32; i++)
		if (get(x2apic, APIC_IRR + 16 * i) != 0)
			return true;
	return false;
}

/*
 * What was requested is taken, as there is no other way to forget it; a line that stays active asks
 * again at once, so there is an end to it.
 */
static void drop_requests(bool x2apic)
{
	unsigned int i;

	for (i = 0; i < APIC_VECTORS && has_requests(x2apic); i++)
		backend->take_interrupts();
}

void apic_end_interrupt(void)
{
	set(apic_is_x2apic(), APIC_EOI, 0);
}

static void mask_extended_vectors(bool x2apic)
{
	uint32_t i;

	if (!apic_is_extended(get(x2apic, APIC_VERSION)))
		return;
	for (i = 0; i < apic_extended_lvts(get(x2apic, APIC_EXTENDED_FEATURES)); i++)
		set(x2apic, APIC_EXTENDED_LVT + 16 * i, APIC_LVT_MASKED);
}

/* Registers as INIT leaves them (SDM vol. 3A, 10.4.7.1). */
static void reset_registers(bool x2apic)
{
	/* Fewer than all leave out the last ones; a write there would be an error (10.4.8). */
	static const uint16_t local_vectors[] = {
		APIC_LVT_TIMER, APIC_LVT_LINT0, APIC_LVT_LINT1, APIC_LVT_ERROR,
		APIC_LVT_COUNTERS, APIC_LVT_THERMAL, APIC_LVT_CMCI,
	};
	size_t count = (get(x2apic, APIC_VERSION) >> 16 & 0xff) + 1, i;

	for (i = 0; i < BH_ARRAY_SIZE(local_vectors) && i < count; i++)
		set(x2apic, local_vectors[i], APIC_LVT_MASKED);
	mask_extended_vectors(x2apic);
	set(x2apic, APIC_TIMER_COUNT, 0);
	set(x2apic, APIC_TIMER_DIVIDER, 0);
	set(x2apic, APIC_TPR, 0);
	if (!x2apic) {
		apic_write(APIC_DFR, ~0u);
		apic_write(APIC_LDR, 0);
	}
	end_interrupts(x2apic);
	/* Nor is anything requested any more: what was is taken here, nobody has asked for it. */
	set(x2apic, APIC_SVR, APIC_SVR_RESET | APIC_SVR_ENABLED);
	drop_requests(x2apic);
	set(x2apic, APIC_SVR, APIC_SVR_RESET);
}

void apic_init(struct cpu *cpu)
{
	reset_registers(apic_is_x2apic());
	cpu->apic.logical = 0;
	cpu->apic.format = ~0u;
	cpu->icr_high = 0;
}

/*
 * An NMI that comes while the APIC is off is lost. Of one that was a kick the message is in
 * cpu->events all the same; what must not stay is the belief that it is on its way. One that is
 * takes far less than this.
 */
#define KICK_PATIENCE 1000000ULL /* TSC cycles */

static void forget_lost_kick(struct cpu *cpu)
{
	uint64_t began = tsc_read();

	while (__atomic_load_n(&cpu->kicked, __ATOMIC_SEQ_CST) &&
	       !(__atomic_load_n(&cpu->events, __ATOMIC_SEQ_CST) & CPU_EVENT_NMI)) {
		if (tsc_read() - began > KICK_PATIENCE)
			__atomic_store_n(&cpu->kicked, 0, __ATOMIC_SEQ_CST);
		backend->take_interrupts();
		__builtin_ia32_pause();
	}
}

/*
 * Disabled and enabled again, a local APIC is as after reset, what was requested included (SDM
 * vol. 3A, 10.4.3 and 10.4.7.1); x2APIC mode is left that way too, unless firmware has locked it:
 * then nothing happens.
 */
static void switch_off_and_on(struct cpu *cpu)
{
	uint64_t base = msr_read(MSR_APIC_BASE) & ~(APIC_BASE_X2APIC | APIC_BASE_ENABLE);

	if (!guarded_wrmsr(MSR_APIC_BASE, base))
		return;
	msr_write(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
	forget_lost_kick(cpu);
}

/* Registers are written in any case, as not every APIC keeps to its manual. */
void apic_reset(struct cpu *cpu)
{
	bool x2apic;

	if (!(hypervisor.config.board->flags & BH_BOARD_APIC_STAYS))
		switch_off_and_on(cpu);
	x2apic = apic_is_x2apic();
	reset_registers(x2apic);
	cpu->apic = (struct apic_target){ .apic_id = cpu->apic_id, .format = ~0u };
	cpu->apic_page = x2apic ? APIC_PAGE_SHADOW : APIC_PAGE_REAL;
	cpu->icr_high = 0;
}
