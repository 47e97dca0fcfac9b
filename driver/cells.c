// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of cells that Linux created, and what the hypervisor says of cells. Those that somebody
 * created past the driver are the hypervisor's alone, but count as well.
 */
#include "cells.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "model/refuse.h"
#include "read.h"

static LIST_HEAD(cells);

struct cell *cells_find(uint32_t id)
{
	struct cell *cell;

	list_for_each_entry(cell, &cells, list)
		if (cell->id == id)
			return cell;
	return NULL;
}

void cells_add(struct cell *cell)
{
	list_add_tail(&cell->list, &cells);
}

void cells_remove(struct cell *cell)
{
	list_del(&cell->list);
}

uint32_t cells_views(const struct cell_view *views[BH_MAX_CELLS])
{
	uint32_t count = 0;
	struct cell *cell;

	list_for_each_entry(cell, &cells, list)
		if (count < BH_MAX_CELLS)
			views[count++] = &cell->view;
	return count;
}

int cell_look(uint32_t id, struct bh_cell_info *info, struct bh_refusal *refusal)
{
	int error = read_structure(BH_READ_CELL, id, info, sizeof(*info), refusal);

	if (error == -EINVAL || (!error && info->id != id)) {
		refuse(refusal, "there is no cell with id %u", id);
		return -ENOENT;
	}
	info->name[BH_NAME_SIZE - 1] = 0;
	return error;
}

int cells_next(uint64_t position, struct bh_cell_info *info, struct bh_refusal *refusal)
{
	struct bh_refusal reason;
	int error = read_structure(BH_READ_CELL, position, info, sizeof(*info), &reason);

	/* There is no such position, or nobody is there who could have cells. */
	if (error == -EINVAL || error == -ENODEV)
		return 0;
	if (error) {
		refuse(refusal, "%s", reason.text);
		return error;
	}
	info->name[BH_NAME_SIZE - 1] = 0;
	return 1;
}

bool cells_none(struct bh_refusal *refusal)
{
	struct bh_cell_info info = { .id = 0 };
	char names[128] = "";
	bool more = false;
	int found;

	while ((found = cells_next(info.id + 1ULL, &info, refusal)) > 0) {
		if (strlen(names) + strlen(info.name) + sizeof(", ") > sizeof(names)) {
			more = true;
			break;
		}
		strlcat(names, names[0] ? ", " : "", sizeof(names));
		strlcat(names, info.name, sizeof(names));
	}
	if (!names[0])
		return found == 0;
	return refuse(refusal, "there are cells (%s%s): destroy them first, or use --force", names,
		      more ? " and more" : "");
}

bool cells_can_be_stopped(struct bh_refusal *refusal)
{
	struct bh_cell_info info = { .id = 0 };
	int found;

	while ((found = cells_next(info.id + 1ULL, &info, refusal)) > 0)
		if (info.state == BH_CELL_RUNNING && info.flags & BH_CELL_LOCKED)
			return refuse(refusal,
				      "cell %s is locked: only the cell itself can end its run",
				      info.name);
	return found == 0;
}

const char *cell_state_name(uint32_t state)
{
	static const char *const names[] = {
		[BH_CELL_SCRUBBING] = "being created",
		[BH_CELL_CREATED] = "created",
		[BH_CELL_RUNNING] = "running",
		[BH_CELL_SHUT_DOWN] = "shut down",
		[BH_CELL_FAILED] = "failed",
		[BH_CELL_ENDING] = "being destroyed",
	};

	return state < ARRAY_SIZE(names) && names[state] ? names[state] : "unknown";
}
