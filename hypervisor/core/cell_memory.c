/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies between root's buffers and the memory of a cell that does not run, through windows: root
 * never maps a cell's private memory, not even to load it (I7).
 */
#include "core/backend.h"
#include "core/manage.h"
#include "core/string.h"
#include "model/range.h"
#include "model/refuse.h"
#include "x86/window.h"

/* The region that holds all of the range; null if none does. */
static const struct bh_region *find_region(const struct cell *cell, struct bh_range range)
{
	uint32_t i;

	if (range_is_empty(range) || range_wraps(range))
		return NULL;
	for (i = 0; i < cell->config->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];

		if (region->kind == BH_REGION_RAM &&
		    ranges_intersection(RANGE(region->at, region->size), range).size == range.size)
			return region;
	}
	return NULL;
}

/* One page of root's buffer, to or from up to two pages of the cell. */
static bool copy_page(struct cpu *cpu, gpa_t there, uint64_t phys, uint64_t size, bool load)
{
	uint8_t *buffer = backend->open_page(cpu, there);
	uint64_t done, part;

	for (done = 0; buffer && done < size; done += part) {
		uint8_t *memory = window_open(cpu, HPA(phys + done));

		part = BH_PAGE_SIZE - ((phys + done) & BH_PAGE_MASK);
		if (part > size - done)
			part = size - done;
		memcpy(load ? memory : buffer + done, load ? buffer + done : memory, part);
	}
	window_close(cpu);
	return buffer;
}

static int64_t copy(struct cpu *cpu, const struct cell *cell, struct bh_request *request, bool load)
{
	const struct bh_region *region = find_region(cell, RANGE(request->at, request->size));
	uint64_t phys, done, part;

	if (request->size > BH_REQUEST_PAGES * BH_PAGE_SIZE)
		return manage_refuse(request, "%llu bytes are more than %llu at a time",
				     (unsigned long long)request->size,
				     (unsigned long long)BH_REQUEST_PAGES * BH_PAGE_SIZE);
	if (!region)
		return manage_refuse(request,
				     "cell %s: 0x%llx and size 0x%llx are not in one region of its "
				     "memory",
				     cell->config->name, (unsigned long long)request->at,
				     (unsigned long long)request->size);
	if (load && !(region->flags & BH_REGION_LOADABLE))
		return manage_refuse(request, "cell %s: region \"%s\" is not loadable",
				     cell->config->name, region->name);
	phys = region->phys + (request->at - region->at);
	for (done = 0; done < request->size; done += part) {
		uint64_t page = request->pages[done >> BH_PAGE_SHIFT];

		part = request->size - done < BH_PAGE_SIZE ? request->size - done : BH_PAGE_SIZE;
		if ((page & BH_PAGE_MASK) || !copy_page(cpu, GPA(page), phys + done, part, load))
			return manage_refuse(request, "page 0x%llx of the data is not root's",
					     (unsigned long long)page);
	}
	return BH_MANAGE_DONE;
}

int64_t manage_load(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	return copy(cpu, cell, request, true);
}

int64_t manage_memory(struct cpu *cpu, struct cell *cell, struct bh_request *request)
{
	return copy(cpu, cell, request, false);
}
