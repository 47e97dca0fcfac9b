// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creates and starts cells. The configuration is checked here as the hypervisor checks it again, so
 * that no CPU is taken from Linux for a cell that cannot be.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cell_files.h"
#include "cells.h"
#include "enable.h"
#include "events.h"
#include "manage.h"
#include "model/refuse.h"

/* The configuration goes to the hypervisor in pages, as the request names them. */
static int request_create(const void *blob, size_t size, uint32_t *id, struct bh_refusal *refusal)
{
	struct manage manage;
	size_t done;
	int result;

	result = manage_open(&manage, size, refusal);
	if (result)
		return result;
	for (done = 0; done < size; done += PAGE_SIZE)
		memcpy(manage.pages[done / PAGE_SIZE], blob + done,
		       min_t(size_t, size - done, PAGE_SIZE));
	manage.request->operation = BH_CELL_CREATE;
	manage.request->size = size;
	result = manage_call(&manage, refusal);
	*id = manage.request->cell;
	manage_close(&manage);
	return result;
}

static int check(struct cell *cell, const void *blob, size_t size, struct bh_refusal *refusal)
{
	const struct cell_view *others[BH_MAX_CELLS];

	if (!hypervisor_is_enabled()) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	if (!cell_view_open(&cell->view, blob, size, refusal) ||
	    !cell_admit(hypervisor_config(), &cell->view, others, cells_views(others), refusal))
		return -EINVAL;
	return 0;
}

/* From the hypervisor's consent on there is a cell, whatever else goes wrong. */
static int create(struct cell *cell, void *blob, size_t size, struct bh_refusal *refusal)
{
	int result;

	result = check(cell, blob, size, refusal) ?:
		 cell_cpus_take(&cell->cpus, cell->view.cell, refusal);
	if (result)
		return result;
	result = request_create(blob, size, &cell->id, refusal);
	if (result < 0) {
		cell_cpus_return(&cell->cpus, NULL);
		return result;
	}
	cell->blob = blob;
	cells_add(cell);
	return 0;
}

int cell_create(void *blob, size_t size, uint32_t *id, struct bh_refusal *refusal)
{
	struct cell *cell = kzalloc(sizeof(*cell), GFP_KERNEL);
	struct bh_refusal unfinished;
	int error;

	error = cell ? create(cell, blob, size, refusal) : -ENOMEM;
	if (error) {
		kfree(cell);
		return error;
	}
	*id = cell->id;
	if (manage_finish(cell->id, &unfinished) < 0)
		pr_err("cell %s: its memory is not scrubbed yet: %s\n", cell->view.cell->name,
		       unfinished.text);
	cell_files_add(cell);
	events_states_changed();
	pr_info("cell %s created\n", cell->view.cell->name);
	return 0;
}

int cell_start(uint32_t id, struct bh_refusal *refusal)
{
	struct bh_cell_info info;
	int error;

	error = cell_look(id, &info, refusal) ?:
		manage_simple(BH_CELL_START, id, 0, 0, refusal);
	if (!error)
		events_states_changed();
	return error;
}
