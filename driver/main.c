// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module and its device file. What the device is asked for is in calls.c.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "calls.h"
#include "cell_devices.h"
#include "cell_files.h"
#include "events.h"
#include "power.h"
#include "speed.h"
#include "sysfs.h"

/* Until now the file's private data is the misc device. */
static int bulkhead_open(struct inode *inode, struct file *file)
{
	const struct miscdevice *device = file->private_data;
	struct caller *caller = kzalloc(sizeof(*caller), GFP_KERNEL);

	if (!caller)
		return -ENOMEM;
	caller->device = device->this_device;
	reader_open(&caller->reader);
	file->private_data = caller;
	return 0;
}

static int bulkhead_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static long bulkhead_ioctl(struct file *file, unsigned int number, unsigned long address)
{
	return calls_run(file->private_data, number, address);
}

static __poll_t bulkhead_poll(struct file *file, struct poll_table_struct *table)
{
	const struct caller *caller = file->private_data;

	poll_wait(file, &events_waiters, table);
	return reader_poll(&caller->reader);
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = bulkhead_open,
	.release = bulkhead_release,
	.unlocked_ioctl = bulkhead_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = bulkhead_poll,
	.llseek = noop_llseek,
};

static struct miscdevice bulkhead_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bulkhead",
	.fops = &operations,
	.mode = 0600,
};

static int open_device(void)
{
	int error;

	error = misc_register(&bulkhead_device);
	if (error)
		return error;
	error = cell_files_open(bulkhead_device.this_device);
	if (error)
		misc_deregister(&bulkhead_device);
	return error;
}

static int __init bulkhead_init(void)
{
	int error;

	error = sysfs_open();
	if (error)
		return error;
	error = power_open();
	if (error)
		goto close_sysfs;
	speed_open();
	error = events_open();
	if (error)
		goto close_power;
	error = cell_devices_open();
	if (error)
		goto close_events;
	error = open_device();
	if (error)
		goto close_devices;
	return 0;

close_devices:
	cell_devices_close();
close_events:
	events_close();
close_power:
	speed_close();
	power_close();
close_sysfs:
	sysfs_close();
	return error;
}

/* The module holds a reference to itself while the hypervisor is enabled: here it is not. */
static void __exit bulkhead_exit(void)
{
	cell_files_close();
	misc_deregister(&bulkhead_device);
	cell_devices_close();
	events_close();
	speed_close();
	power_close();
	sysfs_close();
}

module_init(bulkhead_init);
module_exit(bulkhead_exit);

MODULE_DESCRIPTION("Brings the Bulkhead hypervisor under a running Linux");
MODULE_AUTHOR("The Bulkhead authors");
MODULE_LICENSE("GPL");
MODULE_FIRMWARE("bulkhead.bin");
