/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events for root. An NMI is the one interrupt that needs no vector of Linux; it goes to Linux's
 * CPU 0, which no cell can have. Nothing is sent before root has shown that somebody listens, as
 * Linux complains about NMIs that nobody takes.
 */
#include "core/root_events.h"

#include "core/cell.h"
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "x86/apic.h"

static uint32_t pending;
static bool listens;

static struct cpu *cpu_of_root(void)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->linux_cpu == 0)
			return cpu->cell == &root_cell && cpu->halt == CPU_RUNS ? cpu : NULL;
	}
	return NULL;
}

void root_tell(uint32_t events)
{
	uint32_t before = __atomic_fetch_or(&pending, events, __ATOMIC_SEQ_CST);
	struct cpu *cpu = cpu_of_root();

	if (before != 0 || !listens || !cpu)
		return;
	cpu_post(cpu, CPU_EVENT_GUEST_NMI);
	/* The calling CPU looks before it enters its guest. */
	if (cpu != cpu_this())
		apic_kick(cpu);
}

uint32_t root_take_events(void)
{
	listens = true;
	return __atomic_exchange_n(&pending, 0, __ATOMIC_SEQ_CST);
}
