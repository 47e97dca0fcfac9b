/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs change hands. Root's CPUs keep their VPIDs while they are away; a cell's CPU gets one that
 * nobody has, and it is invalid everywhere before the next one gets it (I4).
 */
#include "core/cell_cpus.h"

#include "core/backend.h"
#include "core/cells.h"
#include "core/cpu.h"
#include "core/cpu_messages.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "model/refuse.h"
#include "model/vpid.h"

static struct vpid_pool vpids;

static uint32_t vpid_of_root(const struct cpu *cpu)
{
	return cpu->index + 1;
}

void cell_cpus_open(void)
{
	vpid_pool_init(&vpids, hypervisor.layout.cpu_count + 1,
		       backend->vpid_max() - hypervisor.layout.cpu_count);
}

bool cell_cpus_check(const struct cell *cell, const struct cpu *caller, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		const struct cpu *cpu = cpu_at(i);

		if (!cell_has_cpu(cell, cpu->linux_cpu))
			continue;
		if (cpu->cell != &root_cell)
			return refuse(refusal, "cell %s: CPU %u is cell %s's", cell->config->name,
				      cpu->linux_cpu, cpu->cell->config->name);
		if (cpu == caller)
			return refuse(refusal, "cell %s: CPU %u is the one that asks",
				      cell->config->name, cpu->linux_cpu);
		if (cpu->halt == CPU_STOPPED || cpu->halt == CPU_PANICKED)
			return refuse(refusal, "cell %s: CPU %u has stopped for good",
				      cell->config->name, cpu->linux_cpu);
	}
	return true;
}

static bool move(struct cpu *cpu, struct cell *cell, uint32_t vpid, struct bh_refusal *refusal)
{
	cpu->next_cell = cell;
	cpu->next_vpid = vpid;
	invalidation_record(BH_INVALIDATE_VPID, cpu->linux_cpu, cell->id, vpid, 0);
	cpu_ask(cpu, CPU_EVENT_MOVE);
	return cpu_wait(cpu, refusal);
}

static bool give_back(struct cpu *cpu, struct bh_refusal *refusal)
{
	uint32_t vpid = cpu->vpid;

	if (!move(cpu, &root_cell, vpid_of_root(cpu), refusal))
		return false;
	/* The CPU has invalidated what it had as it moved, and no other ever used it. */
	vpid_return(&vpids, vpid);
	vpid_invalidated(&vpids, vpid);
	return true;
}

static bool take(struct cpu *cpu, struct cell *cell, struct bh_refusal *refusal)
{
	uint32_t vpid = vpid_take(&vpids);

	if (vpid == 0)
		return refuse(refusal, "no VPID is left");
	if (move(cpu, cell, vpid, refusal))
		return true;
	vpid_return(&vpids, vpid);
	/* A move that was withdrawn has not used it. */
	if (cpu->halt != CPU_PANICKED)
		vpid_invalidated(&vpids, vpid);
	return false;
}

bool cell_cpus_any(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++)
		if (cpu_at(i)->cell == cell)
			return true;
	return false;
}

bool cell_cpus_all(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++)
		if (cell_has_cpu(cell, cpu_at(i)->linux_cpu) && cpu_at(i)->cell != cell)
			return false;
	return true;
}

bool cell_cpus_return(struct cell *cell, struct bh_refusal *refusal)
{
	bool all = true;
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++)
		if (cpu_at(i)->cell == cell)
			all = give_back(cpu_at(i), refusal) && all;
	cells_update_interrupts();
	return all;
}

bool cell_cpus_take(struct cell *cell, struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = hypervisor.layout.cpu_count; i-- > 0;) {
		struct cpu *cpu = cpu_at(i);

		if (!cell_has_cpu(cell, cpu->linux_cpu))
			continue;
		if (!take(cpu, cell, refusal)) {
			cell_cpus_return(cell, NULL);
			return false;
		}
		cell->first_cpu = i;
	}
	cells_update_interrupts();
	return true;
}
