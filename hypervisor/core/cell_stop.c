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
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/root_events.h"
#include "x86/apic.h"

static void stop_others(const struct cpu *cpu)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *other = cpu_at(i);

		if (other == cpu || other->cell != cpu->cell)
			continue;
		cpu_post(other, CPU_EVENT_STOP);
		apic_kick(other);
	}
}

void cell_stop(struct cpu *cpu, enum bh_cell_state state)
{
	struct cell *cell = cpu->cell;
	uint32_t expected = BH_CELL_RUNNING;

	assert_that(cell != &root_cell);
	if (__atomic_compare_exchange_n(&cell->state, &expected, state, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST)) {
		stop_others(cpu);
		cell_console_end(cell);
		log_print("%s: %s\n", cell->config->name,
			  state == BH_CELL_FAILED ? "failed" : "shut down by itself");
		root_tell(BH_EVENT_STATE);
	}
	backend->park(cpu);
}
