/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices that cells of a board may have, and who has them. See show_pci.h. */
#include "show_pci.h"

#include <stdio.h>
#include <string.h>

#include "confinement.h"
#include "model/pci_parts.h"
#include "numbers.h"
#include "pci.h"
#include "show_cell.h"
#include "tools/output.h"

static const char *owner_name(const struct config_set *set, const struct bh_device *device)
{
	uint32_t i;

	for (i = 0; i < set->count; i++)
		if (cell_owns_device(&set->cells[i].blob.view, device->address))
			return set->cells[i].blob.view.cell->name;
	return set->board.view.board->root.name;
}

#define BAR_TEXT 64

/* "0xfebc0000 128K" or "0xc000-0xc03f". */
static void bar_format(const struct bh_bar *bar, char text[BAR_TEXT])
{
	char size[SIZE_TEXT];

	size_format(bar->size, size);
	if (bar->kind == BH_BAR_PORTS)
		snprintf(text, BAR_TEXT, "0x%llx-0x%llx", (unsigned long long)bar->at,
			 (unsigned long long)(bar->at + bar->size - 1));
	else
		snprintf(text, BAR_TEXT, "0x%llx %s", (unsigned long long)bar->at, size);
}

static void bars_format(const struct bh_device *device, char text[BH_BARS * BAR_TEXT])
{
	char bar[BAR_TEXT];
	size_t used = 0;
	uint32_t i;

	text[0] = '\0';
	for (i = 0; i < BH_BARS; i++) {
		if (device->bars[i].kind == BH_BAR_NONE)
			continue;
		bar_format(&device->bars[i], bar);
		used += (size_t)snprintf(text + used, BH_BARS * BAR_TEXT - used, "%s%u: %s",
					 used ? ", " : "", i, bar);
	}
}

void show_devices(const struct config_set *set)
{
	static const struct output_column columns[] = {
		{ "DEVICE", 0 }, { "ADDRESS", 0 }, { "ID", 0 }, { "OWNER", 0 }, { "PIN", 0 },
		{ "MSI-X", SCOLS_FL_RIGHT }, { "GROUP", 0 },
		CONFINEMENT_COLUMNS, { "BARS", 0 },
	};
	const struct config_view *board = &set->board.view;
	struct libscols_table *table;
	uint32_t i;

	if (board->board->device_count == 0)
		return;
	table = table_new(columns, BH_ARRAY_SIZE(columns));
	for (i = 0; i < board->board->device_count; i++) {
		const struct bh_device *device = &board->devices[i];
		struct libscols_line *line = table_line(table);
		char address[PCI_ADDRESS_TEXT], pin[SHOW_IRQ_TEXT] = "";
		char bars[BH_BARS * BAR_TEXT];

		pci_address_format(device->address, address);
		if (device->pin != BH_NO_PIN)
			show_irq(board, device->pin, pin);
		bars_format(device, bars);
		line_set(line, 0, "%s", device->name);
		line_set(line, 1, "%s", address);
		line_set(line, 2, "%04x:%04x", device->vendor_id, device->device_id);
		line_set(line, 3, "%s", owner_name(set, device));
		line_set(line, 4, "%s", pin);
		if (device->msix_entries)
			line_set(line, 5, "%u", device->msix_entries);
		line_set(line, 6, "%s", device->group);
		confinement_set(line, 7, board, device->address);
		line_set(line, 10, "%s", bars);
	}
	puts("");
	table_print(table);
}

static struct json_object *bars_json(const struct bh_device *device)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < BH_BARS; i++) {
		const struct bh_bar *bar = &device->bars[i];
		struct json_object *record;

		if (bar->kind == BH_BAR_NONE)
			continue;
		record = json_record_new();
		json_set_number(record, "index", i);
		json_set_text(record, "kind", bar->kind == BH_BAR_PORTS ? "ports" : "memory");
		json_set_address(record, "at", bar->at);
		json_set_number(record, "size", bar->size);
		json_append(list, record);
	}
	return list;
}

struct json_object *show_devices_json(const struct config_set *set)
{
	const struct config_view *board = &set->board.view;
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < board->board->device_count; i++) {
		const struct bh_device *device = &board->devices[i];
		struct json_object *record = json_record_new();
		char text[PCI_ADDRESS_TEXT], id[16];

		pci_address_format(device->address, text);
		snprintf(id, sizeof(id), "%04x:%04x", device->vendor_id, device->device_id);
		json_set_text(record, "name", device->name);
		json_set_text(record, "address", text);
		json_set_text(record, "id", id);
		json_set_text(record, "owner", owner_name(set, device));
		if (device->pin != BH_NO_PIN)
			json_set_number(record, "gsi", device->pin);
		if (device->group[0])
			json_set_text(record, "group", device->group);
		if (device->msix_entries)
			json_set_number(record, "msix_entries", device->msix_entries);
		confinement_json(record, board, device->address);
		json_set(record, "bars", bars_json(device));
		json_append(list, record);
	}
	return list;
}
