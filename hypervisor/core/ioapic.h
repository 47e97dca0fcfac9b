/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOAPICs of the board: whose pins are whose, and accesses of cells to their registers. What may be
 * in an entry is model/ioapic_policy.h's.
 */
#ifndef CORE_IOAPIC_H
#define CORE_IOAPIC_H

#include <bulkhead/refusal.h>

#include "core/cell.h"

/*
 * Root has all pins; once, before any cell is there. Refuses IOAPICs that are not as the board file
 * has them, or whose entries lead through an IOMMU that the board does not say Linux remaps by.
 */
bool ioapic_open(struct bh_refusal *refusal);

/* The number of the IOAPIC whose page the cell finds there; false: none, or none for it. */
bool ioapic_find(const struct cell *cell, uint64_t at, uint32_t *number);

/*
 * An access, at an offset of the page. On IOAPIC_DENIED it is a fault at result.gsi; what was to be
 * done otherwise is done.
 */
struct ioapic_result ioapic_read(struct cell *cell, uint32_t number, uint32_t offset,
				 uint32_t width);
struct ioapic_result ioapic_write(struct cell *cell, uint32_t number, uint32_t offset,
				  uint32_t width, uint32_t value);

/* The cell's pins become its own, and root's again; they are masked in between. */
void ioapic_take(struct cell *cell);
void ioapic_return(struct cell *cell);

/* Masks all pins of the cell, for its run is over. */
void ioapic_silence(struct cell *cell);

/* After CPUs have changed hands: refuses if an interrupt of root goes to one that it lost. */
bool ioapic_judge_root(struct bh_refusal *refusal);

#endif
