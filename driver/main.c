// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module and its device: checks who calls, carries arguments and refusals between user and
 * kernel, and calls those who do the work.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <bulkhead/ioctl.h>

#include "cell_memory.h"
#include "cells.h"
#include "enable.h"
#include "log.h"
#include "model/refuse.h"
#include "power.h"
#include "read.h"
#include "sysfs.h"

static struct miscdevice bulkhead_device;

static int call_enable(void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_enable *enable = argument;
	void *blob;
	int error;

	if (enable->config_size > BH_CONFIG_MAX_SIZE) {
		refuse(refusal, "the configuration has %llu bytes, the most is %u",
		       enable->config_size, BH_CONFIG_MAX_SIZE);
		return -E2BIG;
	}
	blob = vmemdup_user(u64_to_user_ptr(enable->config), enable->config_size);
	if (IS_ERR(blob)) {
		refuse(refusal, "the configuration cannot be read from the caller's memory");
		return PTR_ERR(blob);
	}
	error = hypervisor_enable(blob, enable->config_size, bulkhead_device.this_device, refusal);
	kvfree(blob);
	return error;
}

static int call_disable(void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_disable *disable = argument;

	return hypervisor_disable(disable->force == 1, refusal);
}

static int call_create(void *argument, struct bh_refusal *refusal)
{
	return cell_create(argument, refusal);
}

static int call_load(void *argument, struct bh_refusal *refusal)
{
	return cell_load(argument, refusal);
}

static int call_memory(void *argument, struct bh_refusal *refusal)
{
	return cell_read(argument, refusal);
}

static int call_start(void *argument, struct bh_refusal *refusal)
{
	return cell_start(argument, refusal);
}

static int call_shutdown(void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_shutdown *shutdown = argument;

	return cell_shutdown(shutdown->cell, shutdown->force == 1, shutdown->timeout_ms, refusal);
}

static int call_destroy(void *argument, struct bh_refusal *refusal)
{
	const struct bh_ioctl_cell_destroy *destroy = argument;

	return cell_destroy(destroy->cell, destroy->force == 1, destroy->timeout_ms, refusal);
}

/* Hands a chunk to the caller's buffer. */
static int copy_chunk(uint64_t buffer, const void *page, uint32_t size, struct bh_refusal *refusal)
{
	if (copy_to_user(u64_to_user_ptr(buffer), page, size) == 0)
		return 0;
	refuse(refusal, "the answer cannot be written to the caller's memory");
	return -EFAULT;
}

static int read_to_user(struct bh_ioctl_read *read, void *page, struct bh_refusal *refusal)
{
	int error = read_chunk(read->what, read->position, page, &read->size, refusal);

	return error ?: copy_chunk(read->buffer, page, read->size, refusal);
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

static int call_read(void *argument, struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int error;

	if (!page)
		return -ENOMEM;
	error = read_to_user(argument, page, refusal);
	free_page((unsigned long)page);
	return error;
}

static int call_last(void *argument, struct bh_refusal *refusal)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int error;

	if (!page)
		return -ENOMEM;
	error = last_to_user(argument, page, refusal);
	free_page((unsigned long)page);
	return error;
}

/* The calls by number; where each has its refusal. */
static const struct call {
	unsigned int number;
	const char *name;
	size_t refusal;
	int (*run)(void *argument, struct bh_refusal *refusal);
} calls[] = {
	{ BH_IOCTL_ENABLE, "enable", offsetof(struct bh_ioctl_enable, refusal), call_enable },
	{ BH_IOCTL_DISABLE, "disable", offsetof(struct bh_ioctl_disable, refusal), call_disable },
	{ BH_IOCTL_READ, "read", offsetof(struct bh_ioctl_read, refusal), call_read },
	{ BH_IOCTL_LAST, "last log", offsetof(struct bh_ioctl_last, refusal), call_last },
	{ BH_IOCTL_CELL_CREATE, "cell create",
	  offsetof(struct bh_ioctl_cell_create, refusal), call_create },
	{ BH_IOCTL_CELL_LOAD, "cell load",
	  offsetof(struct bh_ioctl_cell_load, refusal), call_load },
	{ BH_IOCTL_CELL_MEMORY, "cell memory",
	  offsetof(struct bh_ioctl_cell_memory, refusal), call_memory },
	{ BH_IOCTL_CELL_START, "cell start",
	  offsetof(struct bh_ioctl_cell_start, refusal), call_start },
	{ BH_IOCTL_CELL_SHUTDOWN, "cell shutdown",
	  offsetof(struct bh_ioctl_cell_shutdown, refusal), call_shutdown },
	{ BH_IOCTL_CELL_DESTROY, "cell destroy",
	  offsetof(struct bh_ioctl_cell_destroy, refusal), call_destroy },
};

static const struct call *call_find(unsigned int number)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

static int call_run(const struct call *call, void *argument)
{
	struct bh_refusal *refusal = argument + call->refusal;
	int error;

	memset(refusal, 0, sizeof(*refusal));
	if (!capable(CAP_SYS_ADMIN)) {
		refuse(refusal, "only a process with CAP_SYS_ADMIN may ask");
		error = -EPERM;
	} else {
		mutex_lock(&enable_mutex);
		error = call->run(argument, refusal);
		mutex_unlock(&enable_mutex);
	}
	if (error && !refusal->text[0])
		refuse(refusal, "Linux has no memory left");
	if (error)
		pr_err("%s refused: %s\n", call->name, refusal->text);
	return error;
}

static long bulkhead_ioctl(struct file *file, unsigned int number, unsigned long address)
{
	const struct call *call = call_find(number);
	void __user *user = (void __user *)address;
	void *argument;
	long error;

	if (!call)
		return -ENOTTY;
	argument = memdup_user(user, _IOC_SIZE(number));
	if (IS_ERR(argument))
		return PTR_ERR(argument);
	error = call_run(call, argument);
	if (copy_to_user(user, argument, _IOC_SIZE(number)))
		error = -EFAULT;
	kfree(argument);
	return error;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = bulkhead_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice bulkhead_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bulkhead",
	.fops = &operations,
	.mode = 0600,
};

static int __init bulkhead_init(void)
{
	int error;

	error = sysfs_open();
	if (error)
		return error;
	error = power_open();
	if (error)
		goto close_sysfs;
	error = misc_register(&bulkhead_device);
	if (error)
		goto close_power;
	return 0;

close_power:
	power_close();
close_sysfs:
	sysfs_close();
	return error;
}

/* The module holds a reference to itself while the hypervisor is enabled: here it is not. */
static void __exit bulkhead_exit(void)
{
	misc_deregister(&bulkhead_device);
	power_close();
	sysfs_close();
}

module_init(bulkhead_init);
module_exit(bulkhead_exit);

MODULE_DESCRIPTION("Brings the Bulkhead hypervisor under a running Linux");
MODULE_AUTHOR("The Bulkhead authors");
MODULE_LICENSE("GPL");
MODULE_FIRMWARE("bulkhead.bin");
