/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of hypercalls: who may make which, and how each is served. The caller was checked for
 * its privilege level. What READ answers is in read.c, what MANAGE does in manage.c.
 */
#include "core/hypercall.h"

#include "core/backend.h"
#include "core/cell_console.h"
#include "core/cell_stop.h"
#include "core/cells.h"
#include "core/evict.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/manage.h"
#include "core/pci_devices.h"
#include "core/read.h"
#include "core/root_events.h"
#include "core/test_devices.h"
#include "x86/window.h"

/* What tells of faults, or counts them. */
static bool tells_faults(uint64_t item)
{
	return item == BH_READ_INFO || item == BH_READ_FAULTS || item == BH_READ_CELL;
}

static int64_t call_read(struct cpu *cpu)
{
	uint64_t page_address = cpu->gprs[GPR_RDX];
	size_t size;
	void *page;

	if (page_address & BH_PAGE_MASK)
		return BH_ERROR_ARGUMENT;
	/* Not every unit tells by itself. */
	if (tells_faults(cpu->gprs[GPR_RDI]))
		iommu_poll();
	page = backend->open_page(cpu, GPA(page_address));
	if (!page)
		return BH_ERROR_MEMORY;
	size = read_item(cpu->gprs[GPR_RDI], cpu->gprs[GPR_RSI], page);
	window_close(cpu);
	return size ? (int64_t)size : BH_ERROR_ARGUMENT;
}

/* Cells would lose their walls: they have to be gone before. */
static int64_t call_leave(struct cpu *cpu)
{
	if (!cells_none())
		return BH_ERROR_DENIED;
	pci_devices_close();
	if (!iommu_stop() || test_fails(cpu, BH_TEST_RETURN))
		cpu->bridge->unit_lost = 1;
	cpu->gprs[GPR_RAX] = 0;
	backend->leave(cpu);
	__builtin_unreachable();
}

static int64_t call_evict(struct cpu *cpu)
{
	return cells_none() ? evict_cpu(cpu, cpu->gprs[GPR_RDI]) : BH_ERROR_DENIED;
}

static int64_t call_panic(struct cpu *cpu)
{
	return test_panic(cpu->gprs[GPR_RDI]);
}

static int64_t call_manage(struct cpu *cpu)
{
	return manage(cpu, cpu->gprs[GPR_RDI]);
}

static int64_t call_events(struct cpu *cpu)
{
	(void)cpu;
	return root_take_events();
}

static int64_t call_console(struct cpu *cpu)
{
	const uint64_t words[2] = { cpu->gprs[GPR_RDI], cpu->gprs[GPR_RSI] };
	uint64_t count = cpu->gprs[GPR_RDX];

	if (!(cpu->cell->config->flags & BH_CELL_LOG_CONSOLE))
		return BH_ERROR_DENIED;
	if (count == 0 || count > sizeof(words))
		return BH_ERROR_ARGUMENT;
	cell_console_write(cpu->cell, (const char *)words, (uint32_t)count);
	return 0;
}

static int64_t call_exit(struct cpu *cpu)
{
	cpu->cell->exit_code = cpu->gprs[GPR_RDI];
	cell_stop(cpu, BH_CELL_SHUT_DOWN);
	return 0;
}

static uint64_t count_cpus(const struct cell *cell)
{
	uint64_t count = 0;
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++)
		count += cpu_at(i)->cell == cell;
	return count;
}

static int64_t call_info(struct cpu *cpu)
{
	switch (cpu->gprs[GPR_RDI]) {
	case BH_CELL_ITEM_ID:
		return cpu->cell->id;
	case BH_CELL_ITEM_CPUS:
		return (int64_t)count_cpus(cpu->cell);
	case BH_CELL_ITEM_COMM:
		return (int64_t)cpu->cell->comm_at;
	case BH_CELL_ITEM_TSC_KHZ:
		return hypervisor.handover->tsc_khz;
	case BH_CELL_ITEM_EXITS:
		return (int64_t)exits_sum(cpu->exits);
	default:
		return BH_ERROR_ARGUMENT;
	}
}

/* By enum bh_hypercall; VERSION is answered where the exit is. */
static const struct {
	int64_t (*serve)(struct cpu *cpu);
	bool is_roots; /* else a cell's: nobody has both */
} calls[] = {
	[BH_HYPERCALL_READ] = { call_read, true },
	[BH_HYPERCALL_LEAVE] = { call_leave, true },
	[BH_HYPERCALL_EVICT] = { call_evict, true },
	[BH_HYPERCALL_PANIC] = { call_panic, true },
	[BH_HYPERCALL_MANAGE] = { call_manage, true },
	[BH_HYPERCALL_EVENTS] = { call_events, true },
	[BH_HYPERCALL_CONSOLE] = { call_console, false },
	[BH_HYPERCALL_EXIT] = { call_exit, false },
	[BH_HYPERCALL_INFO] = { call_info, false },
};

static int64_t serve(struct cpu *cpu, uint64_t number)
{
	if (number >= BH_ARRAY_SIZE(calls) || !calls[number].serve)
		return BH_ERROR_NUMBER;
	if (calls[number].is_roots != (cpu->cell == &root_cell))
		return BH_ERROR_DENIED;
	return calls[number].serve(cpu);
}

bool hypercall(struct cpu *cpu)
{
	int64_t result = serve(cpu, cpu->gprs[GPR_RAX]);
	bool misuse = result == BH_ERROR_NUMBER || result == BH_ERROR_DENIED;

	if (cpu->halt == CPU_STOPPED)
		return true;
	/* The caller needs the number for its record. */
	if (misuse && cpu->cell != &root_cell)
		return false;
	cpu->gprs[GPR_RAX] = (uint64_t)result;
	return true;
}
