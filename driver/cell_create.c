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
#include "cell_unlisted.h"
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
	    !cell_admit(hypervisor_config(), &cell->view, others, cells_views(others), refusal) ||
	    !cell_unlisted_check(&cell->view, refusal))
		return -EINVAL;
	return 0;
}

/* Devices first: a CPU goes offline the faster the fewer interrupts it has. */
static int take(struct cell *cell, struct bh_refusal *refusal)
{
	int error;

	error = cell_devices_take(&cell->devices, &cell->view, refusal);
	if (error)
		return error;
	error = cell_cpus_take(&cell->cpus, cell->view.cell, refusal);
	if (error)
		cell_devices_return(&cell->devices, refusal);
	return error;
}

/*
 * From the hypervisor's consent on there is a cell, whatever else goes wrong; and without it if it
 * says so, as one of the CPUs did not come back.
 */
static int create(struct cell *cell, size_t size, struct bh_refusal *refusal)
{
	int result;

	result = check(cell, cell->blob, size, refusal) ?: take(cell, refusal);
	if (result)
		return result;
	result = request_create(cell->blob, size, &cell->id, refusal);
	if (cell->id) {
		cells_add(cell);
	} else {
		cell_cpus_return(&cell->cpus, refusal);
		cell_devices_return(&cell->devices, refusal);
	}
	return result;
}

/*
 * A device may turn out not to survive its reset: then there is no cell after all. False, with
 * words, if it cannot be destroyed either: it stays, to be looked at.
 */
static bool undo(uint32_t id, struct bh_refusal *refusal)
{
	struct bh_refusal reason = {};
	struct cell *cell;

	if (!cell_destroy(id, true, 0, &reason))
		return true;
	cell = cells_find(id);
	if (cell)
		return refuse_also(refusal, "cell %s stays until it can be destroyed: %s",
				   cell->view.cell->name, reason.text);
	refuse_also(refusal, "%s", reason.text);
	return true;
}

int cell_create(void *blob, size_t size, uint32_t *id, struct bh_refusal *refusal)
{
	struct cell *cell = kzalloc(sizeof(*cell), GFP_KERNEL);
	int result = -ENOMEM;

	if (cell) {
		cell->blob = blob;
		result = create(cell, size, refusal);
	}
	if (!cell || !cell->id) {
		kvfree(blob);
		kfree(cell);
		return result;
	}
	if (result >= 0)
		result = manage_repeat(BH_CELL_CONTINUE, cell->id, refusal);
	if (result < 0 && undo(cell->id, refusal))
		return result;
	*id = cell->id;
	cell_files_add(cell);
	events_states_changed();
	if (result >= 0)
		pr_info("cell %s created\n", cell->view.cell->name);
	return result;
}

int cell_start(uint32_t id, struct bh_refusal *refusal)
{
	struct bh_cell_info info;
	int error;

	error = cell_look(id, &info, refusal) ?:
		manage_repeat(BH_CELL_START, id, refusal);
	if (!error)
		events_states_changed();
	return error;
}
