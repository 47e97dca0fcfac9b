/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions that no page table decides alone. Those that are no whole pages, as it cannot tell a
 * device's registers from what lies beside them, and pages of MSI-X tables are in no map; an HPET
 * is there to be read. What traps there is carried out as far as the region's kind and rights
 * allow.
 */
#ifndef MODEL_TRAPPED_H
#define MODEL_TRAPPED_H

#include <bulkhead/config.h>

static inline bool region_is_subpage(const struct bh_region *region)
{
	return region->kind == BH_REGION_DEVICE &&
	       ((region->at | region->size) & BH_PAGE_MASK) != 0;
}

/* In no map, whoever has it: pages of an MSI-X table are not even carried out as they are. */
static inline bool region_is_trapped(const struct bh_region *region)
{
	return region_is_subpage(region) || (region->flags & BH_REGION_MSIX);
}

/* From the first to the last of these regions and HPETs: nothing else traps to be carried out. */
struct bh_range trapped_hull(const struct bh_region *regions, uint32_t count);

/* The one of them that holds all bytes of an access at that guest-physical address, or null. */
const struct bh_region *trapped_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				     uint32_t size);

#endif
