/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell's devices and interrupts: that the board has them to give, that nobody else has them, that
 * what belongs together stays together, and that regions and ports of the cell are those of its
 * devices.
 */
#include "model/config_checks.h"
#include "model/iommus.h"
#include "model/pci.h"
#include "model/pci_parts.h"
#include "model/pci_path.h"

static struct config_place device_at(const struct config_checker *checker, uint32_t index)
{
	return config_cell_at(checker, CONFIG_DEVICE, index, NULL);
}

static struct config_place irq_at(const struct config_checker *checker, uint32_t index)
{
	return config_cell_at(checker, CONFIG_IRQ, index, NULL);
}

static void check_others(struct config_checker *checker, uint32_t index)
{
	uint32_t address = checker->cell->devices[index].address;
	uint32_t i, j;

	for (i = 0; i < checker->other_count; i++) {
		const struct cell_view *other = checker->others[i];

		for (j = 0; j < other->cell->device_count; j++)
			if (other->devices[j].address == address)
				config_clash(checker, device_at(checker, index),
					     config_other_at(other, CONFIG_DEVICE, j, NULL),
					     "is the same device as", "; one cell can have it");
	}
}

static bool is_grouped(const struct bh_device *one, const struct bh_device *other)
{
	return one->group[0] != '\0' && config_names_equal(one->group, other->group);
}

/* An IOMMU, or a reset, takes all of a group or none. */
static void check_group(struct config_checker *checker, uint32_t index,
			const struct bh_device *device)
{
	const struct config_view *board = checker->view;
	struct iommus iommus;
	uint32_t i;

	iommus_view(board, &iommus);
	for (i = 0; i < board->board->device_count; i++) {
		const struct bh_device *other = &board->devices[i];

		if (cell_owns_device(checker->cell, other->address))
			continue;
		if (is_grouped(device, other))
			config_clash(checker, device_at(checker, index),
				     config_at(CONFIG_DEVICE, i, "group"),
				     "is of one group with",
				     "; one cell has all of a group, so add that one");
		else if (iommu_same_source(&iommus, device->address, other->address))
			config_clash(checker, device_at(checker, index),
				     config_at(CONFIG_DEVICE, i, "address"),
				     "cannot be told from",
				     "by their IOMMU; one cell has both, so add that one");
	}
}

/* Functions that the device's unit takes for the same, and that no cell can have. */
static void check_aliases(struct config_checker *checker, uint32_t index,
			  const struct bh_device *device)
{
	const struct bh_iommu_scope *scopes;
	struct iommus iommus;
	uint32_t unit, i;

	iommus_view(checker->view, &iommus);
	unit = iommu_of(&iommus, device->address);
	if (unit == iommus.count)
		return;
	scopes = iommu_scopes(&iommus, unit);
	for (i = 0; i < iommus.units[unit].scope_count; i++) {
		uint32_t other = BH_PCI_ADDRESS_OF(iommus.units[unit].segment, scopes[i].source);

		if (scopes[i].kind != BH_IOMMU_ALIAS || board_device(checker->view, other) ||
		    !iommu_same_source(&iommus, device->address, other))
			continue;
		config_clash(checker, device_at(checker, index),
			     config_at(CONFIG_IOMMU, unit, "scopes"), "cannot be told, by",
			     "from " PCI_AT ", which no cell can have: list that among the "
			     "devices, or leave its alias out if nothing is there",
			     PCI_AT_OF(other));
	}
}

/* The parts of a device that the cell lacks. */
static void check_has_parts(struct config_checker *checker, uint32_t index,
			    const struct bh_device *device)
{
	const struct cell_view *cell = checker->cell;
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	uint32_t count = device_regions(device, regions);
	uint32_t i;

	for (i = 0; i < count; i++)
		if (!config_has_region(cell->regions, cell->cell->region_count, &regions[i]))
			config_find(checker, device_at(checker, index),
				    "the cell lacks its region \"%s\"", regions[i].name);
	count = device_ports(device, ports);
	for (i = 0; i < count; i++)
		if (!config_has_ports(cell->ports, cell->cell->port_count, &ports[i]))
			config_find(checker, device_at(checker, index),
				    "the cell lacks its ports 0x%x-0x%x", ports[i].first,
				    ports[i].last);
	if (device->pin != BH_NO_PIN && !cell_owns_gsi(cell, device->pin))
		config_find(checker, device_at(checker, index), "the cell lacks its interrupt %u",
			    device->pin);
}

static void check_device(struct config_checker *checker, uint32_t index)
{
	const struct cell_view *cell = checker->cell;
	uint32_t address = cell->devices[index].address;
	const struct bh_device *device = board_device(checker->view, address);
	uint32_t i;

	for (i = 0; i < index; i++)
		if (cell->devices[i].address == address)
			config_clash(checker, device_at(checker, index), device_at(checker, i),
				     "is the same device as", "; say it once");
	if (!device) {
		config_find(checker, device_at(checker, index),
			    "%04x:%02x:%02x.%u is none of board.pci.devices, which are those that "
			    "cells may have",
			    BH_PCI_DOMAIN(address), BH_PCI_BUS(address), BH_PCI_DEVICE(address),
			    BH_PCI_FUNCTION(address));
		return;
	}
	check_others(checker, index);
	check_group(checker, index, device);
	check_aliases(checker, index, device);
	check_has_parts(checker, index, device);
}

/* By what a device reaches beyond its cell's walls. */
static const char *const needs_word[] = {
	[DMA_ANY_INTERRUPT] =
		"VT-d keeps the cell's devices in its memory, but not from forging interrupts of "
		"any CPU; say unprotected_dma = true if that is accepted",
	[DMA_ANY_MEMORY] =
		"no IOMMU keeps the cell's devices in its memory: they can reach all of the "
		"machine's; say unprotected_dma = true if that is accepted",
};

/* Where the walls do not hold against a device: nobody has that by mistake. */
static void check_dma(struct config_checker *checker)
{
	const struct bh_cell *cell = checker->cell->cell;
	enum dma_reach reach = cell_dma_reach(checker->view, checker->cell);
	bool accepts = cell->flags & BH_CELL_UNPROTECTED_DMA;
	struct config_place place =
		config_cell_at(checker, CONFIG_CELL, 0, "unprotected_dma");

	if (reach != DMA_OWN_MEMORY && !accepts)
		config_find(checker, place, "%s", needs_word[reach]);
	if (cell->device_count == 0 && accepts)
		config_find(checker, place, "the cell has no device: leave it out");
}

static bool has_pin(const struct config_view *board, uint32_t gsi)
{
	uint32_t i;

	for (i = 0; i < board->board->ioapic_count; i++)
		if (range_has(RANGE(board->ioapics[i].first, board->ioapics[i].pins), gsi))
			return true;
	return false;
}

/* A line that several devices pull is one cell's, with all of them. */
static void check_line(struct config_checker *checker, uint32_t index)
{
	const struct config_view *board = checker->view;
	uint32_t gsi = checker->cell->irqs[index].gsi;
	uint32_t i;

	for (i = 0; i < board->board->device_count; i++)
		if (board->devices[i].pin == gsi &&
		    !cell_owns_device(checker->cell, board->devices[i].address))
			config_clash(checker, irq_at(checker, index),
				     config_at(CONFIG_DEVICE, i, "pin"),
				     "is the interrupt of",
				     "as well (%u), which the cell has not: one cell has all "
				     "devices of a line", gsi);
}

static void check_irq(struct config_checker *checker, uint32_t index)
{
	const struct cell_view *cell = checker->cell;
	uint32_t gsi = cell->irqs[index].gsi;
	uint32_t i, j;

	if (!has_pin(checker->view, gsi))
		config_find(checker, irq_at(checker, index),
			    "%u is an interrupt of none of board.ioapics", gsi);
	for (i = 0; i < index; i++)
		if (cell->irqs[i].gsi == gsi)
			config_clash(checker, irq_at(checker, index), irq_at(checker, i),
				     "is the same interrupt as", "; say it once");
	check_line(checker, index);
	for (i = 0; i < checker->other_count; i++)
		for (j = 0; j < checker->others[i]->cell->irq_count; j++)
			if (checker->others[i]->irqs[j].gsi == gsi)
				config_clash(checker, irq_at(checker, index),
					     config_other_at(checker->others[i], CONFIG_IRQ, j,
							     NULL),
					     "is the same interrupt as", "(%u)", gsi);
}

/* Regions and ports that say they are a device's are one's that the cell has. */
static void check_claims(struct config_checker *checker)
{
	const struct cell_view *cell = checker->cell;
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	uint32_t claims = 0;
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++)
		claims += (cell->regions[i].flags & (BH_REGION_BAR | BH_REGION_MSIX)) != 0;
	for (i = 0; i < cell->cell->port_count; i++)
		claims += cell->ports[i].flags != 0;
	for (i = 0; i < cell->cell->device_count; i++) {
		const struct bh_device *device =
			board_device(checker->view, cell->devices[i].address);

		if (device)
			claims -= device_regions(device, regions) + device_ports(device, ports);
	}
	if (claims != 0)
		config_find(checker, config_cell_at(checker, CONFIG_CELL, 0, "pci"),
			    "has regions or ports of devices that the cell has not");
}

static void check_place(struct config_checker *checker, uint32_t index, struct bh_range range,
			struct config_place place)
{
	const struct bh_region *region = &checker->cell->regions[index];
	struct bh_range both = ranges_intersection(RANGE(region->at, region->size), range);

	if (!range_is_empty(both))
		config_clash(checker, config_cell_at(checker, CONFIG_REGION, index, "at"), place,
			     "overlaps", "at 0x%llx of the cell, where it is served",
			     (hex)both.start);
}

/* Where the hypervisor answers for configuration space and IOAPICs, the cell has nothing else. */
static void check_served(struct config_checker *checker)
{
	const struct config_view *board = checker->view;
	const struct bh_cell *cell = checker->cell->cell;
	uint32_t i, j;

	for (i = 0; i < cell->region_count; i++) {
		const struct bh_region *region = &checker->cell->regions[i];

		if (range_wraps(RANGE(region->at, region->size)))
			continue;
		if (cell->device_count != 0)
			check_place(checker, i, pci_mmconfig_range(&board->board->mmconfig),
				    config_at(CONFIG_MMCONFIG, 0, NULL));
		for (j = 0; j < board->board->ioapic_count && cell->irq_count != 0; j++)
			check_place(checker, i, RANGE(board->ioapics[j].at, BH_PAGE_SIZE),
				    config_at(CONFIG_IOAPIC, j, NULL));
	}
}

/* Both 8259, and whether their inputs are edges or levels (ICH9, 13.4): for the whole machine. */
static const struct bh_ports controllers[] = {
	{ .first = 0x20, .last = 0x21 },
	{ .first = 0xa0, .last = 0xa1 },
	{ .first = 0x4d0, .last = 0x4d1 },
};

static bool ports_meet(const struct bh_ports *a, uint32_t first, uint32_t last)
{
	return a->first <= last && a->last >= first;
}

static void check_ports(struct config_checker *checker)
{
	const struct cell_view *cell = checker->cell;
	uint32_t i, j;

	for (i = 0; i < cell->cell->port_count; i++) {
		struct config_place place = config_cell_at(checker, CONFIG_PORTS, i, NULL);

		if (ports_meet(&cell->ports[i], PCI_PORT_ADDRESS, PCI_PORT_LAST))
			config_find(checker, place,
				    "0xcf8-0xcff lead to all of PCI: leave them out; a cell with "
				    "devices finds these there");
		for (j = 0; j < BH_ARRAY_SIZE(controllers); j++)
			if (ports_meet(&cell->ports[i], controllers[j].first, controllers[j].last))
				config_find(checker, place,
					    "0x%x-0x%x are the machine's interrupt controller "
					    "(8259), which stays with root: a cell has pins of "
					    "IOAPICs",
					    controllers[j].first, controllers[j].last);
	}
}

void config_check_cell_pci(struct config_checker *checker)
{
	const struct bh_cell *cell = checker->cell->cell;
	uint32_t i;

	for (i = 0; i < cell->device_count; i++)
		check_device(checker, i);
	for (i = 0; i < cell->irq_count; i++)
		check_irq(checker, i);
	check_dma(checker);
	check_claims(checker);
	check_served(checker);
	check_ports(checker);
}
