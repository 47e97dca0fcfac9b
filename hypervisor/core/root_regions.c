/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of root's regions are in its map follows from the cells: a shared one while a cell shares
 * it, a lent one while no cell has it.
 */
#include "core/root_regions.h"

#include "core/assert.h"
#include "core/cells.h"
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "core/seal.h"
#include "model/cell_map.h"

static bool is_same_memory(const struct bh_region *a, const struct bh_region *b)
{
	return a->phys == b->phys && a->size == b->size && b->kind != BH_REGION_COMM;
}

static bool cell_has(const struct cell *cell, const struct bh_region *region)
{
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++)
		if (is_same_memory(region, &cell->regions[i]))
			return true;
	return false;
}

bool region_is_shared_with(const struct bh_region *region, const struct cell *but)
{
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(cells); i++)
		if (cells[i] && cells[i] != but && cell_has(cells[i], region))
			return true;
	return false;
}

/* Is the region to be in root's map? */
static bool is_due(const struct bh_region *region)
{
	if (region->flags & BH_REGION_SHARED)
		return region_is_shared_with(region, NULL);
	return !region_is_shared_with(region, NULL);
}

/* Bit n: region n is not root's now. Looked at wherever no map decides. */
static uint64_t gone[BH_MAX_REGIONS / 64];

bool root_has_region(const struct bh_region *region)
{
	size_t index = (size_t)(region - root_cell.regions);

	return !(__atomic_load_n(&gone[index / 64], __ATOMIC_ACQUIRE) >> index % 64 & 1);
}

/* True if root had it until now. */
static bool update_gone(uint32_t index, bool due)
{
	uint64_t bit = 1ULL << index % 64;
	uint64_t before;

	if (due)
		before = __atomic_fetch_and(&gone[index / 64], ~bit, __ATOMIC_SEQ_CST);
	else
		before = __atomic_fetch_or(&gone[index / 64], bit, __ATOMIC_SEQ_CST);
	return !due && !(before & bit);
}

/* True if root had it until now, in its map or, less than a page, by trap and decode. */
static bool update_region(uint32_t index, bool due)
{
	bool lost = update_gone(index, due);
	struct pt_mapping mapping;
	struct pt_leaf leaf;
	bool done = true;
	bool present;

	if (!cell_map_at(root_cell.regions, root_cell.config->region_count, index, HPA(0),
			 cell_map_code_leaf(hypervisor.config.board, true), &mapping))
		return lost;
	present = pt_lookup(&root_cell.map, mapping.virt, &leaf);
	if (present && !due)
		done = pt_clear(&root_cell.map, mapping.virt, mapping.size, NULL);
	else if (!present && due)
		done = pt_restore(&root_cell.map, &mapping, NULL);
	assert_that(done);
	(void)done;
	return present && !due;
}

static bool moves(const struct bh_region *region)
{
	return region->flags & (BH_REGION_SHARED | BH_REGION_LENT);
}

static bool update_all(void)
{
	bool lost = false;
	uint32_t i;

	for (i = 0; i < root_cell.config->region_count; i++) {
		const struct bh_region *region = &root_cell.regions[i];

		if (moves(region) && update_region(i, is_due(region)))
			lost = true;
	}
	return lost;
}

/* Most cells neither share with root nor borrow from it: its map stays closed then. */
static bool is_up_to_date(void)
{
	uint32_t i;

	for (i = 0; i < root_cell.config->region_count; i++) {
		const struct bh_region *region = &root_cell.regions[i];

		if (moves(region) && root_has_region(region) != is_due(region))
			return false;
	}
	return true;
}

void root_regions_open(void)
{
	update_all();
}

bool root_regions_update(void)
{
	bool lost;

	if (is_up_to_date())
		return false;
	unseal_pages(root_cell.map.root, root_cell.table_pages);
	lost = update_all();
	seal_pages(root_cell.map.root, root_cell.table_pages);
	if (lost)
		invalidation_record(BH_INVALIDATE_CHANGE, cpu_this()->linux_cpu, 0, 0, 0);
	return lost;
}
