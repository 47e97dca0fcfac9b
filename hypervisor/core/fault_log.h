/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of what cells tried beyond their walls: the first fault of each kind and place goes
 * into a ring, all are counted. What a fault does to the cell is not decided here.
 */
#ifndef CORE_FAULT_LOG_H
#define CORE_FAULT_LOG_H

#include <bulkhead/fault.h>

#include "core/cell.h"

/*
 * Which kinds and places were seen: a small open hash table of keys for each cell, so that none can
 * fill another's; 0 is a free slot.
 */
#define FAULT_SEEN_SLOTS 256U

/* Memory faults are one place a page. Kinds start at 1, so no key is 0. */
static inline uint64_t fault_seen_key(enum bh_fault_kind kind, uint64_t place)
{
	if (kind == BH_FAULT_MEMORY)
		place >>= BH_PAGE_SHIFT;
	return place << 8 | (uint64_t)kind;
}

static inline uint64_t fault_seen_slot(uint64_t key)
{
	return (key ^ key >> 8 ^ key >> 16) % FAULT_SEEN_SLOTS;
}

/* Counts a fault that was seen before; false, and not counted, if the first look does not tell. */
static inline bool fault_log_repeats(struct cell *cell, enum bh_fault_kind kind, uint64_t place)
{
	uint64_t key = fault_seen_key(kind, place);

	if (__atomic_load_n(&cell->faults_seen[fault_seen_slot(key)], __ATOMIC_RELAXED) != key)
		return false;
	__atomic_add_fetch(&cell->faults[kind], 1, __ATOMIC_RELAXED);
	return true;
}

void fault_log_open(struct bh_fault *records, uint32_t count);

/*
 * Counts a fault. True if it is the first of its kind and place in that cell: the caller then fills
 * a record and hands it to fault_log_add().
 */
bool fault_log_count(struct cell *cell, enum bh_fault_kind kind, uint64_t place);

/* Puts a record into the ring and tells root; sequence, cell and nearest region are filled in. */
void fault_log_add(struct cell *cell, struct bh_fault *fault);

/* Copies records from sequence number *from on; *from moves up where the ring has gone on. */
size_t fault_log_read(uint64_t *from, struct bh_fault *records, size_t count);

uint64_t fault_log_recorded(void);

/* Gives the cell with that place in the table of cells, root's is 0, room of its own. */
void fault_log_begin(struct cell *cell, size_t place);

#endif
