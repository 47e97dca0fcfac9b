/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fills the communication page. It is written anew at every start, so what an earlier run left
 * there is gone.
 */
#include "core/comm.h"

#include "core/backend.h"
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/string.h"

/* The first CPU's id first. */
static void list_cpus(const struct cell *cell, struct bh_comm *comm)
{
	uint32_t count = 0;
	uint32_t i;

	comm->apic_ids[count++] = cpu_at(cell->first_cpu)->apic_id;
	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		const struct cpu *cpu = cpu_at(i);

		if (cpu->cell == cell && i != cell->first_cpu &&
		    count < BH_ARRAY_SIZE(comm->apic_ids))
			comm->apic_ids[count++] = cpu->apic_id;
	}
	comm->cpu_count = count;
}

void comm_fill(struct cell *cell)
{
	struct bh_comm *comm = cell->comm;

	if (!comm)
		return;
	memset(comm, 0, BH_PAGE_SIZE);
	memcpy(comm->magic, BH_COMM_MAGIC, sizeof(comm->magic));
	comm->abi_version = BH_ABI_VERSION;
	comm->backend = backend->kind;
	comm->cell = cell->id;
	memcpy(comm->name, cell->config->name, sizeof(comm->name));
	comm->tsc_khz = hypervisor.handover->tsc_khz;
	list_cpus(cell, comm);
	comm->console = cell->config->console;
	comm->flags = cell->config->flags;
	comm->starts = (uint32_t)cell->starts;
}
