/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What cells write to the hypervisor's log.
 */
#ifndef CORE_CELL_CONSOLE_H
#define CORE_CELL_CONSOLE_H

#include "core/cell.h"

/* Each whole line goes into the log's ring as "NAME| text". */
void cell_console_write(struct cell *cell, const char *text, uint32_t count);

/* The cell has stopped: a line that it began is whole now. */
void cell_console_end(struct cell *cell);

#endif
