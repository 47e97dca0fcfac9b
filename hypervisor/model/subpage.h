/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions that are no whole pages: registers of a device that a page table cannot tell from what
 * lies beside them. They are in no map; an access to one traps and is carried out if the region's
 * rights allow it.
 */
#ifndef MODEL_SUBPAGE_H
#define MODEL_SUBPAGE_H

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

/* The MSI-X table, or what lies beside it in its pages; null if no region of that kind holds it. */
const struct bh_region *msix_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				  uint32_t size);

/* The one that holds all bytes of an access at that guest-physical address; null if none does. */
const struct bh_region *subpage_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				     uint32_t size);

#endif
