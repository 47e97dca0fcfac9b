/* SPDX-License-Identifier: GPL-2.0-only */
/* From names in a cell file to devices and interrupts of its board. See expand.h. */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "model/pci_parts.h"
#include "nearest.h"
#include "numbers.h"
#include "pci.h"
#include "settings.h"

struct expansion {
	struct cell_source *cell;
	const struct config_view *board;
	config_setting_t *setting; /* of what is being expanded */
	struct complaints *complaints;
};

static const struct bh_device *find_device(const struct config_view *board, const char *text)
{
	uint32_t address;
	uint32_t i;

	for (i = 0; i < board->board->device_count; i++)
		if (strcmp(board->devices[i].name, text) == 0)
			return &board->devices[i];
	return pci_address_parse(text, &address) ? board_device(board, address) : NULL;
}

static void complain_device(struct expansion *expansion, const char *text)
{
	struct nearest nearest = nearest_start(text);
	uint32_t i;

	for (i = 0; i < expansion->board->board->device_count; i++)
		nearest_offer(&nearest, expansion->board->devices[i].name);
	if (nearest.best)
		setting_complain(expansion->complaints, expansion->setting,
				 "\"%s\" is no device that the board has for cells; did you mean "
				 "\"%s\"?", text, nearest.best);
	else
		setting_complain(expansion->complaints, expansion->setting,
				 "\"%s\" is no device that the board has for cells: "
				 "board.pci.devices lists them", text);
}

/* A pin that several devices share is there once. */
static void add_irq(struct expansion *expansion, uint32_t gsi)
{
	struct cell_source *cell = expansion->cell;
	uint32_t i;

	for (i = 0; i < cell->cell.irq_count; i++)
		if (cell->irqs[i].gsi == gsi)
			return;
	if (cell->cell.irq_count == BH_MAX_IRQS)
		setting_complain(expansion->complaints, expansion->setting,
				 "makes more than %u interrupts", BH_MAX_IRQS);
	else
		cell->irqs[cell->cell.irq_count++].gsi = gsi;
}

static void add_parts(struct expansion *expansion, const struct bh_device *device)
{
	struct cell_source *cell = expansion->cell;
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	uint32_t region_count = device_regions(device, regions);
	uint32_t port_count = device_ports(device, ports);

	if (cell->cell.region_count + region_count > BH_MAX_REGIONS ||
	    cell->cell.port_count + port_count > BH_MAX_PORTS) {
		setting_complain(expansion->complaints, expansion->setting,
				 "makes more than %u regions, or %u ranges of ports, of the cell",
				 BH_MAX_REGIONS, BH_MAX_PORTS);
		return;
	}
	memcpy(&cell->regions[cell->cell.region_count], regions,
	       region_count * sizeof(regions[0]));
	cell->cell.region_count += region_count;
	memcpy(&cell->ports[cell->cell.port_count], ports, port_count * sizeof(ports[0]));
	cell->cell.port_count += port_count;
	if (device->pin != BH_NO_PIN)
		add_irq(expansion, device->pin);
}

static void expand_device(struct expansion *expansion, const char *text)
{
	struct cell_source *cell = expansion->cell;
	const struct bh_device *device = find_device(expansion->board, text);
	uint32_t i;

	if (!device) {
		complain_device(expansion, text);
		return;
	}
	for (i = 0; i < cell->cell.device_count; i++)
		if (cell->devices[i].address == device->address) {
			setting_complain(expansion->complaints, expansion->setting,
					 "device \"%s\" is there twice", device->name);
			return;
		}
	cell->devices[cell->cell.device_count++].address = device->address;
	add_parts(expansion, device);
}

static const struct bh_ioapic *find_ioapic(const struct config_view *board, const char *name,
					   size_t length)
{
	uint32_t i;

	for (i = 0; i < board->board->ioapic_count; i++)
		if (strlen(board->ioapics[i].name) == length &&
		    memcmp(board->ioapics[i].name, name, length) == 0)
			return &board->ioapics[i];
	return NULL;
}

/* "IOAPIC:PIN" */
static void expand_irq(struct expansion *expansion, const char *text)
{
	size_t length = strcspn(text, ":");
	const struct bh_ioapic *ioapic = find_ioapic(expansion->board, text, length);
	struct cell_source *cell = expansion->cell;
	uint32_t before = cell->cell.irq_count;
	uint64_t pin;

	if (text[length] != ':' || !number_parse(text + length + 1, &pin))
		setting_complain(expansion->complaints, expansion->setting,
				 "\"%s\" is not understood, must be " IRQ_EXAMPLE, text);
	else if (!ioapic)
		setting_complain(expansion->complaints, expansion->setting,
				 "\"%.*s\" is none of board.ioapics", (int)length, text);
	else if (pin >= ioapic->pins)
		setting_complain(expansion->complaints, expansion->setting,
				 "\"%s\": %s has the pins 0 to %u", text, ioapic->name,
				 ioapic->pins - 1);
	else {
		add_irq(expansion, ioapic->first + (uint32_t)pin);
		if (cell->cell.irq_count == before)
			setting_complain(expansion->complaints, expansion->setting,
					 "\"%s\" is there twice", text);
	}
}

/* A cell file names the page as it names any other device. */
static void mark_hpet(struct cell_source *cell, const struct bh_board *board)
{
	uint32_t i;

	for (i = 0; board->hpet && i < cell->cell.region_count; i++)
		if (cell->regions[i].kind == BH_REGION_DEVICE &&
		    cell->regions[i].phys == board->hpet && cell->regions[i].size == BH_PAGE_SIZE)
			cell->regions[i].flags |= BH_REGION_HPET;
}

void expand_cell(struct cell_source *cell, const struct config_view *board, const config_t *source,
		 struct complaints *complaints)
{
	struct expansion expansion = {
		.cell = cell, .board = board, .complaints = complaints,
	};
	config_setting_t *irqs = config_lookup(source, "cell.irqs");
	config_setting_t *devices = config_lookup(source, "cell.pci");
	uint32_t i;

	mark_hpet(cell, board->board);
	for (i = 0; i < cell->irq_names; i++) {
		expansion.setting = config_setting_get_elem(irqs, i);
		if (!setting_is_bad(expansion.setting))
			expand_irq(&expansion, cell->irq_name[i]);
	}
	for (i = 0; i < cell->device_names; i++) {
		expansion.setting = config_setting_get_elem(devices, i);
		if (!setting_is_bad(expansion.setting))
			expand_device(&expansion, cell->device_name[i]);
	}
}
