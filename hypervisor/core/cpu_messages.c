/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to other CPUs. A kick interrupts the guest there for a few hundred instructions; only
 * CPUs that a call concerns get one (I5).
 */
#include "core/cpu_messages.h"

#include "core/deadline.h"
#include "core/hypervisor.h"
#include "model/refuse.h"
#include "x86/apic.h"

void cpu_ask(struct cpu *cpu, uint32_t event)
{
	__atomic_or_fetch(&cpu->asked, event, __ATOMIC_SEQ_CST);
	cpu_post(cpu, event);
	apic_kick(cpu);
}

/*
 * Too late nothing may happen that nobody reckons with any more: a move into a cell that is gone by
 * then. False if the CPU is at it already; it will not take long. To stop or to invalidate late
 * does no harm.
 */
static bool withdraw(struct cpu *cpu)
{
	const uint32_t events = CPU_EVENT_MOVE | CPU_EVENT_START;
	uint32_t posted = __atomic_fetch_and(&cpu->events, ~events, __ATOMIC_SEQ_CST) & events;
	uint32_t asked = __atomic_and_fetch(&cpu->asked, ~posted, __ATOMIC_SEQ_CST);

	return !(asked & events);
}

bool cpu_wait(struct cpu *cpu, struct bh_refusal *refusal)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	while (__atomic_load_n(&cpu->asked, __ATOMIC_ACQUIRE) != 0) {
		if (cpu->halt == CPU_PANICKED)
			return refuse(refusal, "CPU %u stopped when the hypervisor failed on it",
				      cpu->linux_cpu);
		if (deadline_is_over(deadline) && withdraw(cpu))
			return refuse(refusal, "CPU %u does not answer", cpu->linux_cpu);
		__builtin_ia32_pause();
	}
	return true;
}

static bool concerns(const struct cpu *cpu, const struct cell *cell)
{
	return cpu->cell == cell && cpu != cpu_this() && cpu->halt != CPU_PANICKED;
}

bool cpus_ask(const struct cell *cell, uint32_t event, struct bh_refusal *refusal)
{
	uint32_t count = hypervisor.layout.cpu_count;
	bool answered = true;
	uint32_t i;

	for (i = 0; i < count; i++)
		if (concerns(cpu_at(i), cell))
			cpu_ask(cpu_at(i), event);
	for (i = 0; i < count; i++)
		if (concerns(cpu_at(i), cell))
			answered = cpu_wait(cpu_at(i), refusal) && answered;
	return answered;
}
