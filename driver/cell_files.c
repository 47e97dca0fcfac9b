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

/* Kinds by the names that the tool uses too. One file for all: each costs as much as a check. */
static const char *const fault_names[] = {
	[BH_FAULT_MEMORY] = "memory",
	[BH_FAULT_MISCONFIG] = "misconfig",
	[BH_FAULT_PORT] = "port",
	[BH_FAULT_MSR] = "msr",
	[BH_FAULT_INSTRUCTION] = "instruction",
	[BH_FAULT_CONTROL] = "control",
	[BH_FAULT_INTERRUPT] = "interrupt",
	[BH_FAULT_APIC] = "apic",
	[BH_FAULT_TRIPLE] = "triple",
	[BH_FAULT_DELIVERY] = "delivery",
	[BH_FAULT_HYPERCALL] = "hypercall",
	[BH_FAULT_EXIT] = "exit",
	[BH_FAULT_PCI] = "pci",
	[BH_FAULT_PIN] = "pin",
	[BH_FAULT_DMA] = "dma",
	[BH_FAULT_CHECK] = "machine_check",
};

static ssize_t show_faults(const struct bh_cell_info *info, const struct cell_file *file,
			   char *text)
{
	ssize_t length = 0;
	size_t kind;

	BUILD_BUG_ON(ARRAY_SIZE(fault_names) != BH_FAULT_KINDS);
	for (kind = BH_FAULT_MEMORY; kind < BH_FAULT_KINDS; kind++)
		length += sysfs_emit_at(text, length, "%s %llu\n", fault_names[kind],
					info->faults_counted[kind]);
	return length;
}
static struct cell_file file_faults = {
	.attribute = { .attr = { .name = "faults", .mode = 0444 }, .show = show },
	.show = show_faults,
};

static struct attribute *cell_attrs[] = {
	&file_name.attribute.attr,
	&file_state.attribute.attr,
	&file_cpus.attribute.attr,
	&file_starts.attribute.attr,
	&file_exit_code.attribute.attr,
	&file_heartbeats.attribute.attr,
	&file_message.attribute.attr,
	&file_pages.attribute.attr,
	&file_faults.attribute.attr,
	NULL
};
ATTRIBUTE_GROUPS(cell);

int cell_files_open(struct device *device)
{
	folder = kobject_create_and_add("cells", &device->kobj);
	return folder ? 0 : -ENOMEM;
}

void cell_files_close(void)
{
	kobject_put(folder);
}

/* Links to what Linux has of its devices. */
static bool add_devices(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < cell->devices.count; i++) {
		struct pci_dev *pci = cell->devices.list[i].pci;

		if (sysfs_create_link(cell->files, &pci->dev.kobj, pci_name(pci)))
			return false;
	}
	return true;
}

/* Without them the cell is as good. */
void cell_files_add(struct cell *cell)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", cell->id);
	cell->files = kobject_create_and_add(name, folder);
	if (!cell->files || sysfs_create_groups(cell->files, cell_groups) ||
	    !add_devices(cell))
		pr_warn("cell %u has no files in sysfs: no memory\n", cell->id);
}

void cell_files_remove(struct cell *cell)
{
	kobject_put(cell->files);
}
