/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fault log. Which kinds and places were seen is a small open hash table that any CPU reads and
 * fills without a lock, so that a fault that repeats costs little. Where a cell's is full, its
 * further places are counted but not recorded.
 */
#include "core/fault_log.h"

#include "core/assert.h"
#include "core/backend.h"
#include "core/log.h"
#include "core/root_events.h"
#include "core/spinlock.h"
#include "core/string.h"
#include "model/fault_text.h"
#include "model/iommus.h"
#include "model/range.h"

#define SEEN_TRIES 8U
#define LOG_LINES  16U /* of each kind go to the log as text; the rest is in the ring only */

static uint64_t seen[BH_MAX_CELLS][FAULT_SEEN_SLOTS];
static struct spinlock lock;
static struct bh_fault *ring;
static uint32_t ring_records;
static uint64_t recorded;

void fault_log_begin(struct cell *cell, size_t place)
{
	memset(seen[place], 0, sizeof(seen[place]));
	cell->faults_seen = seen[place];
}

void fault_log_open(struct bh_fault *records, uint32_t count)
{
	ring = records;
	ring_records = count;
	fault_log_begin(&root_cell, 0);
}

bool fault_log_count(struct cell *cell, enum bh_fault_kind kind, uint64_t place)
{
	uint64_t key = fault_seen_key(kind, place);
	uint64_t slot = fault_seen_slot(key);
	unsigned int tries;

	__atomic_add_fetch(&cell->faults[kind], 1, __ATOMIC_RELAXED);
	for (tries = 0; tries < SEEN_TRIES; tries++) {
		uint64_t *entry = &cell->faults_seen[(slot + tries) % FAULT_SEEN_SLOTS];
		uint64_t expected = __atomic_load_n(entry, __ATOMIC_RELAXED);

		if (expected == key)
			return false;
		if (expected != 0)
			continue;
		if (__atomic_compare_exchange_n(entry, &expected, key, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
		if (expected == key)
			return false;
	}
	return false;
}

/* The region nearest to a guest-physical place: what the cell may have meant. */
static const struct bh_region *nearest_region(const struct cell *cell, struct bh_fault *fault)
{
	const struct bh_region *nearest = NULL;
	uint32_t i;

	for (i = 0; i < cell->config->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];
		uint64_t distance = range_distance(RANGE(region->at, region->size), fault->place);

		if (nearest && distance >= fault->distance)
			continue;
		nearest = region;
		fault->region = i;
		fault->distance = distance;
	}
	return nearest;
}

static void add_nearest_region(const struct cell *cell, struct bh_fault *fault)
{
	const struct bh_region *region = nearest_region(cell, fault);
	struct pt_mapping reached;

	if (!region)
		return;
	fault->flags |= BH_FAULT_HAS_REGION;
	if (region->kind == BH_REGION_RAM)
		fault->flags |= BH_FAULT_REGION_RAM;
	if (iommu_map_at(region, cell == &root_cell, &reached))
		fault->flags |= BH_FAULT_REGION_DMA;
	fault->region_at = region->at;
	fault->region_size = region->size;
	fault->region_access = region->access;
	memcpy(fault->region_name, region->name, sizeof(fault->region_name));
}

static bool is_at_an_address(const struct bh_fault *fault)
{
	switch (fault->kind) {
	case BH_FAULT_MEMORY:
	case BH_FAULT_MISCONFIG:
		return true;
	case BH_FAULT_DELIVERY:
	case BH_FAULT_DMA:
		return fault->access != 0;
	default:
		return false;
	}
}

void fault_log_add(struct cell *cell, struct bh_fault *fault)
{
	char text[FAULT_TEXT_MAX];
	bool print;

	assert_that(fault->kind > BH_FAULT_NONE && fault->kind < BH_FAULT_KINDS);
	fault->cell = cell->id;
	if (fault->kind != BH_FAULT_DMA)
		fault->backend = backend->kind;
	memcpy(fault->cell_name, cell->config->name, sizeof(fault->cell_name));
	if (is_at_an_address(fault))
		add_nearest_region(cell, fault);

	spin_lock(&lock);
	fault->sequence = recorded + 1;
	ring[recorded % ring_records] = *fault;
	__atomic_store_n(&recorded, recorded + 1, __ATOMIC_RELEASE);
	spin_unlock(&lock);
	root_tell(BH_EVENT_FAULT);

	print = cell->faults[fault->kind] <= LOG_LINES || (fault->flags & BH_FAULT_STOPPED);
	if (!print)
		return;
	fault_text(fault, text, sizeof(text));
	log_print("%s: %s%s\n", cell->config->name, text,
		  cell->faults[fault->kind] == LOG_LINES
			  ? " (more of this kind: in the records only)"
			  : "");
}

uint64_t fault_log_recorded(void)
{
	return __atomic_load_n(&recorded, __ATOMIC_ACQUIRE);
}

size_t fault_log_read(uint64_t *from, struct bh_fault *records, size_t count)
{
	size_t i;

	spin_lock(&lock);
	if (*from == 0)
		*from = 1;
	if (*from > recorded + 1)
		*from = recorded + 1;
	if (recorded + 1 - *from > ring_records)
		*from = recorded + 1 - ring_records;
	if (count > recorded + 1 - *from)
		count = recorded + 1 - *from;
	for (i = 0; i < count; i++)
		records[i] = ring[(*from + i - 1) % ring_records];
	spin_unlock(&lock);
	return count;
}
