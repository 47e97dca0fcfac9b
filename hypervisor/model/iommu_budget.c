// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which format maps of devices have, when the processor's map is one of them, and how many pages
 * units and maps take. See iommus.h.
 */
#include "model/backend_kind.h"
#include "model/cell_map.h"
#include "model/format_amdvi.h"
#include "model/format_ept.h"
#include "model/format_vtd.h"
#include "model/iommu_places.h"
#include "model/range.h"
#include "model/trapped.h"

const struct pt_format *iommus_format(const struct iommus *iommus)
{
	static const struct pt_format *const formats[BH_IOMMU_KINDS][2] = {
		[BH_IOMMU_VTD] = { &pt_format_vtd_3, &pt_format_vtd_4 },
		[BH_IOMMU_AMDVI] = { &pt_format_amdvi_3, &pt_format_amdvi_4 },
	};

	return formats[iommus->units[0].kind][iommus->units[0].levels - 3];
}

unsigned int iommus_largest_leaf(const struct iommus *iommus)
{
	uint32_t flags = BH_IOMMU_PAGES_2M | BH_IOMMU_PAGES_1G;
	uint32_t i;

	for (i = 0; i < iommus->count; i++)
		flags &= iommus->units[i].flags;
	if (!(flags & BH_IOMMU_PAGES_2M))
		return PT_4K;
	return flags & BH_IOMMU_PAGES_1G ? PT_1G : PT_2M;
}

/*
 * Entries of an EPT are entries of a VT-d unit that mean the same, where it knows the page sizes:
 * bits 2 to 6, execute and memory type, it ignores (VT-d specification, 9.8; the processor's
 * accessed and dirty flags are off). A unit of three levels begins at the table behind the first
 * entry of the EPT's root. Rights are equal if the cell has no memory that is closed to its
 * devices; registers and its communication page are no more than it can reach by itself.
 */
bool iommus_share_map(const struct iommus *iommus, const struct pt_format *format,
		      unsigned int largest_leaf, const struct bh_region *regions, uint32_t count)
{
	const struct pt_format *units = iommus_format(iommus);
	uint32_t i;

	if (format != &pt_format_ept || iommus->units[0].kind != BH_IOMMU_VTD ||
	    largest_leaf > iommus_largest_leaf(iommus))
		return false;
	for (i = 0; i < count; i++) {
		if (region_is_subpage(&regions[i]))
			continue;
		if (regions[i].kind == BH_REGION_RAM && !(regions[i].flags & BH_REGION_DMA))
			return false;
		if (!range_fits_width(RANGE(regions[i].at, regions[i].size), units->address_bits))
			return false;
	}
	return true;
}

static uint32_t count_buses(const struct iommu_assignable *assignable)
{
	uint32_t count = 0;
	uint32_t bus;

	for (bus = 0; bus < 64 * IOMMU_BUS_WORDS; bus++)
		count += assignable->buses[bus / 64] >> bus % 64 & 1;
	return count;
}

/* Of a bus AMD-Vi's device table has 256 entries of 32 bytes. */
#define DEVICE_TABLE_PAGES_A_BUS 2
/* VT-d's entries have 16 bytes, AMD-Vi's 4. */
#define VTD_ROUTE_SIZE           16
#define AMDVI_ROUTE_SIZE         4

static uint32_t interrupt_pages(const struct bh_iommu *unit,
				const struct iommu_assignable *assignable)
{
	uint32_t size = unit->kind == BH_IOMMU_AMDVI ? AMDVI_ROUTE_SIZE : VTD_ROUTE_SIZE;
	uint32_t pins = unit->flags & BH_IOMMU_LINUX_REMAPS ? assignable->pins : 0;
	uint32_t needed = (iommu_first_pin(unit, assignable) + pins) * size;
	uint32_t pages = 1;

	/* A table of VT-d has a power of two of entries. */
	while (pages * BH_PAGE_SIZE < needed)
		pages *= 2;
	return unit->flags & BH_IOMMU_REMAPS ? pages : 0;
}

void iommu_budget(struct iommu_budget *budget, const struct bh_iommu *unit,
		  const struct iommu_assignable *assignable)
{
	*budget = (struct iommu_budget){ .devices = 1, .commands = 1, .answers = 1 };
	if (unit->kind == BH_IOMMU_AMDVI) {
		budget->devices = (unit->last_bus + 1) * DEVICE_TABLE_PAGES_A_BUS;
		budget->events = 1;
	} else {
		budget->contexts = (1 + count_buses(assignable) + assignable->bridges) *
				   iommu_tables_of_bus(unit);
		budget->directory = unit->flags & BH_IOMMU_SCALABLE ? IOMMU_DIRECTORY_PAGES : 0;
	}
	budget->interrupts = interrupt_pages(unit, assignable);
	budget->total = budget->devices + budget->contexts + budget->directory + budget->commands +
			budget->events + budget->answers + budget->interrupts;
}

uint32_t iommus_directory_pages(const struct iommus *iommus)
{
	uint32_t i;

	for (i = 0; i < iommus->count; i++)
		if (iommus->units[i].flags & BH_IOMMU_SCALABLE)
			return IOMMU_DIRECTORY_PAGES;
	return 0;
}

struct source {
	const struct bh_region *regions;
	bool is_root;
};

static bool get_mapping(const void *context, size_t index, struct pt_mapping *mapping)
{
	const struct source *source = context;

	return iommu_map_at(&source->regions[index], source->is_root, mapping);
}

static uint64_t count_tables(const struct iommus *iommus, const struct bh_region *regions,
			     uint32_t count, bool is_root)
{
	const struct source context = { .regions = regions, .is_root = is_root };
	const struct pt_source source = {
		.get = get_mapping, .context = &context, .count = count,
	};

	return pt_predict_from(iommus_format(iommus), iommus_largest_leaf(iommus), &source);
}

uint64_t iommus_root_pages(const struct iommus *iommus, const struct config_view *view)
{
	if (iommus->count == 0)
		return 0;
	return count_tables(iommus, view->regions, view->board->root.region_count, true);
}

uint64_t iommus_cell_pages(const struct iommus *iommus, const struct config_view *board,
			   const struct cell_view *cell)
{
	uint32_t count = cell->cell->region_count;

	if (iommus->count == 0 || cell->cell->device_count == 0)
		return 0;
	if (iommus_share_map(iommus, board_kind(board->board)->map_format,
			     cell_map_largest_leaf(board->board), cell->regions, count))
		return iommus_directory_pages(iommus);
	return count_tables(iommus, cell->regions, count, false) + iommus_directory_pages(iommus);
}

uint64_t iommus_pages(const struct config_view *view)
{
	struct iommu_assignable assignable;
	struct iommu_budget budget;
	struct iommus iommus;
	uint64_t pages;
	uint32_t i;

	iommus_view(view, &iommus);
	iommus_assignable(&assignable, view);
	pages = iommus_root_pages(&iommus, view);
	for (i = 0; i < iommus.count; i++) {
		iommu_budget(&budget, &iommus.units[i], &assignable);
		pages += budget.total;
	}
	return pages;
}
