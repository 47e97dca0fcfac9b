// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies in slices of sixteen pages: user memory, pages of the driver, the hypervisor, the cell.
 * Linux never maps a cell's memory.
 */
#include "cell_memory.h"

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "enable.h"
#include "manage.h"
#include "model/refuse.h"

#define SLICE (BH_REQUEST_PAGES * PAGE_SIZE)

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

static int copy_slice(struct manage *manage, uint64_t data, struct bh_refusal *refusal)
{
	struct bh_request *request = manage->request;
	bool to_user = request->operation == BH_CELL_MEMORY;
	int error;

	if (!to_user && !copy_user(manage, data, request->size, false))
		goto fault;
	error = manage_call(manage, refusal);
	if (error)
		return error;
	if (!to_user || copy_user(manage, data, request->size, true))
		return 0;
fault:
	refuse(refusal, "the data is not in the caller's memory");
	return -EFAULT;
}

static int copy(struct manage *manage, uint64_t at, uint64_t data, uint64_t size,
		struct bh_refusal *refusal)
{
	uint64_t done;
	int error;

	for (done = 0; done < size; done += SLICE) {
		manage->request->at = at + done;
		manage->request->size = min_t(uint64_t, size - done, SLICE);
		error = copy_slice(manage, data + done, refusal);
		if (error)
			return error;
		if (fatal_signal_pending(current)) {
			refuse(refusal, "interrupted");
			return -EINTR;
		}
		cond_resched();
	}
	return 0;
}

static int run(enum bh_operation operation, uint32_t cell, uint64_t at, uint64_t data,
	       uint64_t size, struct bh_refusal *refusal)
{
	struct manage manage;
	int error;

	if (!hypervisor_is_enabled()) {
		refuse(refusal, "the hypervisor is not enabled");
		return -ENODEV;
	}
	if (at + size < at) {
		refuse(refusal, "0x%llx and size 0x%llx run past the last 64-bit address", at,
		       size);
		return -EINVAL;
	}
	error = manage_open(&manage, refusal);
	if (error)
		return error;
	manage.request->operation = operation;
	manage.request->cell = cell;
	error = copy(&manage, at, data, size, refusal);
	manage_close(&manage);
	return error;
}

int cell_load(const struct bh_ioctl_cell_load *argument, struct bh_refusal *refusal)
{
	int error = run(BH_CELL_LOAD, argument->cell, argument->at, argument->data,
			argument->size, refusal);

	if (!error && argument->has_entry)
		error = manage_simple(BH_CELL_ENTRY, argument->cell, argument->entry, 0, refusal);
	return error;
}

int cell_read(const struct bh_ioctl_cell_memory *argument, struct bh_refusal *refusal)
{
	return run(BH_CELL_MEMORY, argument->cell, argument->at, argument->data, argument->size,
		   refusal);
}
