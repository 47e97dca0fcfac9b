/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells as Linux knows them, and their life by ioctl. What a cell is and in which state, the
 * hypervisor tells; here is what Linux gave for it.
 */
#ifndef DRIVER_CELLS_H
#define DRIVER_CELLS_H

#include <linux/kobject.h>
#include <linux/list.h>

#include <bulkhead/manage.h>
#include <bulkhead/refusal.h>

#include "cell_cpus.h"
#include "cell_devices.h"
#include "model/config.h"

/* What Linux keeps for a cell that it created. */
struct cell {
	struct list_head list;
	uint32_t id;
	bool asked; /* somebody waits for its shutdown */
	void *blob;
	struct cell_view view;
	struct cell_cpus cpus;
	struct cell_devices devices;
	struct kobject *files; /* in sysfs; null if there was no memory for them */
};

/* All that follow are called with enable_mutex held. */

/* cells.c */
struct cell *cells_find(uint32_t id);
void cells_add(struct cell *cell);
void cells_remove(struct cell *cell);

/* Configurations of all cells, for the checks of one more; how many. */
uint32_t cells_views(const struct cell_view *views[BH_MAX_CELLS]);

/* What the hypervisor says of the cell with this id, which must be there. */
int cell_look(uint32_t id, struct bh_cell_info *info, struct bh_refusal *refusal);

/* 1 with the first cell whose id is no less, 0 if there is none, or an errno with a refusal. */
int cells_next(uint64_t position, struct bh_cell_info *info, struct bh_refusal *refusal);

/* True if there is no cell but root; else a refusal that names them. */
bool cells_none(struct bh_refusal *refusal);

/* True if force ends each cell that runs; else a refusal that names one that is locked. */
bool cells_can_be_stopped(struct bh_refusal *refusal);

/* The words that tool and files use: "shut down". */
const char *cell_state_name(uint32_t state);

/*
 * cell_create.c, cell_end.c: 0, or a negative errno with a refusal. The blob is theirs in any case:
 * a cell that could not be created to the end may stay until it can be destroyed.
 */
int cell_create(void *blob, size_t size, uint32_t *id, struct bh_refusal *refusal);
int cell_start(uint32_t id, struct bh_refusal *refusal);

/* Both let go of the mutex while they wait for an answer of the cell. */
int cell_shutdown(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal);
int cell_destroy(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal);

/* Destroys all, running ones too: up to the first that refuses, or `go_on` with those behind it. */
int cells_destroy_all(bool go_on, struct bh_refusal *refusal);

#endif
