/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What root can read of the hypervisor: one function an item of enum bh_read.
 */
#include "core/read.h"

#include "core/backend.h"
#include "core/cells.h"
#include "core/cpu.h"
#include "core/deadline.h"
#include "core/debug_reads.h"
#include "core/fault_log.h"
#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pool.h"
#include "core/string.h"

static size_t read_info(uint64_t position, void *page)
{
	struct bh_info *info = page;
	uint64_t kind;

	(void)position;
	memset(info, 0, sizeof(*info));
	info->abi_version = BH_ABI_VERSION;
	info->cpus = hypervisor.layout.cpu_count;
	info->cells = cells_count();
	info->on_fault = root_cell.on_fault;
	info->backend = backend->kind;
	info->pages_total = hypervisor.layout.size >> BH_PAGE_SHIFT;
	info->pool_total = pool_total();
	info->pool_used = pool_used();
	info->pages_used = info->pages_total - info->pool_total + info->pool_used;
	info->tables_host = hypervisor.handover->pool_used;
	info->tables_root = root_cell.table_pages;
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

static uint32_t stop_of(const struct cpu *cpu)
{
	if (cpu->halt == CPU_STOPPED || cpu->halt == CPU_PANICKED)
		return cpu->halt;
	return cpu->cell == &root_cell && cpu->apic_page == APIC_PAGE_SHADOW ? 3 : 0;
}

static size_t read_cpu(uint64_t position, void *page)
{
	struct bh_cpu_info *info = page;
	struct cpu *cpu;

	if (position >= hypervisor.layout.cpu_count)
		return 0;
	cpu = cpu_at((uint32_t)position);
	memset(info, 0, sizeof(*info));
	info->cpu = cpu->linux_cpu;
	info->apic_id = cpu->apic_id;
	info->cell = cpu->cell->id;
	info->vpid = cpu->vpid;
	info->stopped = stop_of(cpu);
	info->x2apic = cpu->apic.x2apic;
	info->eptp = backend->map_pointer(cpu->cell);
	/* Of the copy, since the CPU goes on counting. */
	memcpy(info->by_reason, cpu->exits, sizeof(info->by_reason));
	info->exits = exits_sum(info->by_reason);
	return sizeof(*info);
}

static void read_comm(const struct cell *cell, struct bh_cell_info *info)
{
	const struct bh_comm *comm = cell->comm;

	if (!comm)
		return;
	info->comm = cell->comm_at;
	info->heartbeats = comm->heartbeats;
	info->command = comm->command;
	info->reply = comm->reply;
	info->message = comm->message;
}

static uint64_t ram_of(const struct cell *cell)
{
	uint64_t size = 0;
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++)
		if (cell->regions[i].kind == BH_REGION_RAM)
			size += cell->regions[i].size;
	return size;
}

static size_t read_cell(uint64_t position, void *page)
{
	const struct cell *cell = cells_from(position);
	struct bh_cell_info *info = page;
	uint64_t kind;

	if (!cell)
		return 0;
	memset(info, 0, sizeof(*info));
	info->id = cell->id;
	info->state = cell->state;
	memcpy(info->name, cell->config->name, sizeof(info->name));
	memcpy(info->cpus, cell->config->cpus, sizeof(info->cpus));
	info->on_fault = cell->on_fault;
	info->flags = cell->config->flags;
	info->entry = cell->entry;
	info->eptp = backend->map_pointer(cell);
	info->pages = cell->head.pages + cell->pages.pages;
	info->tables = cell->table_pages;
	info->memory = ram_of(cell);
	info->config_size = cell == &root_cell ? hypervisor.config.header->size :
						 cell->view.header->size;
	info->exit_code = cell->exit_code;
	info->starts = cell->starts;
	read_comm(cell, info);
	for (kind = 0; kind < BH_FAULT_KINDS; kind++)
		info->faults_counted[kind] = cell->faults[kind];
	return sizeof(*info);
}

/* Root's is the board's. */
static size_t read_config(uint64_t position, void *page)
{
	const struct cell *cell = cells_find(position >> 32);
	const struct bh_config_header *header;
	struct bh_chunk *chunk = page;
	uint64_t first = (uint32_t)position;

	if (!cell)
		return 0;
	header = cell == &root_cell ? hypervisor.config.header : cell->view.header;
	if (first > header->size)
		first = header->size;
	chunk->count = header->size - first;
	if (chunk->count > BH_PAGE_SIZE - sizeof(*chunk))
		chunk->count = BH_PAGE_SIZE - sizeof(*chunk);
	memcpy(chunk + 1, (const uint8_t *)header + first, chunk->count);
	chunk->first = BH_READ_AT(cell->id, first);
	chunk->next = chunk->first + chunk->count;
	return sizeof(*chunk) + chunk->count;
}

static size_t read_registers(uint64_t position, void *page)
{
	const struct cpu *cpu;

	if (position >= hypervisor.layout.cpu_count)
		return 0;
	cpu = cpu_at((uint32_t)position);
	if (cpu->halt != CPU_STOPPED)
		return 0;
	memcpy(page, &cpu->registers, sizeof(cpu->registers));
	return sizeof(cpu->registers);
}

/* What can be read, by enum bh_read; 0 bytes mean that the position is out of range. */
static size_t (*const readers[])(uint64_t position, void *page) = {
	[BH_READ_INFO] = read_info,
	[BH_READ_LOG] = read_log,
	[BH_READ_FAULTS] = read_faults,
	[BH_READ_CPU] = read_cpu,
	[BH_READ_CELL] = read_cell,
	[BH_READ_CONFIG] = read_config,
	[BH_READ_REGISTERS] = read_registers,
	[BH_READ_MAP] = debug_read_map,
	[BH_READ_INVALIDATIONS] = debug_read_invalidations,
	[BH_READ_DEVICE_ENTRIES] = debug_read_device_entries,
};

static uint32_t reading;

void reading_begin(void)
{
	__atomic_add_fetch(&reading, 1, __ATOMIC_SEQ_CST);
}

void reading_end(void)
{
	__atomic_sub_fetch(&reading, 1, __ATOMIC_SEQ_CST);
}

size_t read_item(uint64_t what, uint64_t position, void *page)
{
	size_t size;

	reading_begin();
	size = what < BH_ARRAY_SIZE(readers) ? readers[what](position, page) : 0;
	reading_end();
	return size;
}

bool read_nobody(void)
{
	uint64_t deadline = deadline_in_ms(ANSWER_MS);

	while (__atomic_load_n(&reading, __ATOMIC_SEQ_CST) != 0) {
		if (deadline_is_over(deadline))
			return false;
		__builtin_ia32_pause();
	}
	return true;
}
