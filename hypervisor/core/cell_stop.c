/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a cell's run from inside. The first reason counts: two CPUs may find one each at the
 * same time.
 */
#include "core/cell_stop.h"

#include "core/assert.h"
#include "core/backend.h"
#include "core/cell.h"
#include "core/cell_console.h"
#include "core/cpu_messages.h"
#include "core/hpet.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pci_devices.h"
#include "core/read.h"
#include "core/root_events.h"
#include "model/refuse.h"
#include "x86/apic.h"

/* All CPUs of the cell but that one, if it is not null. */
static void stop_cpus(const struct cell *cell, const struct cpu *but)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu == but || cpu->cell != cell)
			continue;
		cpu_post(cpu, CPU_EVENT_STOP);
		apic_kick(cpu);
	}
}

/*
 * The state first: from then on no CPU of the cell switches on again what is silenced. So a cell is
 * seen at rest before it is: who manages it waits for its CPUs, and for readers (read_nobody()).
 */
static void end(struct cell *cell, enum bh_cell_state state, const struct cpu *but)
{
	uint32_t expected = BH_CELL_RUNNING;

	if (!__atomic_compare_exchange_n(&cell->state, &expected, state, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return;
	stop_cpus(cell, but);
	pci_devices_silence(cell);
	hpet_silence(cell);
	cell_console_end(cell);
	log_print("%s: %s\n", cell->config->name,
		  state == BH_CELL_FAILED ? "failed" : "shut down by itself");
	root_tell(BH_EVENT_STATE);
}

void cell_stop(struct cpu *cpu, enum bh_cell_state state)
{
	assert_that(cpu->cell != &root_cell);
	end(cpu->cell, state, cpu);
	backend->park(cpu);
}

void cell_fail(struct cell *cell)
{
	assert_that(cell != &root_cell);
	end(cell, BH_CELL_FAILED, NULL);
}

bool cell_rests(struct cell *cell, struct bh_refusal *refusal)
{
	if (!cpus_ask(cell, CPU_EVENT_STOP, refusal))
		return false;
	return read_nobody() ||
	       refuse(refusal, "cell %s: its last run has not come to its end yet: try again",
		      cell->config->name);
}
