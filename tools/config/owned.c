/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the owner of each address and port. See owned.h. */
#include "owned.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/iommus.h"
#include "model/pci.h"
#include "model/range.h"
#include "tools/output.h"

#define UART_PORTS 8

static void own(struct owned_list *owned, const char *owner, struct owned part)
{
	part.owner = owner ? must(strdup(owner)) : NULL;
	owned->list = must(reallocarray(owned->list, owned->count + 1, sizeof(part)));
	owned->list[owned->count++] = part;
}

/* The first part of the range that is somebody's already; empty if none is. */
static struct bh_range find_owned(const struct owned_list *owned, struct bh_range range)
{
	struct bh_range first = { 0 };
	size_t i;

	for (i = 0; i < owned->count; i++) {
		struct bh_range both = ranges_intersection(owned->list[i].range, range);

		if (!range_is_empty(both) && (range_is_empty(first) || both.start < first.start))
			first = both;
	}
	return first;
}

void owned_add_rest(struct owned_list *owned, const char *owner, struct owned part)
{
	struct bh_range rest = part.range;

	while (!range_is_empty(rest)) {
		struct bh_range taken = find_owned(owned, rest);
		uint64_t free = range_is_empty(taken) ? rest.size : taken.start - rest.start;

		part.range = RANGE(rest.start, free);
		if (free)
			own(owned, owner, part);
		rest = RANGE(rest.start + free + taken.size, rest.size - free - taken.size);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t first = ((const struct owned *)a)->range.start;
	uint64_t second = ((const struct owned *)b)->range.start;

	return first < second ? -1 : first > second;
}

void owned_sort(struct owned_list *owned)
{
	if (owned->count)
		qsort(owned->list, owned->count, sizeof(*owned->list), compare);
}

/* A region of a cell, root included; one that another shares gets an owner more. */
static void own_region(struct owned_list *owned, const char *owner, const struct bh_region *region)
{
	struct bh_range range = RANGE(region->phys, region->size);
	size_t i;

	for (i = 0; i < owned->count; i++) {
		struct owned *part = &owned->list[i];
		char *both;

		if (part->range.start != range.start || part->range.size != range.size)
			continue;
		if (asprintf(&both, "%s, %s", part->owner, owner) < 0)
			err(1, "owners");
		free(part->owner);
		part->owner = both;
		return;
	}
	own(owned, owner, (struct owned){
		.range = range, .name = region->name, .access = region->access,
		.kind = region->kind == BH_REGION_RAM ? "ram" : "device",
	});
}

static void own_cells(struct owned_list *owned, const struct config_set *set)
{
	const struct config_view *board = &set->board.view;
	uint32_t i, j;

	for (i = 0; i < board->board->root.region_count; i++)
		if (set_root_has(set, &board->regions[i]))
			own_region(owned, board->board->root.name, &board->regions[i]);
	for (i = 0; i < set->count; i++) {
		const struct cell_view *cell = &set->cells[i].blob.view;

		for (j = 0; j < cell->cell->region_count; j++)
			if (cell->regions[j].kind != BH_REGION_COMM)
				own_region(owned, cell->cell->name, &cell->regions[j]);
	}
}

struct owned_list owned_memory(const struct config_set *set)
{
	const struct bh_board *board = set->board.view.board;
	struct owned_list owned = { 0 };
	struct iommus iommus;
	uint32_t i;

	own(&owned, "hypervisor",
	    (struct owned){ .range = board->hypervisor, .name = "memory", .kind = "ram" });
	own(&owned, "hypervisor",
	    (struct owned){ .range = RANGE(BH_APIC_BASE, BH_APIC_RANGE), .name = "local-apic",
			    .kind = "device" });
	if (board->console.type == BH_CONSOLE_8250_MMIO)
		own(&owned, "hypervisor",
		    (struct owned){ .range = RANGE(board->console.address & ~BH_PAGE_MASK,
						   BH_PAGE_SIZE),
				    .name = "console", .kind = "device" });
	if (board->mmconfig.at)
		own(&owned, "hypervisor",
		    (struct owned){ .range = pci_mmconfig_range(&board->mmconfig),
				    .name = "mmconfig", .kind = "device" });
	for (i = 0; i < board->ioapic_count; i++)
		own(&owned, "hypervisor",
		    (struct owned){ .range = RANGE(set->board.view.ioapics[i].at, BH_PAGE_SIZE),
				    .name = set->board.view.ioapics[i].name, .kind = "device" });
	iommus_view(&set->board.view, &iommus);
	for (i = 0; i < iommus.count; i++)
		own(&owned, "hypervisor",
		    (struct owned){ .range = iommu_registers(&iommus.units[i]),
				    .name = iommus.units[i].name, .kind = "device" });
	own_cells(&owned, set);
	for (i = 0; i < board->pool_count; i++)
		owned_add_rest(&owned, "cells",
			       (struct owned){ .range = set->board.view.pools[i],
					       .name = "set-aside", .kind = "ram" });
	owned_add_rest(&owned, NULL,
		       (struct owned){ .range = RANGE(0, 1ULL << board->physical_bits) });
	owned_sort(&owned);
	return owned;
}

/* Root's list is looked at with the set, which may have a cell that borrows a part. */
static void own_ports(struct owned_list *owned, const struct bh_cell *cell,
		      const struct bh_ports *ports, const struct config_set *set)
{
	uint32_t i;

	for (i = 0; i < cell->port_count; i++)
		if (!set || set_root_has_ports(set, &ports[i]))
			own(owned, cell->name,
			    (struct owned){
				.range = RANGE(ports[i].first,
					       ports[i].last - ports[i].first + 1ULL) });
}

struct owned_list owned_ports(const struct config_set *set)
{
	const struct bh_board *board = set->board.view.board;
	struct owned_list owned = { 0 };
	uint32_t i;

	if (board->console.type == BH_CONSOLE_8250_PORT)
		own(&owned, "hypervisor",
		    (struct owned){ .range = RANGE(board->console.address, UART_PORTS),
				    .name = "console" });
	own_ports(&owned, &board->root, set->board.view.ports, set);
	for (i = 0; i < set->count; i++)
		own_ports(&owned, set->cells[i].blob.view.cell, set->cells[i].blob.view.ports,
			  NULL);
	owned_add_rest(&owned, NULL, (struct owned){ .range = RANGE(0, UINT16_MAX + 1ULL) });
	owned_sort(&owned);
	return owned;
}

void owned_free(struct owned_list *owned)
{
	size_t i;

	for (i = 0; i < owned->count; i++)
		free(owned->list[i].owner);
	free(owned->list);
}
