/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The communication page of a cell, see include/bulkhead/comm.h.
 */
#ifndef CORE_COMM_H
#define CORE_COMM_H

#include "core/cell.h"

/* As the cell finds it when it starts. */
void comm_fill(struct cell *cell);

#endif
