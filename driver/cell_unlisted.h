/* SPDX-License-Identifier: GPL-2.0-only */
/* What a cell has of devices that its board does not list. */
#ifndef DRIVER_CELL_UNLISTED_H
#define DRIVER_CELL_UNLISTED_H

#include <bulkhead/refusal.h>

#include "model/config.h"

/*
 * Refuses memory or ports that are a PCI function's, where the cell has not the function itself:
 * its DMA would be root's, or nobody's to confine, and nobody would have been asked.
 */
bool cell_unlisted_check(const struct cell_view *cell, struct bh_refusal *refusal);

#endif
