// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creates, starts, shuts down and destroys cells: which requests the hypervisor is sent, and which
 * CPUs Linux gives and gets back.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "cells.h"

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <bulkhead/comm.h>

#include "cell_cpus.h"
#include "enable.h"
#include "manage.h"
#include "model/config.h"
#include "model/refuse.h"
#include "read.h"

#define TIMEOUT_MS 5000
#define STEP_MS    10

struct cell {
	struct list_head list;
	uint32_t id;
	char name[BH_NAME_SIZE];
	struct cell_cpus cpus;
};

static LIST_HEAD(cells);

static struct cell *find(uint32_t id, struct bh_refusal *refusal)
{
	struct cell *cell;

	list_for_each_entry(cell, &cells, list)
		if (cell->id == id)
			return cell;
	refuse(refusal, "there is no cell with id %u", id);
	return NULL;
}

static int read_state(uint32_t id, struct bh_cell_info *info, struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	uint32_t size;
	int error;

	if (!page) {
		refuse(refusal, "Linux has no memory left");
		return -ENOMEM;
	}
	error = read_chunk(BH_READ_CELL, id, page, &size, refusal);
	if (!error)
		memcpy(info, page, sizeof(*info));
	free_page((unsigned long)page);
	return error;
}

/* The configuration goes to the hypervisor in pages, as the request names them. */
static int request_create(const void *blob, size_t size, uint32_t *id, struct bh_refusal *refusal)
{
	struct manage manage;
	size_t done;
	int error;

	error = manage_open(&manage, refusal);
	if (error)
		return error;
	for (done = 0; done < size; done += PAGE_SIZE)
		memcpy(manage.pages[done / PAGE_SIZE], blob + done,
		       min_t(size_t, size - done, PAGE_SIZE));
	manage.request->operation = BH_CELL_CREATE;
	manage.request->size = size;
	error = manage_call(&manage, refusal);
	*id = manage.request->cell;
	manage_close(&manage);
	if (error == BH_MANAGE_MORE)
		error = manage_finish(*id, refusal);
	return error;
}

static int create(struct cell *cell, const void *blob, size_t size, struct bh_refusal *refusal)
{
	struct bh_refusal ignored;
	struct cell_view view;
	int error;

	if (!cell_view_open(&view, blob, size, refusal))
		return -EINVAL;
	strscpy(cell->name, view.cell->name, sizeof(cell->name));
	error = cell_cpus_take(&cell->cpus, view.cell, refusal);
	if (error)
		return error;
	error = request_create(blob, size, &cell->id, refusal);
	if (error)
		cell_cpus_return(&cell->cpus, &ignored);
	return error;
}

int cell_create(struct bh_ioctl_cell_create *argument, struct bh_refusal *refusal)
{
	struct cell *cell;
	void *blob;
	int error;

	if (!hypervisor_is_enabled()) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	if (argument->config_size > BH_CONFIG_MAX_SIZE) {
		refuse(refusal, "the configuration has %llu bytes, the most is %u",
		       argument->config_size, BH_CONFIG_MAX_SIZE);
		return -E2BIG;
	}
	blob = vmemdup_user(u64_to_user_ptr(argument->config), argument->config_size);
	if (IS_ERR(blob)) {
		refuse(refusal, "the configuration cannot be read from the caller's memory");
		return PTR_ERR(blob);
	}
	cell = kzalloc(sizeof(*cell), GFP_KERNEL);
	error = cell ? create(cell, blob, argument->config_size, refusal) : -ENOMEM;
	kvfree(blob);
	if (error) {
		kfree(cell);
		return error;
	}
	list_add_tail(&cell->list, &cells);
	argument->cell = cell->id;
	pr_info("cell %s created\n", cell->name);
	return 0;
}

int cell_start(const struct bh_ioctl_cell_start *argument, struct bh_refusal *refusal)
{
	if (!find(argument->cell, refusal))
		return -ENOENT;
	return manage_simple(BH_CELL_START, argument->cell, 0, 0, refusal);
}

/* Is there an answer to the request, or an end? 1 is an end. */
static int look(const struct cell *cell, struct bh_refusal *refusal)
{
	struct bh_cell_info info;
	int error = read_state(cell->id, &info, refusal);

	if (error)
		return error;
	if (info.id != cell->id || info.state != BH_CELL_RUNNING)
		return 1;
	if (info.command == BH_COMM_SHUTDOWN && info.reply == BH_COMM_REFUSED) {
		refuse(refusal, "cell %s refuses to shut down: --force stops it", cell->name);
		return -EBUSY;
	}
	return 0;
}

/* The device is free for others while the cell is waited for; the cell may be gone then. */
static int wait_for_end(uint32_t id, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);
	struct cell *cell;
	int found;

	for (;;) {
		cell = find(id, refusal);
		if (!cell)
			return -ENOENT;
		found = look(cell, refusal);
		if (found)
			return found < 0 ? found : 0;
		if (time_after(jiffies, end)) {
			refuse(refusal, "cell %s did not shut down within %llu.%llu s: --force "
			       "stops it", cell->name, timeout_ms / 1000, timeout_ms / 100 % 10);
			return -ETIMEDOUT;
		}
		mutex_unlock(&enable_mutex);
		msleep_interruptible(STEP_MS);
		mutex_lock(&enable_mutex);
		if (signal_pending(current)) {
			refuse(refusal, "interrupted while the cell was waited for");
			return -EINTR;
		}
	}
}

static int ask(struct cell *cell, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	struct bh_refusal ignored;
	uint32_t id = cell->id;
	int error;

	error = manage_simple(BH_CELL_ASK, id, 0, BH_COMM_SHUTDOWN, refusal);
	if (error)
		return error;
	error = wait_for_end(id, timeout_ms ?: TIMEOUT_MS, refusal);
	/* What was asked in vain is taken back, so that the cell does not follow it later. */
	if (error)
		manage_simple(BH_CELL_ASK, id, 0, BH_COMM_NONE, &ignored);
	return error;
}

int cell_shutdown(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	struct cell *cell = find(id, refusal);

	if (!cell)
		return -ENOENT;
	return force ? manage_simple(BH_CELL_STOP, id, 0, 0, refusal) :
		       ask(cell, timeout_ms, refusal);
}

int cell_destroy(uint32_t id, bool force, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	struct cell *cell = find(id, refusal);
	struct bh_cell_info info;
	int error;

	if (!cell)
		return -ENOENT;
	error = read_state(id, &info, refusal);
	if (!error && info.id == id && info.state == BH_CELL_RUNNING)
		error = cell_shutdown(id, force, timeout_ms, refusal);
	if (error)
		return error;
	/* Somebody else may have destroyed it while it was waited for. */
	cell = find(id, refusal);
	if (!cell)
		return -ENOENT;
	error = manage_simple(BH_CELL_DESTROY, id, 0, 0, refusal);
	if (error == BH_MANAGE_MORE)
		error = manage_finish(id, refusal);
	if (error)
		return error;
	list_del(&cell->list);
	pr_info("cell %s destroyed\n", cell->name);
	if (!cell_cpus_return(&cell->cpus, refusal))
		error = -EIO;
	kfree(cell);
	return error;
}

bool cells_none(struct bh_refusal *refusal)
{
	char names[128] = "";
	struct cell *cell;

	list_for_each_entry(cell, &cells, list) {
		strlcat(names, names[0] ? ", " : "", sizeof(names));
		strlcat(names, cell->name, sizeof(names));
	}
	return list_empty(&cells) ||
	       refuse(refusal, "there are cells (%s): destroy them first, or use --force", names);
}

int cells_destroy_all(struct bh_refusal *refusal)
{
	struct cell *cell, *next;
	int error;

	list_for_each_entry_safe(cell, next, &cells, list) {
		error = cell_destroy(cell->id, true, 0, refusal);
		if (error)
			return error;
	}
	return 0;
}
