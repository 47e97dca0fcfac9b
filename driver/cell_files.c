// SPDX-License-Identifier: GPL-2.0-only
/*
 * One folder a cell, one file a figure, described in Documentation/driver.md. A file asks the
 * hypervisor as it is read, and takes no lock: removing a folder waits for whoever reads in it.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "cell_files.h"

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include <bulkhead/fault.h>

#include "read.h"

struct cell_file {
	struct kobj_attribute attribute;
	ssize_t (*show)(const struct bh_cell_info *info, const struct cell_file *file, char *text);
	uint32_t fault; /* enum bh_fault_kind */
};

static struct kobject *folder;

/* The folder's name is the cell's id. */
static ssize_t show(struct kobject *object, struct kobj_attribute *attribute, char *text)
{
	const struct cell_file *file = container_of(attribute, struct cell_file, attribute);
	struct bh_cell_info *info;
	ssize_t length = -ENODEV;
	uint32_t id;

	if (kstrtou32(kobject_name(object), 10, &id))
		return -ENODEV;
	info = (void *)get_zeroed_page(GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	if (read_item(BH_READ_CELL, id, info) > 0 && info->id == id)
		length = file->show(info, file, text);
	free_page((unsigned long)info);
	return length;
}

#define CELL_FILE(file_name, format, ...)                                                       \
	static ssize_t show_##file_name(const struct bh_cell_info *info,                        \
					const struct cell_file *file, char *text)               \
	{                                                                                       \
		return sysfs_emit(text, format "\n", __VA_ARGS__);                              \
	}                                                                                       \
	static struct cell_file file_##file_name = {                                            \
		.attribute = { .attr = { .name = #file_name, .mode = 0444 }, .show = show },    \
		.show = show_##file_name,                                                       \
	}

CELL_FILE(name, "%.*s", (int)sizeof(info->name), info->name);
CELL_FILE(state, "%s", cell_state_name(info->state));
CELL_FILE(cpus, "%*pbl", BH_MAX_CPUS, info->cpus);
CELL_FILE(starts, "%llu", info->starts);
CELL_FILE(exit_code, "%llu", info->exit_code);
CELL_FILE(heartbeats, "%llu", info->heartbeats);
CELL_FILE(message, "%u", info->message);
CELL_FILE(pages, "%llu", info->pages);

static struct attribute *cell_attrs[] = {
	&file_name.attribute.attr,
	&file_state.attribute.attr,
	&file_cpus.attribute.attr,
	&file_starts.attribute.attr,
	&file_exit_code.attribute.attr,
	&file_heartbeats.attribute.attr,
	&file_message.attribute.attr,
	&file_pages.attribute.attr,
	NULL
};

static ssize_t show_faults(const struct bh_cell_info *info, const struct cell_file *file,
			   char *text)
{
	return sysfs_emit(text, "%llu\n", info->faults_counted[file->fault]);
}

/* The names that the tool uses too. */
#define FAULT_FILE(file_name, kind)                                                             \
	static struct cell_file fault_##file_name = {                                           \
		.attribute = { .attr = { .name = #file_name, .mode = 0444 }, .show = show },    \
		.show = show_faults,                                                            \
		.fault = kind,                                                                  \
	}

FAULT_FILE(memory, BH_FAULT_MEMORY);
FAULT_FILE(misconfig, BH_FAULT_MISCONFIG);
FAULT_FILE(port, BH_FAULT_PORT);
FAULT_FILE(msr, BH_FAULT_MSR);
FAULT_FILE(instruction, BH_FAULT_INSTRUCTION);
FAULT_FILE(control, BH_FAULT_CONTROL);
FAULT_FILE(interrupt, BH_FAULT_INTERRUPT);
FAULT_FILE(apic, BH_FAULT_APIC);
FAULT_FILE(triple, BH_FAULT_TRIPLE);
FAULT_FILE(delivery, BH_FAULT_DELIVERY);
FAULT_FILE(hypercall, BH_FAULT_HYPERCALL);
FAULT_FILE(exit, BH_FAULT_EXIT);

static struct attribute *fault_attrs[] = {
	&fault_memory.attribute.attr,
	&fault_misconfig.attribute.attr,
	&fault_port.attribute.attr,
	&fault_msr.attribute.attr,
	&fault_instruction.attribute.attr,
	&fault_control.attribute.attr,
	&fault_interrupt.attribute.attr,
	&fault_apic.attribute.attr,
	&fault_triple.attribute.attr,
	&fault_delivery.attribute.attr,
	&fault_hypercall.attribute.attr,
	&fault_exit.attribute.attr,
	NULL
};

static const struct attribute_group cell_group = { .attrs = cell_attrs };
static const struct attribute_group fault_group = { .name = "faults", .attrs = fault_attrs };
static const struct attribute_group *groups[] = { &cell_group, &fault_group, NULL };

int cell_files_open(struct device *device)
{
	BUILD_BUG_ON(ARRAY_SIZE(fault_attrs) != BH_FAULT_KINDS);
	folder = kobject_create_and_add("cells", &device->kobj);
	return folder ? 0 : -ENOMEM;
}

void cell_files_close(void)
{
	kobject_put(folder);
}

/* Without them the cell is as good. */
void cell_files_add(struct cell *cell)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", cell->id);
	cell->files = kobject_create_and_add(name, folder);
	if (!cell->files || sysfs_create_groups(cell->files, groups))
		pr_warn("cell %u has no files in sysfs: no memory\n", cell->id);
}

void cell_files_remove(struct cell *cell)
{
	kobject_put(cell->files);
}
