// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies in slices of sixteen pages: user memory, pages of the driver, the hypervisor, the cell.
 * Linux never maps a cell's memory. User memory, which may take its time, is touched while nobody
 * is kept waiting.
 */
#include "cell_memory.h"

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "cells.h"
#include "enable.h"
#include "manage.h"
#include "model/range.h"
#include "model/refuse.h"

struct copy {
	enum bh_operation operation;
	uint32_t cell;
	uint64_t at;
	uint64_t data; /* user address */
	uint64_t size;
	uint64_t epoch;
};

/* Between user memory and the driver's pages; false if it is not the caller's. */
static bool copy_user(struct manage *manage, uint64_t data, size_t size, bool to_user)
{
	size_t done, part;

	for (done = 0; done < size; done += part) {
		void __user *user = u64_to_user_ptr(data + done);
		void *page = manage->pages[done / PAGE_SIZE];

		part = min_t(size_t, size - done, PAGE_SIZE);
		if (to_user ? copy_to_user(user, page, part) : copy_from_user(page, user, part))
			return false;
	}
	return true;
}

static int call(struct manage *manage, const struct copy *copy, uint64_t done, size_t size,
		struct bh_refusal *refusal)
{
	int result = -ENODEV;

	manage->request->operation = copy->operation;
	manage->request->cell = copy->cell;
	manage->request->at = copy->at + done;
	manage->request->size = size;
	mutex_lock(&enable_mutex);
	if (hypervisor_epoch() == copy->epoch)
		result = manage_call(manage, refusal);
	else
		refuse(refusal, "the hypervisor was disabled meanwhile");
	mutex_unlock(&enable_mutex);
	return result;
}

static int copy_slice(struct manage *manage, const struct copy *copy, uint64_t done, size_t size,
		      struct bh_refusal *refusal)
{
	bool to_user = copy->operation == BH_CELL_MEMORY;
	int error;

	if (!to_user && !copy_user(manage, copy->data + done, size, false))
		goto fault;
	error = call(manage, copy, done, size, refusal);
	if (error)
		return error;
	if (!to_user || copy_user(manage, copy->data + done, size, true))
		return 0;
fault:
	refuse(refusal, to_user ? "the data cannot be written to the caller's memory" :
				  "the data cannot be read from the caller's memory");
	return -EFAULT;
}

static int copy_slices(struct manage *manage, const struct copy *copy, struct bh_refusal *refusal)
{
	uint64_t done;
	int error = 0;

	for (done = 0; !error && done < copy->size; done += MANAGE_DATA) {
		if (fatal_signal_pending(current)) {
			refuse(refusal, "interrupted after %llu of %llu bytes", done, copy->size);
			return -EINTR;
		}
		error = copy_slice(manage, copy, done,
				   min_t(uint64_t, copy->size - done, MANAGE_DATA), refusal);
		cond_resched();
	}
	return error;
}

static int copy_run(const struct copy *copy, struct bh_refusal *refusal)
{
	struct manage manage;
	int error;

	error = manage_open(&manage, min_t(uint64_t, copy->size, MANAGE_DATA), refusal);
	if (error)
		return error;
	error = copy_slices(&manage, copy, refusal);
	manage_close(&manage);
	return error;
}

static const struct bh_region *find_region(const struct cell_view *view, uint64_t at,
					   uint64_t size)
{
	const struct bh_range wanted = RANGE(at, size);
	uint32_t i;

	for (i = 0; i < view->cell->region_count; i++) {
		const struct bh_region *region = &view->regions[i];

		if (region->kind == BH_REGION_RAM &&
		    ranges_intersection(RANGE(region->at, region->size), wanted).size == size)
			return region;
	}
	return NULL;
}

/* The hypervisor judges slice by slice: what it would refuse later must not begin at all. */
static int check_slices(const struct copy *copy, struct bh_refusal *refusal)
{
	const struct cell *cell = cells_find(copy->cell);
	const struct bh_region *region;

	if (!cell || copy->size <= MANAGE_DATA)
		return 0;
	region = find_region(&cell->view, copy->at, copy->size);
	if (!region)
		refuse(refusal,
		       "cell %s: 0x%llx and size 0x%llx are not in one region of its memory",
		       cell->view.cell->name, copy->at, copy->size);
	else if (copy->operation == BH_CELL_LOAD && !(region->flags & BH_REGION_LOADABLE))
		refuse(refusal, "cell %s: region \"%s\" is not loadable", cell->view.cell->name,
		       region->name);
	else
		return 0;
	return -EINVAL;
}

static int begin(struct copy *copy, struct bh_refusal *refusal)
{
	int error;

	if (copy->at + copy->size < copy->at || copy->data + copy->size < copy->data) {
		refuse(refusal, "0x%llx bytes from 0x%llx on run past the last 64-bit address",
		       copy->size, copy->at + copy->size < copy->at ? copy->at : copy->data);
		return -EINVAL;
	}
	mutex_lock(&enable_mutex);
	copy->epoch = hypervisor_epoch();
	if (copy->epoch) {
		error = check_slices(copy, refusal);
	} else {
		refuse(refusal, "the hypervisor is not enabled");
		error = -ENODEV;
	}
	mutex_unlock(&enable_mutex);
	return error;
}

static int set_entry(const struct bh_ioctl_cell_load *load, uint64_t epoch,
		     struct bh_refusal *refusal)
{
	int error = -ENODEV;

	mutex_lock(&enable_mutex);
	if (hypervisor_epoch() == epoch)
		error = manage_simple(BH_CELL_ENTRY, load->cell, load->entry, 0, refusal);
	else
		refuse(refusal, "the hypervisor was disabled meanwhile");
	mutex_unlock(&enable_mutex);
	return error;
}

int cell_load(const struct bh_ioctl_cell_load *load, struct bh_refusal *refusal)
{
	struct copy copy = {
		.operation = BH_CELL_LOAD, .cell = load->cell, .at = load->at, .data = load->data,
		.size = load->size,
	};
	int error;

	if (load->size == 0 && !load->has_entry) {
		refuse(refusal, "there is nothing to load: neither data nor an entry");
		return -EINVAL;
	}
	error = begin(&copy, refusal) ?: copy_run(&copy, refusal);
	if (!error && load->has_entry)
		error = set_entry(load, copy.epoch, refusal);
	return error;
}

int cell_read_memory(const struct bh_ioctl_cell_memory *memory, struct bh_refusal *refusal)
{
	struct copy copy = {
		.operation = BH_CELL_MEMORY, .cell = memory->cell, .at = memory->at,
		.data = memory->data, .size = memory->size,
	};

	if (memory->size == 0) {
		refuse(refusal, "there is nothing to read: size is 0");
		return -EINVAL;
	}
	return begin(&copy, refusal) ?: copy_run(&copy, refusal);
}
