/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds who answers: by the place what no region tells of, everything else by the cell's region.
 */
#include "x86/guest/served.h"

#include "core/cell.h"
#include "core/root_regions.h"
#include "model/range.h"
#include "model/trapped.h"

static const struct served_kind *kind_of(const struct bh_region *region)
{
	if (region->flags & BH_REGION_MSIX)
		return served_msix;
	return region->flags & BH_REGION_HPET ? &served_hpet : &served_subpage;
}

static const struct served_kind *find_region(const struct cell *cell, struct served *served)
{
	const struct bh_region *region;

	/* Most of what is denied lies elsewhere. */
	if (!range_has(cell->trapped, served->place))
		return NULL;
	region = trapped_find(cell->regions, cell->config->region_count, served->place,
			      served->size);
	if (!region || (region->access & served->rights) != served->rights)
		return NULL;
	/* No map shows that it is lent. */
	if (cell == &root_cell && !root_has_region(region))
		return NULL;
	served->region = region;
	return kind_of(region);
}

const struct served_kind *served_find(const struct cell *cell, struct served *served)
{
	const struct served_kind *kind = served_iommu_find(cell, served);

	if (!kind)
		kind = served_pci_find(cell, served);
	return kind ? kind : find_region(cell, served);
}
