// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's calls: checks who calls, carries arguments and refusals between user and kernel, and
 * calls those who do the work.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "calls.h"

#include <linux/capability.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/uaccess.h>

#include <bulkhead/ioctl.h>

#include "cell_memory.h"
#include "cells.h"
#include "enable.h"
#include "log.h"
#include "model/refuse.h"
#include "read.h"

#define TIMEOUT_MS     5000ULL /* where the caller gave none */
#define TIMEOUT_MS_MAX (24 * 3600 * 1000ULL)

/* A number of which only 0 and 1 mean something: others may, one day. */
static int check_flag(const char *name, uint64_t value, struct bh_refusal *refusal)
{
	if (value <= 1)
		return 0;
	refuse(refusal, "`%s' is 0 or 1, not %llu", name, value);
	return -EINVAL;
}

static int check_reserved(uint32_t value, struct bh_refusal *refusal)
{
	if (value == 0)
		return 0;
	refuse(refusal, "`reserved' is 0, not %u", value);
	return -EINVAL;
}

static void *copy_blob(uint64_t config, uint64_t size, struct bh_refusal *refusal)
{
	void *blob;

	if (size > BH_CONFIG_MAX_SIZE) {
		refuse(refusal, "the configuration has %llu bytes, the most is %u", size,
		       BH_CONFIG_MAX_SIZE);
		return ERR_PTR(-E2BIG);
	}
	blob = vmemdup_user(u64_to_user_ptr(config), size);
	/* No memory is told as everywhere: by run(). */
	if (IS_ERR(blob) && PTR_ERR(blob) != -ENOMEM)
		refuse(refusal, "the configuration cannot be read from the caller's memory");
	return blob;
}

static int call_enable(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_enable *enable = argument;
	void *blob = copy_blob(enable->config, enable->config_size, refusal);
	int error;

	if (IS_ERR(blob))
		return PTR_ERR(blob);
	error = hypervisor_enable(blob, enable->config_size, caller->device, refusal);
	if (error)
		kvfree(blob);
	return error;
}

static int call_disable(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_disable *disable = argument;

	return check_flag("force", disable->force, refusal) ?:
	       hypervisor_disable(disable->force ? CELLS_END : CELLS_STAY, refusal);
}

/* Hands a chunk to the caller's buffer. */
static int copy_chunk(uint64_t buffer, const void *page, uint32_t size, struct bh_refusal *refusal)
{
	if (copy_to_user(u64_to_user_ptr(buffer), page, size) == 0)
		return 0;
	refuse(refusal, "the answer cannot be written to the caller's memory");
	return -EFAULT;
}

static int read_to_user(struct reader *reader, struct bh_ioctl_read *read, void *page,
			struct bh_refusal *refusal)
{
	int error;

	reader_begin(reader, read->what, read->position);
	error = read_chunk(read->what, read->position, page, &read->size, refusal) ?:
		copy_chunk(read->buffer, page, read->size, refusal);
	reader_end(reader, read->what, error ? NULL : page);
	return error;
}

static int last_to_user(const struct bh_ioctl_last *last, void *page, struct bh_refusal *refusal)
{
	struct bh_range memory = { .start = last->start, .size = last->size };
	uint32_t size;

	if (hypervisor_is_enabled()) {
		refuse(refusal,
		       "the hypervisor is enabled and hides its memory: ask it for its log");
		return -EBUSY;
	}
	if (memory.start == 0)
		memory = hypervisor_memory();
	if (memory.size == 0) {
		refuse(refusal,
		       "the hypervisor was not enabled since boot: say where its memory is");
		return -ENODEV;
	}
	if (!log_read_last(&memory, last->position, page, &size, refusal))
		return -EIO;
	return copy_chunk(last->buffer, page, size, refusal);
}

static int call_read(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int error;

	if (!page)
		return -ENOMEM;
	error = read_to_user(&caller->reader, argument, page, refusal);
	free_page((unsigned long)page);
	return error;
}

static int call_last(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int error;

	if (!page)
		return -ENOMEM;
	error = last_to_user(argument, page, refusal);
	free_page((unsigned long)page);
	return error;
}

static int call_create(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	struct bh_ioctl_cell_create *create = argument;
	void *blob;
	int error;

	error = check_reserved(create->reserved, refusal);
	if (error)
		return error;
	blob = copy_blob(create->config, create->config_size, refusal);
	if (IS_ERR(blob))
		return PTR_ERR(blob);
	return cell_create(blob, create->config_size, &create->cell, refusal);
}

static int call_load(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_load *load = argument;

	return check_flag("has_entry", load->has_entry, refusal) ?: cell_load(load, refusal);
}

static int call_memory(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_memory *memory = argument;

	return check_reserved(memory->reserved, refusal) ?: cell_read_memory(memory, refusal);
}

static int call_start(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_start *start = argument;

	return check_reserved(start->reserved, refusal) ?: cell_start(start->cell, refusal);
}

static int check_end(uint32_t force, uint64_t timeout_ms, struct bh_refusal *refusal)
{
	if (timeout_ms > TIMEOUT_MS_MAX) {
		refuse(refusal, "a time limit of %llu ms is more than a day", timeout_ms);
		return -EINVAL;
	}
	return check_flag("force", force, refusal);
}

static int call_shutdown(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_shutdown *shutdown = argument;

	return check_end(shutdown->force, shutdown->timeout_ms, refusal) ?:
	       cell_shutdown(shutdown->cell, shutdown->force, shutdown->timeout_ms ?: TIMEOUT_MS,
			     refusal);
}

static int call_destroy(struct caller *caller, void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_destroy *destroy = argument;

	return check_end(destroy->force, destroy->timeout_ms, refusal) ?:
	       cell_destroy(destroy->cell, destroy->force, destroy->timeout_ms ?: TIMEOUT_MS,
			    refusal);
}

/* The calls by number; where each has its refusal. */
static const struct call {
	unsigned int number;
	const char *name;
	size_t refusal;
	int (*run)(struct caller *caller, void *argument, struct bh_refusal *refusal);
	bool in_slices; /* takes enable_mutex itself, for a slice at a time */
	bool is_quiet;  /* goes on until it is refused, in the hands of those who list cells */
} calls[] = {
	{ BH_IOCTL_ENABLE, "enable", offsetof(struct bh_ioctl_enable, refusal), call_enable },
	{ BH_IOCTL_DISABLE, "disable", offsetof(struct bh_ioctl_disable, refusal), call_disable },
	{ BH_IOCTL_READ, "read", offsetof(struct bh_ioctl_read, refusal), call_read,
	  .is_quiet = true },
	{ BH_IOCTL_LAST, "last log", offsetof(struct bh_ioctl_last, refusal), call_last },
	{ BH_IOCTL_CELL_CREATE, "cell create", offsetof(struct bh_ioctl_cell_create, refusal),
	  call_create },
	{ BH_IOCTL_CELL_LOAD, "cell load", offsetof(struct bh_ioctl_cell_load, refusal),
	  call_load, .in_slices = true },
	{ BH_IOCTL_CELL_MEMORY, "cell memory", offsetof(struct bh_ioctl_cell_memory, refusal),
	  call_memory, .in_slices = true },
	{ BH_IOCTL_CELL_START, "cell start", offsetof(struct bh_ioctl_cell_start, refusal),
	  call_start },
	{ BH_IOCTL_CELL_SHUTDOWN, "cell shutdown",
	  offsetof(struct bh_ioctl_cell_shutdown, refusal), call_shutdown },
	{ BH_IOCTL_CELL_DESTROY, "cell destroy", offsetof(struct bh_ioctl_cell_destroy, refusal),
	  call_destroy },
};

static const struct call *find(unsigned int number)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

static int run(const struct call *call, struct caller *caller, void *argument)
{
	struct bh_refusal *refusal = argument + call->refusal;
	int error;

	memset(refusal, 0, sizeof(*refusal));
	if (!capable(CAP_SYS_ADMIN)) {
		refuse(refusal, "only a process with CAP_SYS_ADMIN may ask");
		error = -EPERM;
	} else if (call->in_slices) {
		error = call->run(caller, argument, refusal);
	} else {
		mutex_lock(&enable_mutex);
		error = call->run(caller, argument, refusal);
		mutex_unlock(&enable_mutex);
	}
	/* A result that its maker forgot to look at would be success to the caller. */
	if (error > 0)
		error = -EIO;
	if (error && !refusal->text[0])
		refuse(refusal, "Linux has no memory left");
	if (error && !call->is_quiet)
		pr_err("%s refused: %s\n", call->name, refusal->text);
	return error;
}

long calls_run(struct caller *caller, unsigned int number, unsigned long address)
{
	const struct call *call = find(number);
	void __user *user = (void __user *)address;
	void *argument;
	long error;

	if (!call)
		return -ENOTTY;
	argument = memdup_user(user, _IOC_SIZE(number));
	if (IS_ERR(argument))
		return PTR_ERR(argument);
	error = run(call, caller, argument);
	if (copy_to_user(user, argument, _IOC_SIZE(number)))
		error = -EFAULT;
	kfree(argument);
	return error;
}
