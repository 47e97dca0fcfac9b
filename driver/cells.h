/* SPDX-License-Identifier: GPL-2.0-only */
/* Cells as Linux knows them: their life by ioctl. */
#ifndef DRIVER_CELLS_H
#define DRIVER_CELLS_H

#include <bulkhead/ioctl.h>

/* Each is called with enable_mutex held; 0, or a negative error and a refusal. */
int cell_create(struct bh_ioctl_cell_create *argument, struct bh_refusal *refusal);
int cell_start(const struct bh_ioctl_cell_start *argument, struct bh_refusal *refusal);
int cell_shutdown(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal);
int cell_destroy(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal);

/* True if there is none; else a refusal that names them. */
bool cells_none(struct bh_refusal *refusal);

/* Destroys all, running ones too. */
int cells_destroy_all(struct bh_refusal *refusal);

#endif
