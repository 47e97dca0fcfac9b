/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's mappings from its regions. The local APIC's page may be read and not written: reads need
 * no exit then, writes come as violations and are filtered.
 */
#include "model/cell_map.h"

static struct pt_mapping region_mapping(const struct bh_region *region)
{
	struct pt_mapping mapping = {
		.virt = region->at, .phys = HPA(region->phys), .size = region->size,
	};

	if (region->access & BH_ACCESS_READ)
		mapping.attributes |= PT_READ;
	if (region->access & BH_ACCESS_WRITE)
		mapping.attributes |= PT_WRITE;
	if (region->access & BH_ACCESS_EXECUTE)
		mapping.attributes |= PT_EXECUTE;
	if (region->kind == BH_REGION_DEVICE)
		mapping.attributes |= PT_UNCACHED;
	return mapping;
}

struct pt_mapping cell_map_at(const struct bh_region *regions, uint32_t count, size_t index)
{
	if (index < count)
		return region_mapping(&regions[index]);
	return (struct pt_mapping){
		.virt = BH_APIC_BASE, .phys = HPA(BH_APIC_BASE), .size = BH_PAGE_SIZE,
		.attributes = PT_READ | PT_UNCACHED,
	};
}

size_t cell_map_list(struct pt_mapping *mappings, const struct bh_region *regions, uint32_t count)
{
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(count); i++)
		mappings[i] = cell_map_at(regions, count, i);
	return i;
}

unsigned int cell_map_largest_leaf(const struct bh_board *board)
{
	return board->flags & BH_BOARD_PAGES_1G ? PT_1G : PT_2M;
}
