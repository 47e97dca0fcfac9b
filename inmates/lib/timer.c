/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TSC deadline timer of each CPU. A periodic timer is set anew by its interrupt, from the time
 * that it was set for and not from the time that it is: it does not drift.
 */
#include <inmate/timer.h>

#include <inmate/apic.h>
#include <inmate/cpu.h>

#include "internal.h"

#define CPUID_1_ECX_DEADLINE (1u << 24)
#define TIMER_DEADLINE       (2u << 17)
#define TIMER_MASKED         (1u << 16)

static void fired(struct interrupt_frame *frame)
{
	struct cpu *cpu = cpu_this();
	uint64_t deadline = cpu->timer_deadline;

	(void)frame;
	if (cpu->timer_period) {
		cpu->timer_deadline = deadline + cpu->timer_period;
		msr_write(MSR_TSC_DEADLINE, cpu->timer_deadline);
	}
	if (cpu->timer)
		cpu->timer(deadline);
}

static bool start(uint64_t deadline, uint64_t period, timer_handler handler)
{
	struct cpu *cpu = cpu_this();

	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_DEADLINE))
		return false;
	timer_stop();
	interrupt_handle(INTERRUPT_TIMER, fired);
	cpu->timer = handler;
	cpu->timer_deadline = deadline;
	cpu->timer_period = period;
	apic_write(APIC_TIMER, TIMER_DEADLINE | INTERRUPT_TIMER);
	/* In xAPIC mode that was a store, which must be over first; SDM vol. 3A, 10.5.4.1. */
	__asm__ volatile("mfence" : : : "memory");
	msr_write(MSR_TSC_DEADLINE, deadline);
	return true;
}

bool timer_once(uint64_t deadline, timer_handler handler)
{
	return start(deadline, 0, handler);
}

bool timer_periodic(uint64_t first, uint64_t period, timer_handler handler)
{
	return start(first, period, handler);
}

void timer_stop(void)
{
	struct cpu *cpu = cpu_this();

	apic_write(APIC_TIMER, TIMER_MASKED | INTERRUPT_TIMER);
	cpu->timer = NULL;
	cpu->timer_period = 0;
}
