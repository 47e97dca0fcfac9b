/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Turns Linux's lists of memory and ports into regions and ranges for root. Where two things lie in
 * one page, the first of these has it: what is kept from Linux, what the hypervisor may serve, RAM,
 * firmware's memory, devices.
 */
#include "create_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/range.h"
#include "tools/output.h"
#include "tools/verb.h"

#define LARGE_PAGE    (2ULL << 20)
#define FOUR_GIB      (4ULL << 30)
#define LEAST_MEMORY  (4ULL << 20)
#define USUAL_MEMORY  (8ULL << 20)
#define CPU_MEMORY    (64ULL << 10)

#define READ_WRITE    (BH_ACCESS_READ | BH_ACCESS_WRITE)

static bool is_ram(const struct resource *resource)
{
	return strcmp(resource->name, "System RAM") == 0;
}

static bool is_bus(const struct resource *resource)
{
	return strncmp(resource->name, "PCI Bus", strlen("PCI Bus")) == 0;
}

/* Where RAM ends below an address. */
static uint64_t ram_end(const struct resources *iomem, uint64_t below)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < iomem->count; i++)
		if (is_ram(&iomem->list[i]) && iomem->list[i].range.start < below &&
		    range_end(iomem->list[i].range) > end)
			end = range_end(iomem->list[i].range);
	return end;
}

static struct bh_range largest(const struct resources *reserved)
{
	struct bh_range found = { 0 };
	size_t i;

	for (i = 0; i < reserved->count; i++)
		if (reserved->list[i].range.size > found.size)
			found = reserved->list[i].range;
	return found;
}

static void add_rest(struct resources *cells, uint64_t start, uint64_t end)
{
	start = (start + BH_PAGE_MASK) & ~BH_PAGE_MASK;
	end &= ~BH_PAGE_MASK;
	if (start >= end)
		return;
	cells->list = must(reallocarray(cells->list, cells->count + 1, sizeof(*cells->list)));
	cells->list[cells->count++] = (struct resource){ .range = RANGE(start, end - start) };
}

bool set_aside_choose(struct set_aside *aside, const struct resources *reserved,
		      const struct resources *iomem, unsigned int cpus)
{
	struct bh_range all = largest(reserved);
	uint64_t end = range_end(all) & ~(LARGE_PAGE - 1);
	uint64_t wanted = (USUAL_MEMORY + cpus * CPU_MEMORY + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	uint64_t start = (all.start + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	size_t i;

	memset(aside, 0, sizeof(*aside));
	if (end < start + LEAST_MEMORY) {
		verb_complain("config create", "Linux leaves no memory alone: boot it with the "
			      "kernel parameter memmap=64M$0x%llx",
			      (unsigned long long)((ram_end(iomem, FOUR_GIB) & ~(LARGE_PAGE - 1)) -
						   2 * (64ULL << 20)));
		return false;
	}
	if (wanted > end - start)
		wanted = end - start;
	aside->hypervisor = RANGE(start, wanted);
	for (i = 0; i < reserved->count; i++) {
		struct bh_range range = reserved->list[i].range;

		add_rest(&aside->cells, range.start == all.start ? start + wanted : range.start,
			 range_end(range));
	}
	return true;
}

/* To whole pages, outwards. */
static struct bh_range whole_pages(struct bh_range range)
{
	uint64_t start = range.start & ~BH_PAGE_MASK;
	uint64_t last = range_last(range) | BH_PAGE_MASK;

	return RANGE(start, last - start + 1);
}

/* Firmware's tables and code lie in RAM; what it reserves behind that are devices. */
static bool is_firmware(const struct resources *iomem, const struct resource *resource)
{
	uint64_t below = resource->range.start < FOUR_GIB ? FOUR_GIB : UINT64_MAX;

	return strncmp(resource->name, "ACPI", 4) == 0 ||
	       (strncmp(resource->name, "Reserved", 8) == 0 &&
		resource->range.start < ram_end(iomem, below));
}

enum pass { PASS_RAM, PASS_FIRMWARE, PASS_DEVICE };

static void own_pass(struct owned_list *owned, const struct resources *iomem, enum pass pass)
{
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		const struct resource *resource = &iomem->list[i];
		enum pass kind = is_ram(resource)                ? PASS_RAM :
				 is_firmware(iomem, resource)    ? PASS_FIRMWARE :
								   PASS_DEVICE;

		if (resource->depth || kind != pass)
			continue;
		owned_add_rest(owned, resource->name, (struct owned){
			.range = whole_pages(resource->range),
			.kind = pass == PASS_DEVICE ? "device" : "ram",
			.access = pass == PASS_DEVICE ? READ_WRITE : READ_WRITE | BH_ACCESS_EXECUTE,
		});
	}
}

/* Pieces of their own, whatever they lie in, since root loses each as a whole. */
static void own_served(struct owned_list *owned, const struct resources *iomem)
{
	unsigned int ioapics = 0, mmconfigs = 0;
	uint64_t first, last;
	char owner[32];
	size_t i;

	for (i = 0; i < iomem->count; i++) {
		const struct resource *resource = &iomem->list[i];
		bool is_ioapic = resource_is_ioapic(resource);

		if (is_ioapic)
			snprintf(owner, sizeof(owner), "ioapic%u", ioapics++);
		else if (resource_is_mmconfig(resource, &first, &last))
			snprintf(owner, sizeof(owner), "mmconfig%u", mmconfigs++);
		else
			continue;
		owned_add_rest(owned, owner, (struct owned){
			.range = whole_pages(resource->range),
			.name = is_ioapic ? "ioapics" : "pci.mmconfig",
		});
	}
}

struct owned_list root_memory(const struct resources *iomem, const struct resources *reserved)
{
	struct owned_list owned = { 0 };
	size_t i;

	for (i = 0; i < reserved->count; i++)
		owned_add_rest(&owned, "kept from Linux",
			       (struct owned){ .range = whole_pages(reserved->list[i].range) });
	owned_add_rest(&owned, "local APIC",
		       (struct owned){ .range = RANGE(BH_APIC_BASE, BH_APIC_RANGE) });
	own_served(&owned, iomem);
	own_pass(&owned, iomem, PASS_RAM);
	owned_add_rest(&owned, "VGA", (struct owned){ .range = RANGE(0xa0000, 0x20000),
						     .kind = "device", .access = READ_WRITE });
	owned_add_rest(&owned, "ROMs", (struct owned){ .range = RANGE(0xc0000, 0x40000),
						      .kind = "ram", .access = BH_ACCESS_READ });
	own_pass(&owned, iomem, PASS_FIRMWARE);
	own_pass(&owned, iomem, PASS_DEVICE);
	owned_sort(&owned);
	return owned;
}

/* Ports that Linux uses without asking itself for them. */
static const struct {
	struct bh_range range;
	const char *name;
} silent_ports[] = {
	{ { 0x61, 1 }, "NMI status and speaker" },
	{ { 0x64, 1 }, "keyboard commands" },
	{ { 0x70, 2 }, "clock and CMOS memory; NMI mask" },
	{ { 0x80, 1 }, "what Linux writes to for a short delay" },
	{ { 0x92, 1 }, "system control: A20 gate, fast reset" },
	{ { 0xb2, 2 }, "SMI command: switches ACPI on and off" },
	{ { 0x4d0, 2 }, "interrupt controllers: edge or level" },
	{ { 0xcf8, 8 }, "PCI configuration; 0xcf9 is the reset control" },
};

struct owned_list root_ports(const struct resources *ioports)
{
	struct owned_list owned = { 0 };
	size_t i;

	/* A bus is only the room in which devices have their ports. */
	for (i = 0; i < ioports->count; i++)
		if (!is_bus(&ioports->list[i]))
			owned_add_rest(&owned, ioports->list[i].name,
				       (struct owned){ .range = ioports->list[i].range });
	for (i = 0; i < BH_ARRAY_SIZE(silent_ports); i++)
		owned_add_rest(&owned, silent_ports[i].name,
			       (struct owned){ .range = silent_ports[i].range });
	owned_sort(&owned);
	return owned;
}
