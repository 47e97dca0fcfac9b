// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/devices/bulkhead: read-only files for scripts and monitoring, described in
 * Documentation/driver.md. All but `enabled` give ENODEV while the hypervisor is not enabled.
 */
#include "sysfs.h"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/sysfs.h>

#include "enable.h"
#include "read.h"

/* Writes about an item at a position of the file's text, returns how much. */
typedef int (*show_item_t)(const void *item, char *text, int at);

static struct device *root;

static int show_item(uint32_t what, uint64_t position, show_item_t show, char *text, int at)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	struct bh_refusal refusal;
	uint32_t size;
	int result;

	if (!page)
		return -ENOMEM;
	mutex_lock(&enable_mutex);
	result = read_chunk(what, position, page, &size, &refusal);
	mutex_unlock(&enable_mutex);
	if (result == 0)
		result = show(page, text, at);
	free_page((unsigned long)page);
	return result;
}

static ssize_t enabled_show(struct device *device, struct device_attribute *attribute, char *text)
{
	bool enabled;

	mutex_lock(&enable_mutex);
	enabled = hypervisor_is_enabled();
	mutex_unlock(&enable_mutex);
	return sysfs_emit(text, "%d\n", enabled);
}
static DEVICE_ATTR_RO(enabled);

/* One file for one member of struct bh_info. */
#define INFO_FILE(name, format, ...)                                                            \
	static int show_##name(const void *item, char *text, int at)                            \
	{                                                                                       \
		const struct bh_info *info = item;                                              \
												\
		return sysfs_emit_at(text, at, format "\n", __VA_ARGS__);                       \
	}                                                                                       \
	static ssize_t name##_show(struct device *device, struct device_attribute *attribute,   \
				   char *text)                                                  \
	{                                                                                       \
		return show_item(BH_READ_INFO, 0, show_##name, text, 0);                        \
	}                                                                                       \
	static DEVICE_ATTR_RO(name)

INFO_FILE(board, "%.*s", (int)sizeof(info->board), info->board);
INFO_FILE(build, "%.*s", (int)sizeof(info->build), info->build);
INFO_FILE(cpus, "%u", info->cpus);
INFO_FILE(cells, "%u", info->cells);
INFO_FILE(pool_used, "%llu", info->pool_used);
INFO_FILE(pool_total, "%llu", info->pool_total);
INFO_FILE(faults, "%llu", info->faults_recorded);

static int show_cpu(const void *item, char *text, int at)
{
	const struct bh_cpu_info *info = item;

	return sysfs_emit_at(text, at, "%u %llu\n", info->cpu, info->exits);
}

/* A line for each CPU, until the hypervisor knows no further one. */
static ssize_t exits_show(struct device *device, struct device_attribute *attribute, char *text)
{
	unsigned int index;
	int length = 0;
	int result;

	for (index = 0; index < BH_MAX_CPUS; index++) {
		result = show_item(BH_READ_CPU, index, show_cpu, text, length);
		if (result < 0)
			return index == 0 ? result : length;
		length += result;
	}
	return length;
}
static DEVICE_ATTR_RO(exits);

static struct attribute *bulkhead_attrs[] = {
	&dev_attr_enabled.attr,
	&dev_attr_board.attr,
	&dev_attr_build.attr,
	&dev_attr_cpus.attr,
	&dev_attr_cells.attr,
	&dev_attr_pool_used.attr,
	&dev_attr_pool_total.attr,
	&dev_attr_faults.attr,
	&dev_attr_exits.attr,
	NULL
};
ATTRIBUTE_GROUPS(bulkhead);

int sysfs_open(void)
{
	int error;

	root = root_device_register("bulkhead");
	if (IS_ERR(root))
		return PTR_ERR(root);
	error = sysfs_create_groups(&root->kobj, bulkhead_groups);
	if (error)
		root_device_unregister(root);
	return error;
}

void sysfs_close(void)
{
	sysfs_remove_groups(&root->kobj, bulkhead_groups);
	root_device_unregister(root);
}
