/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds sub-page regions.
 */
#include "model/subpage.h"

static bool holds(const struct bh_region *region, uint64_t at, uint32_t size)
{
	uint64_t offset = at - region->at;

	return offset < region->size && size <= region->size - offset;
}

const struct bh_region *subpage_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				     uint32_t size)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (region_is_subpage(&regions[i]) && !(regions[i].flags & BH_REGION_MSIX) &&
		    holds(&regions[i], at, size))
			return &regions[i];
	return NULL;
}

const struct bh_region *msix_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				  uint32_t size)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if ((regions[i].flags & BH_REGION_MSIX) && holds(&regions[i], at, size))
			return &regions[i];
	return NULL;
}
