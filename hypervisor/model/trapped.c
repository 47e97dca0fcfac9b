/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds regions that trap. See trapped.h.
 */
#include "model/trapped.h"

#include "model/range.h"

static bool traps(const struct bh_region *region)
{
	return region_is_trapped(region) || (region->flags & BH_REGION_HPET);
}

struct bh_range trapped_hull(const struct bh_region *regions, uint32_t count)
{
	uint64_t first = UINT64_MAX;
	uint64_t last = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct bh_range range = RANGE(regions[i].at, regions[i].size);

		if (!traps(&regions[i]))
			continue;
		first = range.start < first ? range.start : first;
		last = range_last(range) > last ? range_last(range) : last;
	}
	return first <= last ? RANGE(first, last - first + 1) : RANGE(0, 0);
}

static bool holds(const struct bh_region *region, uint64_t at, uint32_t size)
{
	uint64_t offset = at - region->at;

	return offset < region->size && size <= region->size - offset;
}

const struct bh_region *trapped_find(const struct bh_region *regions, uint32_t count, uint64_t at,
				     uint32_t size)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (holds(&regions[i], at, size) && traps(&regions[i]))
			return &regions[i];
	return NULL;
}
