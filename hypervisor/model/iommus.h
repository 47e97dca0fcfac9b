/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IOMMUs of a board: looking into that part of its configuration, which unit a device is
 * behind, what the maps for devices hold, and how many pages all of it takes (I3). How a unit is
 * driven is x86/iommu's.
 */
#ifndef MODEL_IOMMUS_H
#define MODEL_IOMMUS_H

#include <bulkhead/iommu.h>

#include "model/config.h"
#include "model/pagetable.h"

/* All counts are 0 where a board has none. */
struct iommus {
	uint32_t count;
	uint32_t scope_count;
	uint32_t window_count;
	const struct bh_iommu *units;
	const struct bh_iommu_scope *scopes;
	const struct bh_iommu_window *windows;
};

/* Part of config_open(): is that part of the configuration well-formed? */
bool iommus_open(const struct config_view *view, struct bh_refusal *refusal);

/* Of a configuration that is. */
void iommus_view(const struct config_view *view, struct iommus *iommus);

/* The scopes of a unit; unit->scope_count of them. */
const struct bh_iommu_scope *iommu_scopes(const struct iommus *iommus, uint32_t unit);

/* The function that a unit itself is, by BH_PCI_ADDRESS(); false if it is none. */
bool iommu_function(const struct iommus *iommus, uint32_t unit, uint32_t *address);

/* Where a unit has its registers, in whole pages. */
struct bh_range iommu_registers(const struct bh_iommu *unit);

/* Which unit the function is behind, by BH_PCI_ADDRESS(); iommus->count: none. */
uint32_t iommu_of(const struct iommus *iommus, uint32_t address);

/* As which function its unit sees it: bus << 8 | device << 3 | function. */
uint16_t iommu_source(const struct iommus *iommus, uint32_t address);

/* What else a unit of AMD-Vi with these scopes lets a function reach (BH_IOMMU_PASS). */
uint16_t iommu_pass(const struct bh_iommu_scope *scopes, uint32_t count, uint16_t source);

/* Can no unit tell these two functions apart? */
bool iommu_same_source(const struct iommus *iommus, uint32_t one, uint32_t other);

/* Is the function kept to its cell's memory? */
bool iommu_confines_memory(const struct iommus *iommus, uint32_t address);

/*
 * To that, and to the interrupts that it was given: it can forge none? Not behind a unit of VT-d
 * that lets messages pass which are not remappable, since those of root's devices are not. What a
 * device sends goes through its own unit, so the others do not count.
 */
bool iommu_confines(const struct iommus *iommus, uint32_t address);

/* Are its interrupts entries of its unit's table? */
bool iommu_remaps(const struct iommus *iommus, uint32_t address);

/* Does Linux remap its interrupts, so that those of root's devices and pins are entries too? */
bool iommus_linux_remaps(const struct iommus *iommus);

/* All units of a board walk the same tables: format and largest page. */
const struct pt_format *iommus_format(const struct iommus *iommus);
unsigned int iommus_largest_leaf(const struct iommus *iommus);

/*
 * What devices of a cell reach of a region; false if nothing. Of root all its memory that does not
 * come and go with cells, of a cell what is marked for it.
 */
bool iommu_map_at(const struct bh_region *region, bool is_root, struct pt_mapping *mapping);

/*
 * Can the processor's map of a cell be that of its devices too? `format` and `largest_leaf` are the
 * processor's.
 */
bool iommus_share_map(const struct iommus *iommus, const struct pt_format *format,
		      unsigned int largest_leaf, const struct bh_region *regions, uint32_t count);

/*
 * As whom an IOAPIC with that id is seen, and by which unit; false if none has it. Where a board
 * and its units have one only, that is it.
 */
bool iommu_of_ioapic(const struct iommus *iommus, uint32_t id, bool is_only, uint32_t *unit,
		     uint16_t *source);

/* What a unit has to have room for beyond root's devices: see iommu_places.h. */
struct iommu_assignable;

/* Pages of a unit's own tables, queues and logs, in the order in which they lie. */
struct iommu_budget {
	uint32_t devices;    /* VT-d: the root table; AMD-Vi: the device table */
	uint32_t contexts;   /* VT-d: context tables: one of all other buses, then one a bus of
			      * devices that cells may have, or of a bridge to some */
	uint32_t directory;  /* VT-d, scalable mode: of root's devices, with its table */
	uint32_t commands;
	uint32_t events;
	uint32_t answers;    /* where the unit writes that it is done */
	uint32_t interrupts;
	uint32_t total;
};
void iommu_budget(struct iommu_budget *budget, const struct bh_iommu *unit,
		  const struct iommu_assignable *assignable);

/* Context tables that a bus has: in scalable mode each has 128 entries of twice the size. */
static inline uint32_t iommu_tables_of_bus(const struct bh_iommu *unit)
{
	return unit->flags & BH_IOMMU_SCALABLE ? 2 : 1;
}

/* Scalable mode: pages of a directory and its table; of a cell's devices, 0 on other boards. */
#define IOMMU_DIRECTORY_PAGES 2u
uint32_t iommus_directory_pages(const struct iommus *iommus);

/* Pages of tables for root's devices; for all units together. */
uint64_t iommus_root_pages(const struct iommus *iommus, const struct config_view *view);

/* The same for the devices of a cell, if it has any; no tables if the processor's map serves. */
uint64_t iommus_cell_pages(const struct iommus *iommus, const struct config_view *board,
			   const struct cell_view *cell);

/* Everything that the hypervisor takes for them when it comes up. */
uint64_t iommus_pages(const struct config_view *view);

#endif
