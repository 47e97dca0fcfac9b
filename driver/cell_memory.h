/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of cells that do not run, to and from user memory. */
#ifndef DRIVER_CELL_MEMORY_H
#define DRIVER_CELL_MEMORY_H

#include <bulkhead/ioctl.h>

int cell_load(const struct bh_ioctl_cell_load *argument, struct bh_refusal *refusal);
int cell_read(const struct bh_ioctl_cell_memory *argument, struct bh_refusal *refusal);

#endif
