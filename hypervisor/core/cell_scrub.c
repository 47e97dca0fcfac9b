/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scrubbing: all RAM of the cell that no other cell has, at its creation and at its end; in memory
 * itself, as the next owner may have a device that is told not to look into caches.
 */
#include "core/cell_scrub.h"

#include "core/root_regions.h"
#include "x86/stream.h"
#include "x86/window.h"

/* What a call scrubs at most: some tens of microseconds. */
#define SLICE (256 * 1024ULL)

void cell_scrub_begin(struct cell *cell)
{
	cell->scrub_region = 0;
	cell->scrub_offset = 0;
}

static bool is_scrubbed(const struct cell *cell, const struct bh_region *region)
{
	return region->kind == BH_REGION_RAM &&
	       !((region->flags & BH_REGION_SHARED) && region_is_shared_with(region, cell));
}

static void scrub_page(struct cpu *cpu, uint64_t phys)
{
	stream_zeros(window_open(cpu, HPA(phys)), BH_PAGE_SIZE);
	window_close(cpu);
}

static bool scrub_slice(struct cpu *cpu, struct cell *cell)
{
	uint64_t left = SLICE;

	for (; cell->scrub_region < cell->config->region_count; cell->scrub_region++) {
		const struct bh_region *region = &cell->regions[cell->scrub_region];

		for (; is_scrubbed(cell, region) && cell->scrub_offset < region->size;
		     cell->scrub_offset += BH_PAGE_SIZE, left -= BH_PAGE_SIZE) {
			if (left == 0)
				return false;
			scrub_page(cpu, region->phys + cell->scrub_offset);
		}
		cell->scrub_offset = 0;
	}
	return true;
}

bool cell_scrub(struct cpu *cpu, struct cell *cell)
{
	bool done = scrub_slice(cpu, cell);

	stream_end();
	return done;
}
