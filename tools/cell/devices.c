// SPDX-License-Identifier: GPL-2.0-only
/* What a cell has of the board, by the names that the board file gives: see devices.h. */
#include "devices.h"

#include <stdio.h>

#include "model/pci_parts.h"
#include "tools/config/confinement.h"
#include "tools/config/pci.h"
#include "tools/config/show_cell.h"
#include "tools/output.h"

/* Root has what no cell has: that is no list of its own. */
static bool has_list(const struct cell_detail *detail)
{
	return detail->config.blob && detail->cell->id != 0;
}

/* Null where the board's configuration could not be read. */
static const struct bh_device *find_device(const struct cell_detail *detail, uint32_t index)
{
	return detail->root.blob ? board_device(&detail->root.board,
						detail->config.view.devices[index].address) : NULL;
}

static void irq_format(const struct cell_detail *detail, uint32_t gsi, char text[SHOW_IRQ_TEXT])
{
	if (detail->root.blob)
		show_irq(&detail->root.board, gsi, text);
	else
		snprintf(text, SHOW_IRQ_TEXT, "%u", gsi);
}

static void print_list(const struct cell_detail *detail)
{
	static const struct output_column columns[] = {
		{ "DEVICE", 0 }, { "ADDRESS", 0 }, { "ID", 0 }, { "PIN", 0 },
		{ "MSI-X", SCOLS_FL_RIGHT }, CONFINEMENT_COLUMNS,
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	uint32_t i;

	for (i = 0; i < detail->config.cell->device_count; i++) {
		const struct bh_device *device = find_device(detail, i);
		struct libscols_line *line = table_line(table);
		char text[SHOW_IRQ_TEXT];

		pci_address_format(detail->config.view.devices[i].address, text);
		line_set(line, 1, "%s", text);
		if (!device)
			continue;
		line_set(line, 0, "%s", device->name);
		line_set(line, 2, "%04x:%04x", device->vendor_id, device->device_id);
		if (device->pin != BH_NO_PIN) {
			irq_format(detail, device->pin, text);
			line_set(line, 3, "%s", text);
		}
		if (device->msix_entries)
			line_set(line, 4, "%u", device->msix_entries);
		confinement_set(line, 5, &detail->root.board, device->address);
	}
	putchar('\n');
	table_print(table);
}

void devices_print(const struct cell_detail *detail)
{
	char text[SHOW_IRQ_TEXT];
	uint32_t i;

	if (!has_list(detail))
		return;
	if (detail->config.cell->device_count)
		print_list(detail);
	if (detail->config.cell->irq_count)
		printf("\ninterrupts:");
	for (i = 0; i < detail->config.cell->irq_count; i++) {
		irq_format(detail, detail->config.view.irqs[i].gsi, text);
		printf(" %s", text);
	}
	if (detail->config.cell->irq_count)
		putchar('\n');
}

struct json_object *devices_json(const struct cell_detail *detail)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; has_list(detail) && i < detail->config.cell->device_count; i++) {
		const struct bh_device *device = find_device(detail, i);
		struct json_object *record = json_record_new();
		char text[PCI_ADDRESS_TEXT];

		pci_address_format(detail->config.view.devices[i].address, text);
		json_set_text(record, "address", text);
		if (device) {
			json_set_text(record, "name", device->name);
			snprintf(text, sizeof(text), "%04x:%04x", device->vendor_id,
				 device->device_id);
			json_set_text(record, "id", text);
			confinement_json(record, &detail->root.board, device->address);
		}
		json_append(list, record);
	}
	return list;
}

struct json_object *irqs_json(const struct cell_detail *detail)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; has_list(detail) && i < detail->config.cell->irq_count; i++) {
		struct json_object *record = json_record_new();
		char text[SHOW_IRQ_TEXT];

		irq_format(detail, detail->config.view.irqs[i].gsi, text);
		json_set_number(record, "gsi", detail->config.view.irqs[i].gsi);
		json_set_text(record, "pin", text);
		json_append(list, record);
	}
	return list;
}
