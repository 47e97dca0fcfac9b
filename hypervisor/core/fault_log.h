/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of what cells tried beyond their walls: the first fault of each kind and place goes into
 * a ring, all are counted. What a fault does to the cell is not decided here.
 */
#ifndef CORE_FAULT_LOG_H
#define CORE_FAULT_LOG_H

#include <bulkhead/fault.h>

#include "core/cell.h"

void fault_log_open(struct bh_fault *ring, uint32_t records);

/*
 * Counts a fault. True if it is the first of its kind and place in that cell: the caller then fills a
 * record and hands it to fault_log_add().
 */
bool fault_log_count(struct cell *cell, enum bh_fault_kind kind, uint64_t place);

/* Puts a record into the ring; sequence, cell and nearest region are filled in here. */
void fault_log_add(struct cell *cell, struct bh_fault *fault);

/* Copies records from sequence number *from on; *from moves up where the ring has gone on. */
size_t fault_log_read(uint64_t *from, struct bh_fault *records, size_t count);

uint64_t fault_log_recorded(void);

#endif
