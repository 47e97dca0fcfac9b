/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starts a cell, asks it to shut down, stops it: the operations on what runs.
 */
#include "core/cell_audit.h"
#include "core/cell_console.h"
#include "core/cell_cpus.h"
#include "core/cell_stop.h"
#include "core/comm.h"
#include "core/cpu_messages.h"
#include "core/hpet.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/manage.h"
#include "core/pci_devices.h"
#include "core/test_devices.h"
#include "model/range.h"
#include "model/refuse.h"

#define REST_MS 1 /* a slice of that is done at once, a device wakes up in some */

static bool may_begin_at(const struct cell *cell, uint64_t at)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if ((region->access & BH_ACCESS_EXECUTE) && region->kind == BH_REGION_RAM &&
		    at - region->at < region->size)
			return true;
	}
	return false;
}

int64_t manage_entry(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	(void)cpu;
	if (request->at > UINT32_MAX || !may_begin_at(cell, request->at))
		return manage_refuse(request,
				     "cell %s: entry 0x%llx is in no executable memory of the cell "
				     "below 4 GiB",
				     cell->config->name, (unsigned long long)request->at);
	cell->entry = request->at;
	cell->has_entry = true;
	return BH_MANAGE_DONE;
}

/* The others first, so that they wait when the first one calls them. */
static bool start_cpus(struct cell *cell, struct bh_refusal *refusal)
{
	struct cpu *first = cpu_at(cell->first_cpu);
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		struct cpu *cpu = cpu_at(i);

		if (cpu->cell != cell || cpu == first)
			continue;
		cpu_ask(cpu, CPU_EVENT_START);
		if (!cpu_wait(cpu, refusal))
			return false;
	}
	cpu_ask(first, CPU_EVENT_START);
	return cpu_wait(first, refusal) && !test_hides_start(first, refusal);
}

/* A state that the cell has come to by itself counts: its end is done with, then. */
static bool end_run(struct cell *cell, uint32_t state)
{
	uint32_t expected = BH_CELL_RUNNING;

	if (!__atomic_compare_exchange_n(&cell->state, &expected, state, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		return false;
	pci_devices_silence(cell);
	hpet_silence(cell);
	cell_console_end(cell);
	return true;
}

/* A CPU on which the hypervisor failed never runs again. */
static const struct cpu *dead_cpu(const struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++)
		if (cpu_at(i)->cell == cell && cpu_at(i)->halt == CPU_PANICKED)
			return cpu_at(i);
	return NULL;
}

int64_t manage_start(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	const struct cpu *dead = dead_cpu(cell);
	uint32_t before = cell->state;
	bool at_rest;

	if (!cell_cpus_all(cell))
		return manage_refuse(request, "cell %s lacks CPUs: destroy it", cell->config->name);
	if (dead)
		return manage_refuse(request,
				     "cell %s: CPU %u stopped when the hypervisor failed on it",
				     cell->config->name, dead->linux_cpu);
	if (!cell->has_entry && !(cell->config->flags & BH_CELL_RESET_VECTOR))
		return manage_refuse(request,
				     "cell %s has no entry: load an ELF file, or set `entry` in "
				     "its configuration",
				     cell->config->name);
	if (!pci_devices_check(cell, &request->refusal) || !cell_rests(cell, &request->refusal) ||
	    !pci_devices_rest(cell, &at_rest, &request->refusal))
		return BH_ERROR_REFUSED;
	request->value = REST_MS;
	if (!at_rest || test_fails(cpu, BH_TEST_RESTLESS))
		return BH_MANAGE_MORE;
	if (!cell_audit(&request->refusal) || !pci_devices_give(cell, &request->refusal))
		return BH_ERROR_REFUSED;
	comm_fill(cell);
	cell->exit_code = 0;
	cell->starts++;
	__atomic_store_n(&cell->state, BH_CELL_RUNNING, __ATOMIC_SEQ_CST);
	if (start_cpus(cell, &request->refusal)) {
		log_print("%s: started\n", cell->config->name);
		return BH_MANAGE_DONE;
	}
	/* One may have begun to run, and come far. */
	cpus_ask(cell, CPU_EVENT_STOP, NULL);
	end_run(cell, before);
	return BH_ERROR_REFUSED;
}

int64_t manage_ask(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	(void)cpu;
	if (!cell->comm)
		return manage_refuse(request,
				     "cell %s has no communication page, so it cannot be asked",
				     cell->config->name);
	if (request->value != BH_COMM_NONE && request->value != BH_COMM_SHUTDOWN)
		return manage_refuse(request, "there is no command %llu for cells",
				     (unsigned long long)request->value);
	if (request->value != BH_COMM_NONE)
		cell->comm->reply = BH_COMM_NO_REPLY;
	__atomic_store_n(&cell->comm->command, (uint32_t)request->value, __ATOMIC_RELEASE);
	return BH_MANAGE_DONE;
}

int64_t manage_stop(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	(void)cpu;
	if (cell->config->flags & BH_CELL_LOCKED)
		return manage_refuse(request,
				     "cell %s is locked: only the cell itself can end its run",
				     cell->config->name);
	if (!cpus_ask(cell, CPU_EVENT_STOP, &request->refusal))
		return BH_ERROR_REFUSED;
	if (end_run(cell, BH_CELL_SHUT_DOWN))
		log_print("%s: stopped by root\n", cell->config->name);
	return BH_MANAGE_DONE;
}
