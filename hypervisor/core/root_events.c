/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events for root. An NMI is the one interrupt that needs no vector of Linux; it goes to Linux's
 * CPU 0, which no cell can have. Nothing is sent before root has shown that somebody listens, as
 * Linux complains about NMIs that nobody takes.
 */
#include "core/root_events.h"

#include "core/cell.h"
#include "core/cpu.h"
#include "core/deadline.h"
#include "core/hypervisor.h"
#include "x86/apic.h"

static uint32_t pending;
static bool listens;

/* CPUs between root_nmis_begin() and root_nmis_end(); and until when an NMI may be late, or 0. */
static uint32_t handling;
static uint64_t late_until;

void root_nmis_begin(void)
{
	__atomic_add_fetch(&handling, 1, __ATOMIC_SEQ_CST);
}

void root_nmis_end(bool any)
{
	if (any)
		__atomic_store_n(&late_until, deadline_in_ms(ANSWER_MS), __ATOMIC_SEQ_CST);
	__atomic_sub_fetch(&handling, 1, __ATOMIC_SEQ_CST);
}

/* In this order: whoever is through has set the time before. */
static bool may_be_ours(void)
{
	bool is_handled = __atomic_load_n(&handling, __ATOMIC_SEQ_CST) != 0;
	uint64_t until = __atomic_load_n(&late_until, __ATOMIC_SEQ_CST);

	return is_handled || (until != 0 && !deadline_is_over(until));
}

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

static bool send_news(uint32_t events)
{
	uint32_t before = __atomic_fetch_or(&pending, events, __ATOMIC_SEQ_CST);
	struct cpu *cpu = cpu_of_root();

	if (before != 0 || !listens || !cpu)
		return false;
	cpu_post(cpu, CPU_EVENT_GUEST_NMI);
	/* The calling CPU looks before it enters its guest. */
	if (cpu != cpu_this())
		apic_kick(cpu);
	return true;
}

/* Linux may ask for another NMI's sake before this one is sent. */
void root_tell(uint32_t events)
{
	root_nmis_begin();
	root_nmis_end(send_news(events));
}

uint32_t root_take_events(void)
{
	uint32_t events;

	listens = true;
	events = __atomic_exchange_n(&pending, 0, __ATOMIC_SEQ_CST);
	if (events == 0 && may_be_ours())
		events = BH_EVENT_NMI;
	return events;
}
