/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blob of a cell: its form, its admission beside others, and what it says of itself apart from
 * memory (config_cell_memory.c) and I/O (config_cell_io.c).
 */
#include "model/config_checks.h"

static bool arrays_open(struct cell_view *view, struct bh_refusal *refusal)
{
	const struct bh_cell *cell = view->cell;
	uint64_t size;

	if (!config_count_within(cell->region_count, BH_MAX_REGIONS, "memory regions", refusal) ||
	    !config_count_within(cell->port_count, BH_MAX_PORTS, "port ranges", refusal) ||
	    !config_count_within(cell->msr_count, BH_MAX_MSRS, "MSR ranges", refusal) ||
	    !config_count_within(cell->device_count, BH_MAX_DEVICES, "devices", refusal) ||
	    !config_count_within(cell->irq_count, BH_MAX_IRQS, "interrupts", refusal))
		return false;
	view->regions = (const struct bh_region *)(cell + 1);
	view->ports = (const struct bh_ports *)(view->regions + cell->region_count);
	view->msrs = (const struct bh_msrs *)(view->ports + cell->port_count);
	view->devices = (const struct bh_owned *)(view->msrs + cell->msr_count);
	view->irqs = (const struct bh_irq *)(view->devices + cell->device_count);
	size = (uint64_t)((const uint8_t *)(view->irqs + cell->irq_count) -
			  (const uint8_t *)view->header);
	return size == view->header->size ||
	       reject(refusal, "the configuration's parts have %llu bytes, but all of it %u",
		      (unsigned long long)size, view->header->size);
}

static bool contents_open(const struct cell_view *view, struct bh_refusal *refusal)
{
	const struct bh_cell *cell = view->cell;
	uint32_t i;

	if (!config_name_open(cell->name, "cell", 0, refusal))
		return false;
	for (i = 0; i < cell->region_count; i++) {
		if (!config_name_open(view->regions[i].name, "memory region", i, refusal))
			return false;
		if (view->regions[i].reserved != 0)
			return reject(refusal, "reserved bytes of memory region %u are not zero",
				      i);
	}
	if (cell->reserved != 0 || cell->console.reserved != 0)
		return reject(refusal, "reserved bytes of the configuration's cell are not zero");
	for (i = 0; i < cell->device_count; i++)
		if (view->devices[i].reserved != 0)
			return reject(refusal, "reserved bytes of device %u are not zero", i);
	for (i = 0; i < cell->irq_count; i++)
		if (view->irqs[i].reserved != 0)
			return reject(refusal, "reserved bytes of interrupt %u are not zero", i);
	return true;
}

bool cell_view_open(struct cell_view *view, const void *blob, size_t size,
		    struct bh_refusal *refusal)
{
	if (!config_header_open(blob, size, BH_CELL_MAGIC, sizeof(struct bh_cell), refusal))
		return false;
	view->header = blob;
	view->cell = (const struct bh_cell *)(view->header + 1);
	return arrays_open(view, refusal) && contents_open(view, refusal);
}

static void check_name(struct config_checker *checker)
{
	const struct cell_view *cell = checker->cell;
	struct config_place place = config_cell_at(checker, CONFIG_CELL, 0, "name");
	uint32_t i;

	config_check_name(checker, place, cell->cell->name);
	if (config_names_equal(cell->cell->name, checker->view->board->root.name))
		config_find(checker, place, "is the root cell's name");
	for (i = 0; i < checker->other_count; i++)
		if (config_names_equal(cell->cell->name, checker->others[i]->cell->name))
			config_find(checker, place, "is another cell's name already");
}

/* The first CPU of both sets; BH_MAX_CPUS if there is none. */
static uint32_t common_cpu(const uint64_t *a, const uint64_t *b)
{
	uint32_t cpu;

	for (cpu = 0; cpu < BH_MAX_CPUS; cpu++) {
		uint64_t both = a[cpu / 64] & b[cpu / 64];

		if (both == 0)
			cpu |= 63;
		else if (both >> cpu % 64 & 1)
			return cpu;
	}
	return BH_MAX_CPUS;
}

/* The first CPU of a that is not in b. */
static uint32_t first_missing(const uint64_t *a, const uint64_t *b)
{
	uint64_t rest[BH_CPU_WORDS];
	uint32_t i;

	for (i = 0; i < BH_CPU_WORDS; i++)
		rest[i] = a[i] & ~b[i];
	return common_cpu(rest, rest);
}

static void check_cpus(struct config_checker *checker)
{
	const uint64_t *cpus = checker->cell->cell->cpus;
	const uint64_t *boards = checker->view->board->root.cpus;
	struct config_place place = config_cell_at(checker, CONFIG_CELL, 0, "cpus");
	uint32_t foreign = first_missing(cpus, boards);
	uint32_t i;

	if (common_cpu(cpus, cpus) == BH_MAX_CPUS)
		config_find(checker, place, "no CPU at all: a cell has one or more");
	if (foreign < BH_MAX_CPUS)
		config_find(checker, place, "CPU %u is none of the board's", foreign);
	if (cpus[0] & 1)
		config_find(checker, place,
			    "CPU 0 stays with root: Linux cannot do without it");
	else if (first_missing(boards, cpus) == BH_MAX_CPUS)
		config_find(checker, place, "all CPUs of the board: none is left for root");
	for (i = 0; i < checker->other_count; i++) {
		uint32_t both = common_cpu(cpus, checker->others[i]->cell->cpus);

		if (both < BH_MAX_CPUS)
			config_clash(checker, place,
				     config_other_at(checker->others[i], CONFIG_CELL, 0, "cpus"),
				     "has a CPU of", "(%u)", both);
	}
}

static bool may_begin_at(const struct cell_view *cell, uint64_t entry)
{
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if (region->kind == BH_REGION_RAM && (region->access & BH_ACCESS_EXECUTE) &&
		    entry - region->at < region->size)
			return true;
	}
	return false;
}

static void check_start(struct config_checker *checker)
{
	const struct bh_cell *cell = checker->cell->cell;
	const uint32_t known = BH_CELL_LOCKED | BH_CELL_RESET_VECTOR | BH_CELL_HAS_ENTRY |
			       BH_CELL_LOG_CONSOLE | BH_CELL_UNPROTECTED_DMA;
	struct config_place place = config_cell_at(checker, CONFIG_CELL, 0, "entry");

	if (cell->flags & ~known)
		config_find(checker, config_cell_at(checker, CONFIG_CELL, 0, "flags"),
			    "flags 0x%x are unknown", cell->flags & ~known);
	if (cell->on_fault > BH_ON_FAULT_STOP)
		config_find(checker, config_cell_at(checker, CONFIG_CELL, 0, "on_fault"),
			    "policy %u is unknown", cell->on_fault);
	if (!(cell->flags & BH_CELL_HAS_ENTRY)) {
		if (cell->entry != 0)
			config_find(checker, place, "there is none, but it has a value");
		return;
	}
	if (cell->flags & BH_CELL_RESET_VECTOR)
		config_find(checker, place, "a cell that starts at the reset vector has none");
	else if (cell->entry >> 32 != 0)
		config_find(checker, place, "0x%llx is not below 4 GiB, where a CPU starts",
			    (hex)cell->entry);
	else if (!may_begin_at(checker->cell, cell->entry))
		config_find(checker, place, "0x%llx is in no RAM of the cell with access \"x\"",
			    (hex)cell->entry);
}

unsigned int config_check_cell(const struct config_view *board, const struct cell_view *cell,
			       const struct cell_view *const *others, uint32_t count,
			       config_report report, void *context)
{
	struct config_checker checker = {
		.view = board, .report = report, .context = context,
		.cell = cell, .others = others, .other_count = count,
	};

	check_name(&checker);
	check_cpus(&checker);
	check_start(&checker);
	config_check_cell_memory(&checker);
	config_check_cell_io(&checker);
	config_check_cell_pci(&checker);
	return checker.findings;
}

bool cell_admit(const struct config_view *board, const struct cell_view *cell,
		const struct cell_view *const *others, uint32_t count, struct bh_refusal *refusal)
{
	struct config_first first = { .view = board, .refusal = refusal };

	return config_check_cell(board, cell, others, count, config_keep_first, &first) == 0;
}
