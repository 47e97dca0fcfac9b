/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds sub-page regions.
 */
#include "model/subpage.h"

const struct bh_region *subpage_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				     uint32_t size)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		const struct bh_region *region = &regions[i];
		uint64_t offset = at - region->at;

		if (region_is_subpage(region) && offset < region->size &&
		    size <= region->size - offset)
			return region;
	}
	return NULL;
}
