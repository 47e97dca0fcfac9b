/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of hypercalls and how each is served. The caller was checked for its privilege level.
 */
#include "core/hypercall.h"

#include "core/backend.h"
#include "core/evict.h"
#include "core/fault_log.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pool.h"
#include "core/string.h"
#include "core/test_devices.h"
#include "x86/apic.h"
#include "x86/window.h"

static size_t read_info(uint64_t position, void *page)
{
	struct bh_info *info = page;
	uint64_t kind;

	(void)position;
	memset(info, 0, sizeof(*info));
	info->abi_version = BH_ABI_VERSION;
	info->cpus = hypervisor.layout.cpu_count;
	info->cells = 1;
	info->on_fault = root_cell.on_fault;
	info->pages_total = hypervisor.layout.size >> BH_PAGE_SHIFT;
	info->pool_total = pool_total();
	info->pool_used = pool_used();
	info->pages_used = info->pages_total - info->pool_total + info->pool_used;
	info->tables_host = hypervisor.handover->pool_used;
	info->tables_root = pt_count_pages(&root_cell.map);
	info->log_written = log_written();
	info->faults_recorded = fault_log_recorded();
	for (kind = 0; kind < BH_FAULT_KINDS; kind++)
		info->faults_counted[kind] = root_cell.faults[kind];
	memcpy(info->build, image_header.build, sizeof(info->build));
	memcpy(info->board, hypervisor.config.board->name, sizeof(info->board));
	return sizeof(*info);
}

static size_t read_log(uint64_t position, void *page)
{
	struct bh_chunk *chunk = page;

	chunk->first = position;
	chunk->count = log_read(&chunk->first, chunk + 1, BH_PAGE_SIZE - sizeof(*chunk));
	chunk->next = chunk->first + chunk->count;
	return sizeof(*chunk) + chunk->count;
}

static size_t read_faults(uint64_t position, void *page)
{
	struct bh_chunk *chunk = page;
	size_t room = (BH_PAGE_SIZE - sizeof(*chunk)) / sizeof(struct bh_fault);

	chunk->first = position;
	chunk->count = fault_log_read(&chunk->first, (struct bh_fault *)(chunk + 1), room);
	chunk->next = chunk->first + chunk->count;
	return sizeof(*chunk) + chunk->count * sizeof(struct bh_fault);
}

static size_t read_cpu(uint64_t position, void *page)
{
	struct bh_cpu_info *info = page;
	struct cpu *cpu;
	unsigned int i;

	if (position >= hypervisor.layout.cpu_count)
		return 0;
	cpu = cpu_at((uint32_t)position);
	memset(info, 0, sizeof(*info));
	info->cpu = cpu->linux_cpu;
	info->apic_id = cpu->apic_id;
	info->cell = cpu->cell->id;
	info->vpid = cpu->vpid;
	info->stopped = cpu->halt <= CPU_PANICKED ? cpu->halt : CPU_RUNS;
	info->x2apic = apic_is_x2apic();
	info->eptp = backend->map_pointer(cpu->cell);
	for (i = 0; i < BH_EXIT_REASONS; i++) {
		info->by_reason[i] = cpu->exits[i];
		info->exits += cpu->exits[i];
	}
	return sizeof(*info);
}

/* What can be read, by enum bh_read; 0 bytes mean that the position is out of range. */
static size_t (*const readers[])(uint64_t position, void *page) = {
	[BH_READ_INFO] = read_info,
	[BH_READ_LOG] = read_log,
	[BH_READ_FAULTS] = read_faults,
	[BH_READ_CPU] = read_cpu,
};

static int64_t call_read(struct cpu *cpu)
{
	uint64_t what = cpu->gprs[GPR_RDI];
	uint64_t page_address = cpu->gprs[GPR_RDX];
	size_t size;
	void *page;

	if (what >= BH_ARRAY_SIZE(readers) || (page_address & BH_PAGE_MASK))
		return BH_ERROR_ARGUMENT;
	page = backend->open_page(cpu, GPA(page_address));
	if (!page)
		return BH_ERROR_MEMORY;
	size = readers[what](cpu->gprs[GPR_RSI], page);
	window_close(cpu);
	return size ? (int64_t)size : BH_ERROR_ARGUMENT;
}

static int64_t call_leave(struct cpu *cpu)
{
	cpu->gprs[GPR_RAX] = 0;
	backend->leave(cpu);
	__builtin_unreachable();
}

static int64_t call_evict(struct cpu *cpu)
{
	return evict_cpu(cpu, cpu->gprs[GPR_RDI]);
}

static int64_t call_panic(struct cpu *cpu)
{
	(void)cpu;
	return test_panic();
}

/* By enum bh_hypercall; VERSION is answered where the exit is. */
static int64_t (*const calls[])(struct cpu *cpu) = {
	[BH_HYPERCALL_READ] = call_read,
	[BH_HYPERCALL_LEAVE] = call_leave,
	[BH_HYPERCALL_EVICT] = call_evict,
	[BH_HYPERCALL_PANIC] = call_panic,
};

void hypercall(struct cpu *cpu)
{
	uint64_t number = cpu->gprs[GPR_RAX];

	if (number >= BH_ARRAY_SIZE(calls) || !calls[number])
		cpu->gprs[GPR_RAX] = (uint64_t)BH_ERROR_NUMBER;
	else
		cpu->gprs[GPR_RAX] = (uint64_t)calls[number](cpu);
}
