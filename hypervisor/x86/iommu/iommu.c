/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IOMMUs of the board: takes their pages, maps their registers for the hypervisor alone, builds
 * the tables for root's devices and has each unit started by the driver of its kind. Which device
 * is whose is iommu_devices.c's, what units record iommu_faults.c's.
 */
#include "core/iommu.h"

#include "core/hypervisor.h"
#include "core/log.h"
#include "core/pci_devices.h"
#include "core/seal.h"
#include "model/audit_dma.h"
#include "model/format_x86.h"
#include "model/range.h"
#include "model/refuse.h"
#include "x86/iommu/board.h"

/* Those that this build has. */
static const struct iommu_driver *const drivers[] = {
#ifdef CONFIG_IOMMU_VTD
	&vtd_driver,
#endif
#ifdef CONFIG_IOMMU_AMDVI
	&amdvi_driver,
#endif
};

#define REGISTER_SPAN (4 * BH_PAGE_SIZE)

struct iommu_board iommu_board;
static struct pagetable root_tables;

static bool choose_driver(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(drivers); i++)
		if (drivers[i]->kind == unit->config->kind) {
			unit->driver = drivers[i];
			return true;
		}
	return refuse(refusal, "IOMMU %s: this hypervisor was built without the driver for it",
		      unit->config->name);
}

/* Where the local APIC's page has its table already, so this takes no page. */
static bool map_registers(struct iommu_unit *unit, size_t number, struct bh_refusal *refusal)
{
	struct bh_range registers = iommu_registers(unit->config);
	uint64_t at = HV_IOMMUS + number * REGISTER_SPAN;
	struct pagetable own = {
		.format = &pt_format_x86,
		.root = HPA(hypervisor.handover->tables),
		.physical_bits = hypervisor.config.board->physical_bits,
		.largest_leaf = PT_4K,
		.memory = pool_memory(),
	};
	const struct pt_mapping mapping = {
		.virt = at, .phys = HPA(registers.start), .size = registers.size,
		.attributes = PT_READ | PT_WRITE | PT_UNCACHED,
	};

	unit->registers = (volatile uint8_t *)at;
	return pt_map(&own, &mapping, refusal);
}

static hpa_t next_pages(hpa_t *next, uint32_t pages)
{
	hpa_t first = *next;

	next->v += pages * BH_PAGE_SIZE;
	return first;
}

static bool take_pages(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	struct iommu_budget *budget = &unit->budget;
	hpa_t next;

	iommu_budget(budget, unit->config, unit->assignable);
	if (!pool_take(&next, budget->total, refusal))
		return false;
	unit->devices = next_pages(&next, budget->devices);
	unit->contexts = next_pages(&next, budget->contexts);
	unit->directory = next_pages(&next, budget->directory);
	unit->commands = next_pages(&next, budget->commands);
	unit->events = next_pages(&next, budget->events);
	unit->answers = next_pages(&next, budget->answers);
	unit->interrupts = next_pages(&next, budget->interrupts);
	return true;
}

static bool build_tables(struct pagetable *tables, const struct bh_region *regions, uint32_t count,
			 bool is_root, const struct pt_memory *memory, struct bh_refusal *refusal)
{
	struct pt_mapping mapping;
	uint32_t i;

	if (!pt_init(tables, iommus_format(&iommu_board.list), memory,
		     hypervisor.config.board->physical_bits,
		     iommus_largest_leaf(&iommu_board.list), refusal))
		return false;
	for (i = 0; i < count; i++)
		if (iommu_map_at(&regions[i], is_root, &mapping) &&
		    !pt_map(tables, &mapping, refusal))
			return false;
	return true;
}

static bool audit(const struct cell *cell, const struct pagetable *tables,
		  struct bh_refusal *refusal)
{
	return audit_dma(&(struct audit_dma){
		.map = tables, .regions = cell->regions, .count = cell->config->region_count,
		.name = cell->config->name, .is_root = cell == &root_cell,
	}, refusal);
}

/* Each map comes here once, when it is complete. */
static void publish(const struct pagetable *map)
{
	uint32_t i;

	for (i = 0; i < iommu_board.list.count; i++) {
		struct iommu_unit *unit = &iommu_board.units[i];

		if (unit->driver->publish)
			unit->driver->publish(unit, map);
	}
}

static bool build_root(struct bh_refusal *refusal)
{
	const struct pt_memory memory = pool_memory();

	if (!build_tables(&root_tables, root_cell.regions, root_cell.config->region_count, true,
			  &memory, refusal) ||
	    !audit(&root_cell, &root_tables, refusal))
		return false;
	publish(&root_tables);
	seal_pages(root_tables.root, iommus_root_pages(&iommu_board.list, &hypervisor.config));
	return true;
}

bool iommu_is_unit(uint32_t address)
{
	uint32_t function;
	uint32_t i;

	for (i = 0; i < iommu_board.list.count; i++)
		if (iommu_function(&iommu_board.list, i, &function) && function == address)
			return true;
	return false;
}

static bool prepare(size_t number, struct bh_refusal *refusal)
{
	struct iommu_unit *unit = &iommu_board.units[number];

	*unit = (struct iommu_unit){
		.config = &iommu_board.list.units[number], .assignable = &iommu_board.assignable,
		.scopes = iommu_scopes(&iommu_board.list, (uint32_t)number),
		.strays = &iommu_board.strays,
	};
	unit->has_function = iommu_function(&iommu_board.list, (uint32_t)number, &unit->function);
	return choose_driver(unit, refusal) && map_registers(unit, number, refusal) &&
	       unit->driver->check(unit, refusal) && take_pages(unit, refusal);
}

/* The CPU that units send an NMI to is always root's. */
static uint32_t apic_id_of_root(void)
{
	const struct bh_handover *handover = hypervisor.handover;
	uint32_t i;

	for (i = 0; i < handover->cpu_count; i++)
		if (handover->cpus[i].linux_cpu == 0)
			return handover->cpus[i].apic_id;
	return handover->cpus[0].apic_id;
}

static bool start(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	unit->root = (struct iommu_domain){
		.tables = root_tables.root, .directory = unit->directory, .number = ROOT_DOMAIN,
	};
	unit->listener = apic_id_of_root();
	unit->is_running = true;
	if (!unit->driver->start(unit, refusal))
		return false;
	seal_pages(unit->devices, unit->budget.devices + unit->budget.contexts +
		   unit->budget.directory);
	seal_pages(unit->interrupts, unit->budget.interrupts);
	log_print("IOMMU %s: %s at 0x%llx, %u pages\n", unit->config->name,
		  unit->config->kind == BH_IOMMU_VTD ? "VT-d" : "AMD-Vi",
		  (unsigned long long)unit->config->registers, unit->budget.total);
	return true;
}

bool iommu_start(struct bh_refusal *refusal)
{
	uint32_t i;

	iommus_view(&hypervisor.config, &iommu_board.list);
	iommus_assignable(&iommu_board.assignable, &hypervisor.config);
	pci_devices_strays(&iommu_board.strays);
	iommu_devices_open();
	/* All are looked at before the first one is changed. */
	for (i = 0; i < iommu_board.list.count; i++)
		if (!prepare(i, refusal))
			return false;
	if (iommu_board.list.count && !build_root(refusal))
		return false;
	iommu_board.is_running = true;
	for (i = 0; i < iommu_board.list.count; i++)
		if (!start(&iommu_board.units[i], refusal))
			return false;
	return true;
}

static bool stop(struct iommu_unit *unit)
{
	bool done = unit->driver->stop(unit);

	unit->is_running = false;
	if (!done)
		log_print("IOMMU %s: is not Linux's again as it was\n", unit->config->name);
	return done;
}

/* Several CPUs leave at the same time: the first one does it. */
bool iommu_stop(void)
{
	bool done = true;
	uint32_t i;

	if (!__atomic_exchange_n(&iommu_board.is_running, false, __ATOMIC_SEQ_CST))
		return true;
	for (i = iommu_board.list.count; i-- > 0;)
		if (iommu_board.units[i].is_running && !stop(&iommu_board.units[i]))
			done = false;
	return done;
}

/* Pages of a cell's run follow each other. */
static void take_directory(struct cell *cell, const struct pt_memory *memory)
{
	uint32_t pages = iommus_directory_pages(&iommu_board.list);
	uint32_t i;

	for (i = 0; i < pages; i++) {
		hpa_t page = memory->allocate(memory->context);

		if (i == 0)
			cell->dma_directory = page;
	}
}

bool iommu_build(struct cell *cell, const struct pt_memory *memory, struct bh_refusal *refusal)
{
	const struct pagetable *map = &cell->map;

	if (iommu_board.list.count == 0 || cell->config->device_count == 0)
		return true;
	if (memory->available(memory->context) < iommus_directory_pages(&iommu_board.list))
		return refuse(refusal, "cell %s: no pages are left for its devices",
			      cell->config->name);
	take_directory(cell, memory);
	if (iommus_share_map(&iommu_board.list, map->format, map->largest_leaf, cell->regions,
			     cell->config->region_count))
		cell->dma = *map;
	else if (!build_tables(&cell->dma, cell->regions, cell->config->region_count, false, memory,
			       refusal))
		return false;
	publish(&cell->dma);
	return true;
}

bool iommu_audit(const struct cell *cell, struct bh_refusal *refusal)
{
	const struct pagetable *tables = cell == &root_cell ? &root_tables : &cell->dma;

	if (iommu_board.list.count == 0 || !tables->format || tables->root.v == cell->map.root.v)
		return true;
	return audit(cell, tables, refusal);
}
