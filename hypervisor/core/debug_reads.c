/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Second-level maps and entries of IOMMUs as they are in memory, and the record of invalidations.
 */
#include "core/debug_reads.h"

#include <bulkhead/hypercall.h>

#include "core/cells.h"
#include "core/invalidation.h"
#include "core/iommu.h"

#define ROOM(type) ((BH_PAGE_SIZE - sizeof(struct bh_chunk)) / sizeof(type))

struct leaves {
	struct bh_leaf *leaves;
	uint64_t skip;
	uint64_t count;
};

static bool add_leaf(void *context, const struct pt_leaf *leaf)
{
	struct leaves *leaves = context;

	if (leaves->skip > 0) {
		leaves->skip--;
		return true;
	}
	if (leaves->count == ROOM(struct bh_leaf))
		return false;
	leaves->leaves[leaves->count++] = (struct bh_leaf){
		.at = leaf->virt, .phys = leaf->phys.v, .size = leaf->size,
		.access = (leaf->attributes & PT_READ ? BH_ACCESS_READ : 0) |
			  (leaf->attributes & PT_WRITE ? BH_ACCESS_WRITE : 0) |
			  (leaf->attributes & PT_EXECUTE ? BH_ACCESS_EXECUTE : 0),
		.uncached = leaf->attributes & PT_UNCACHED ? 1 : 0,
	};
	return true;
}

size_t debug_read_map(uint64_t position, void *page)
{
	const struct cell *cell = cells_find(position >> 32);
	struct bh_chunk *chunk = page;
	struct leaves leaves = {
		.leaves = (struct bh_leaf *)(chunk + 1), .skip = (uint32_t)position,
	};

	if (!cell)
		return 0;
	pt_for_each_leaf(&cell->map, add_leaf, &leaves);
	chunk->first = position;
	chunk->count = leaves.count;
	chunk->next = position + leaves.count;
	return sizeof(*chunk) + leaves.count * sizeof(struct bh_leaf);
}

size_t debug_read_invalidations(uint64_t position, void *page)
{
	struct bh_chunk *chunk = page;
	struct bh_invalidation *records = (struct bh_invalidation *)(chunk + 1);

	chunk->first = position;
	chunk->count = invalidation_read(&chunk->first, records, ROOM(struct bh_invalidation));
	chunk->next = chunk->first + chunk->count;
	return sizeof(*chunk) + chunk->count * sizeof(struct bh_invalidation);
}

size_t debug_read_device_entries(uint64_t position, void *page)
{
	struct bh_chunk *chunk = page;
	struct bh_device_entry *entries = (struct bh_device_entry *)(chunk + 1);

	chunk->first = position;
	chunk->count = 0;
	while (chunk->count < ROOM(struct bh_device_entry) &&
	       iommu_debug_entry(position + chunk->count, &entries[chunk->count]))
		chunk->count++;
	chunk->next = position + chunk->count;
	return sizeof(*chunk) + chunk->count * sizeof(*entries);
}
