/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's mappings from its regions. The pages of the local APIC and of an HPET may be read and
 * not written: reads need no exit then, writes come as violations and are filtered.
 */
#include "model/cell_map.h"

#include "model/trapped.h"

static unsigned int attributes_of(const struct bh_region *region)
{
	bool is_filtered = region->flags & BH_REGION_HPET;

	return (region->access & BH_ACCESS_READ ? PT_READ : 0) |
	       ((region->access & BH_ACCESS_WRITE) && !is_filtered ? PT_WRITE : 0) |
	       (region->access & BH_ACCESS_EXECUTE ? PT_EXECUTE : 0) |
	       (region->kind == BH_REGION_DEVICE ? PT_UNCACHED : 0);
}

bool cell_map_at(const struct bh_region *regions, uint32_t count, size_t index, hpa_t comm,
		 unsigned int code_leaf, struct pt_mapping *mapping)
{
	const struct bh_region *region = &regions[index];

	if (index >= count) {
		*mapping = (struct pt_mapping){
			.virt = BH_APIC_BASE, .phys = HPA(BH_APIC_BASE), .size = BH_PAGE_SIZE,
			.attributes = PT_READ | PT_UNCACHED,
		};
		return true;
	}
	if (region_is_trapped(region))
		return false;
	*mapping = (struct pt_mapping){
		.virt = region->at,
		.phys = region->kind == BH_REGION_COMM ? comm : HPA(region->phys),
		.size = region->size, .attributes = attributes_of(region),
	};
	if (mapping->attributes & PT_EXECUTE)
		mapping->largest_leaf = code_leaf;
	return true;
}

size_t cell_map_list(struct pt_mapping *mappings, const struct bh_region *regions, uint32_t count,
		     hpa_t comm, unsigned int code_leaf)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < CELL_MAPPINGS(count); i++)
		if (cell_map_at(regions, count, i, comm, code_leaf, &mappings[used]))
			used++;
	return used;
}

unsigned int cell_map_largest_leaf(const struct bh_board *board)
{
	return board->flags & BH_BOARD_PAGES_1G ? PT_1G : PT_2M;
}

unsigned int cell_map_code_leaf(const struct bh_board *board, bool is_root)
{
	return (board->flags & BH_BOARD_MULTIHIT) && !is_root ? PT_4K : 0;
}
