/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The regions of root that come and go with cells: those that it lends, and those that it shares.
 * Their boundaries are in root's map from the beginning, so entries are cleared and set, and
 * nothing is split or allocated.
 */
#ifndef CORE_ROOT_REGIONS_H
#define CORE_ROOT_REGIONS_H

#include <bulkhead/refusal.h>

#include "core/cell.h"

/* Root's map as it is while there is no cell; once, before it is sealed. */
void root_regions_open(void);

/*
 * Makes root's map what it has to be with the cells that there are now; true if it lost mappings,
 * which root's CPUs then have to be told.
 */
bool root_regions_update(void);

/* Is that one of root's regions with root now? */
bool root_has_region(const struct bh_region *region);

/* Has a cell that is not `but` this shared region as well? */
bool region_is_shared_with(const struct bh_region *region, const struct cell *but);

#endif
