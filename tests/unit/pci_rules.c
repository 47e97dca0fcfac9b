/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold of devices, written down a second time: address by address, pair by pair. See
 * pci_rules.h.
 */
#include "pci_rules.h"

#include <stdio.h>
#include <string.h>

typedef unsigned __int128 wide;

enum { BAR = 16, MSIX = 32, LENT = 4 };

/* A bit of a device's memory, as root lends it and a cell has it. */
struct part {
	uint64_t at;
	uint64_t size;
	uint32_t flags;
	char name[BH_NAME_SIZE];
};

static void part_set(struct part *part, const struct bh_device *device, int bar, const char *what,
		     uint64_t first, uint64_t end, uint32_t flags)
{
	memset(part, 0, sizeof(*part));
	part->at = first;
	part->size = end - first;
	part->flags = flags;
	snprintf(part->name, sizeof(part->name), "%.20s.bar%d%s", device->name, bar, what);
}

/* Page by page, each told whether the table is in it; neighbours of a kind are one part. */
static unsigned int parts_of(const struct bh_device *device, struct part *parts)
{
	unsigned int count = 0;
	int bar;

	for (bar = 0; bar < 6; bar++) {
		const struct bh_bar *at = &device->bars[bar];
		uint64_t end = at->at + at->size, table = 0, table_end = 0;

		if (at->kind != 1)
			continue;
		if (device->msix_entries && device->msix_bar == (uint32_t)bar) {
			table = (at->at + device->msix_offset) / 4096 * 4096;
			table_end = (at->at + device->msix_offset + 16ULL * device->msix_entries +
				     4095) / 4096 * 4096;
		}
		if (table_end == 0) {
			part_set(&parts[count++], device, bar, "", at->at, end, BAR);
			continue;
		}
		table = table < at->at ? at->at : table;
		table_end = table_end > end ? end : table_end;
		if (at->at < table)
			part_set(&parts[count++], device, bar, "", at->at, table, BAR);
		part_set(&parts[count++], device, bar, ".table", table, table_end, BAR | MSIX);
		if (table_end < end)
			part_set(&parts[count++], device, bar, ".rest", table_end, end, BAR);
	}
	return count;
}

static bool has_part(const struct bh_region *regions, uint32_t count, const struct part *part,
		     uint32_t flags)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (regions[i].phys == part->at && regions[i].at == part->at &&
		    regions[i].size == part->size && regions[i].access == 3 &&
		    regions[i].kind == 1 && regions[i].flags == (part->flags | flags) &&
		    strcmp(regions[i].name, part->name) == 0)
			return true;
	return false;
}

static bool has_ports(const struct bh_ports *ports, uint32_t count, const struct bh_bar *bar)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (ports[i].first == bar->at && ports[i].last == bar->at + bar->size - 1 &&
		    ports[i].flags == 1)
			return true;
	return false;
}

/* All that a device has is there; counts what was looked for. */
static const char *broken_parts(const struct bh_device *device, const struct bh_region *regions,
				const struct bh_ports *ports, const struct bh_cell *cell,
				uint32_t flags, uint32_t *found)
{
	struct part parts[18];
	unsigned int count = parts_of(device, parts);
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!has_part(regions, cell->region_count, &parts[i], flags))
			return "a device's memory where it is";
	for (i = 0; i < 6; i++) {
		if (device->bars[i].kind != 2)
			continue;
		if (!has_ports(ports, cell->port_count, &device->bars[i]))
			return "a device's ports where they are";
		count++;
	}
	*found += count;
	return NULL;
}

static uint32_t claims_of(const struct bh_region *regions, const struct bh_ports *ports,
			  const struct bh_cell *cell)
{
	uint32_t claims = 0;
	uint32_t i;

	for (i = 0; i < cell->region_count; i++)
		claims += (regions[i].flags & (BAR | MSIX)) != 0;
	for (i = 0; i < cell->port_count; i++)
		claims += ports[i].flags == 1;
	return claims;
}

static bool is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.+";

	return name[0] && strspn(name, letters) == strlen(name);
}

static bool is_power(uint64_t number)
{
	return __builtin_popcountll(number) == 1;
}

static const char *broken_bars(const struct config_view *view, const struct bh_device *device)
{
	int i;

	for (i = 0; i < 6; i++) {
		const struct bh_bar *bar = &device->bars[i];

		if (bar->kind > 2 || bar->reserved)
			return "kinds of BARs";
		if (bar->kind == 0) {
			if (bar->at || bar->size)
				return "no place of a BAR that is not there";
			continue;
		}
		if (!is_power(bar->size) || bar->at == 0 || bar->at % bar->size)
			return "BARs at multiples of their size";
		if (bar->kind == 2 && (bar->size < 4 || bar->size > 256 ||
				       bar->at + bar->size > 0x10000))
			return "BARs of 4 to 256 ports";
		if (bar->kind == 1 && (bar->size < 16 || (wide)bar->at + bar->size >
							 (wide)1 << view->board->physical_bits))
			return "BARs of 16 bytes or more";
		if (bar->kind == 1 && (wide)bar->at + bar->size > (wide)1 << 32 &&
		    (i == 5 || device->bars[i + 1].kind))
			return "BARs above 4 GiB are two";
	}
	return NULL;
}

static const char *broken_msix(const struct bh_device *device)
{
	const struct bh_bar *bar;

	if (device->msix_entries == 0)
		return device->msix_bar || device->msix_offset ? "no table, no place" : NULL;
	if (device->msix_bar > 5 || device->msix_entries > 2048)
		return "tables of up to 2048 entries";
	bar = &device->bars[device->msix_bar];
	if (bar->kind != 1 || device->msix_offset % 8 ||
	    (wide)device->msix_offset + 16ULL * device->msix_entries > bar->size)
		return "tables inside a BAR";
	return NULL;
}

static bool has_gsi(const struct config_view *view, uint32_t gsi)
{
	uint32_t i;

	for (i = 0; i < view->board->ioapic_count; i++)
		if (gsi >= view->ioapics[i].first &&
		    gsi < (uint64_t)view->ioapics[i].first + view->ioapics[i].pins)
			return true;
	return false;
}

static const char *broken_device(const struct config_view *view, const struct bh_device *device)
{
	const struct bh_mmconfig *mmconfig = &view->board->mmconfig;
	const char *rule = broken_bars(view, device);
	uint32_t bus = device->address >> 8 & 0xff;

	if (rule)
		return rule;
	if (!is_name(device->name) || strlen(device->name) > 20 ||
	    (device->group[0] && !is_name(device->group)))
		return "names of devices";
	if (device->address >> 16)
		return "domain 0";
	if (mmconfig->at && (bus < mmconfig->first_bus || bus > mmconfig->last_bus))
		return "buses of MMCONFIG";
	if (device->vendor_id == 0 || device->vendor_id == 0xffff)
		return "numbers of makers";
	if (device->pin != UINT32_MAX && !has_gsi(view, device->pin))
		return "pins of IOAPICs";
	if (device->flags > 1)
		return "flags of devices";
	return broken_msix(device);
}

static bool pages_meet(const struct bh_device *a, const struct bh_device *b)
{
	int i, j;

	for (i = 0; i < 6; i++)
		for (j = 0; j < 6; j++)
			if (a->bars[i].kind == 1 && b->bars[j].kind == 1 &&
			    a->bars[i].at / 4096 <=
				    (b->bars[j].at + b->bars[j].size - 1) / 4096 &&
			    b->bars[j].at / 4096 <= (a->bars[i].at + a->bars[i].size - 1) / 4096)
				return true;
	return false;
}

static const char *broken_pair(const struct bh_device *a, const struct bh_device *b)
{
	bool one_group = a->group[0] && strcmp(a->group, b->group) == 0;

	if (strcmp(a->name, b->name) == 0 || a->address == b->address)
		return "names and addresses of devices once";
	return !one_group && pages_meet(a, b) ? "pages of one device" : NULL;
}

const char *pci_broken_places(const struct config_view *view)
{
	const struct bh_mmconfig *mmconfig = &view->board->mmconfig;
	uint32_t i, j;

	if (mmconfig->at == 0 && (mmconfig->first_bus || mmconfig->last_bus))
		return "no buses without MMCONFIG";
	if (mmconfig->at && (mmconfig->at % 0x100000 || mmconfig->last_bus > 255 ||
			     mmconfig->first_bus > mmconfig->last_bus ||
			     !(view->board->flags & 8)))
		return "buses of MMCONFIG";
	if (mmconfig->at && (wide)mmconfig->at + (mmconfig->last_bus + 1) * 0x100000ULL >
				    (wide)1 << view->board->physical_bits)
		return "MMCONFIG within the physical width";
	for (i = 0; i < view->board->ioapic_count; i++) {
		const struct bh_ioapic *ioapic = &view->ioapics[i];

		if (ioapic->at % 4096 || ioapic->pins == 0 || ioapic->pins > 120 ||
		    !is_name(ioapic->name))
			return "IOAPICs of 1 to 120 pins";
		for (j = 0; j < i; j++)
			if (strcmp(ioapic->name, view->ioapics[j].name) == 0 ||
			    ((uint64_t)ioapic->first <
				     (uint64_t)view->ioapics[j].first + view->ioapics[j].pins &&
			     view->ioapics[j].first < (uint64_t)ioapic->first + ioapic->pins))
				return "pins once";
	}
	return NULL;
}

const char *pci_broken_rule(const struct config_view *view)
{
	const char *rule = NULL;
	uint32_t found = 0;
	uint32_t i, j;

	if (view->board->device_count && !(view->board->flags & 8))
		return "devices of PCI";
	for (i = 0; !rule && i < view->board->device_count; i++) {
		rule = broken_device(view, &view->devices[i]);
		for (j = 0; !rule && j < i; j++)
			rule = broken_pair(&view->devices[i], &view->devices[j]);
		if (!rule)
			rule = broken_parts(&view->devices[i], view->regions, view->ports,
					    &view->board->root, LENT, &found);
	}
	if (!rule && claims_of(view->regions, view->ports, &view->board->root) != found)
		return "nothing of devices that are not there";
	return rule;
}

static bool owns(const struct cell_view *cell, uint32_t address)
{
	uint32_t i;

	for (i = 0; i < cell->cell->device_count; i++)
		if (cell->devices[i].address == address)
			return true;
	return false;
}

static unsigned int times(const struct cell_view *cell, uint32_t gsi)
{
	unsigned int count = 0;
	uint32_t i;

	for (i = 0; i < cell->cell->irq_count; i++)
		count += cell->irqs[i].gsi == gsi;
	return count;
}

static const char *broken_owned(const struct config_view *board, const struct cell_view *cell,
				uint32_t address, uint32_t *found)
{
	uint32_t i, j;

	for (i = 0; i < board->board->device_count; i++) {
		const struct bh_device *device = &board->devices[i];

		if (device->address != address)
			continue;
		for (j = 0; j < board->board->device_count && device->group[0]; j++)
			if (strcmp(board->devices[j].group, device->group) == 0 &&
			    !owns(cell, board->devices[j].address))
				return "groups as a whole";
		if (device->pin != UINT32_MAX && times(cell, device->pin) != 1)
			return "the pin of a device";
		return broken_parts(device, cell->regions, cell->ports, cell->cell, 0, found);
	}
	return "devices of the board";
}

static const char *broken_irqs(const struct config_view *board, const struct cell_view *cell,
			       const struct cell_view *const *others, uint32_t count)
{
	uint32_t i, j;

	for (i = 0; i < cell->cell->irq_count; i++) {
		uint32_t gsi = cell->irqs[i].gsi;

		if (cell->irqs[i].reserved || !has_gsi(board, gsi) || times(cell, gsi) != 1)
			return "pins of the board, once";
		for (j = 0; j < count; j++)
			if (times(others[j], gsi))
				return "pins of one cell";
		for (j = 0; j < board->board->device_count; j++)
			if (board->devices[j].pin == gsi && !owns(cell, board->devices[j].address))
				return "lines of one cell";
	}
	return NULL;
}

static bool meets(const struct bh_region *region, uint64_t start, uint64_t size)
{
	return (wide)region->at < (wide)start + size &&
	       (wide)start < (wide)region->at + region->size;
}

static const char *broken_served(const struct config_view *board, const struct cell_view *cell)
{
	const struct bh_mmconfig *mmconfig = &board->board->mmconfig;
	uint32_t i, j;

	for (i = 0; i < cell->cell->region_count; i++) {
		if (cell->cell->device_count && mmconfig->at &&
		    meets(&cell->regions[i], mmconfig->at + mmconfig->first_bus * 0x100000ULL,
			  (mmconfig->last_bus - mmconfig->first_bus + 1) * 0x100000ULL))
			return "MMCONFIG where it is served";
		for (j = 0; cell->cell->irq_count && j < board->board->ioapic_count; j++)
			if (meets(&cell->regions[i], board->ioapics[j].at, 4096))
				return "IOAPICs where they are served";
	}
	return NULL;
}

const char *pci_cell_broken_rule(const struct config_view *board, const struct cell_view *cell,
				 const struct cell_view *const *others, uint32_t count)
{
	static const uint16_t pic[3] = { 0x20, 0xa0, 0x4d0 };
	const char *rule = NULL;
	uint32_t found = 0;
	uint32_t i, j;

	for (i = 0; !rule && i < cell->cell->device_count; i++) {
		uint32_t address = cell->devices[i].address;

		rule = broken_owned(board, cell, address, &found);
		for (j = 0; j < i; j++)
			if (cell->devices[j].address == address)
				return "devices once";
		for (j = 0; j < count; j++)
			if (owns(others[j], address))
				return "devices of one cell";
	}
	if (rule)
		return rule;
	if (claims_of(cell->regions, cell->ports, cell->cell) != found)
		return "nothing of devices that the cell has not";
	/* 16: DMA without a wall is accepted, and only where there is any. */
	if ((cell->cell->device_count != 0) != ((cell->cell->flags & 16) != 0))
		return "DMA that is accepted";
	for (i = 0; i < cell->cell->port_count; i++)
		if (cell->ports[i].first <= 0xcff && cell->ports[i].last >= 0xcf8)
			return "no ports of PCI";
	for (i = 0; i < cell->cell->port_count; i++)
		for (j = 0; j < 3; j++)
			if (cell->ports[i].first <= pic[j] + 1 && cell->ports[i].last >= pic[j])
				return "no ports of the 8259";
	rule = broken_irqs(board, cell, others, count);
	return rule ? rule : broken_served(board, cell);
}
