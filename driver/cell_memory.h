/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of cells that do not run, to and from user memory. */
#ifndef DRIVER_CELL_MEMORY_H
#define DRIVER_CELL_MEMORY_H

#include <bulkhead/ioctl.h>

/*
 * Both take enable_mutex slice by slice, so they are called without it. A load that is refused or
 * interrupted may have copied a part.
 */
int cell_load(const struct bh_ioctl_cell_load *load, struct bh_refusal *refusal);
int cell_read_memory(const struct bh_ioctl_cell_memory *memory, struct bh_refusal *refusal);

#endif
