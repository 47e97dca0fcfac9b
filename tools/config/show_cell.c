/* SPDX-License-Identifier: GPL-2.0-only */
/* What a cell file says, with what it leaves to defaults. See show_cell.h. */
#include "show_cell.h"

#include <stdio.h>

#include "confinement.h"
#include "numbers.h"
#include "model/pci_parts.h"
#include "pci.h"
#include "tools/output.h"

void show_access(uint32_t access, char text[4])
{
	text[0] = access & BH_ACCESS_READ ? 'r' : '-';
	text[1] = access & BH_ACCESS_WRITE ? 'w' : '-';
	text[2] = access & BH_ACCESS_EXECUTE ? 'x' : '-';
	text[3] = '\0';
}

static const char *console_name(const struct bh_console *console)
{
	switch (console->type) {
	case BH_CONSOLE_8250_PORT:
		return "8250-port";
	case BH_CONSOLE_8250_MMIO:
		return "8250-mmio";
	default:
		return "none";
	}
}

void show_console(const struct bh_console *console)
{
	printf("%s", console_name(console));
	if (console->type != BH_CONSOLE_NONE)
		printf(" at 0x%llx", (unsigned long long)console->address);
	if (console->divisor)
		printf(", %u baud", 115200 / console->divisor);
}

struct json_object *show_console_json(const struct bh_console *console)
{
	struct json_object *record = json_record_new();

	json_set_text(record, "type", console_name(console));
	if (console->type != BH_CONSOLE_NONE)
		json_set_address(record, "address", console->address);
	if (console->divisor)
		json_set_number(record, "baud", 115200 / console->divisor);
	return record;
}

struct json_object *show_msrs_json(const struct bh_msrs *msrs, uint32_t count)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct json_object *record = json_record_new();

		json_set_address(record, "first", msrs[i].first);
		json_set_address(record, "last", msrs[i].last);
		json_append(list, record);
	}
	return list;
}

static const char *kind_name(const struct bh_region *region)
{
	static const char *const names[] = {
		[BH_REGION_RAM] = "ram",
		[BH_REGION_DEVICE] = "device",
		[BH_REGION_COMM] = "comm",
	};

	return names[region->kind];
}

static void print_regions(const struct cell_view *cell)
{
	static const struct output_column columns[] = {
		{ "NAME", 0 }, { "AT", SCOLS_FL_RIGHT }, { "PHYSICAL", SCOLS_FL_RIGHT },
		{ "SIZE", SCOLS_FL_RIGHT }, { "KIND", 0 }, { "ACCESS", 0 }, { "SHARED", 0 },
		{ "LOADABLE", 0 }, { "DMA", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];
		struct libscols_line *line = table_line(table);
		char size[SIZE_TEXT], access[4];

		size_format(region->size, size);
		show_access(region->access, access);
		line_set(line, 0, "%s", region->name);
		line_set(line, 1, "0x%llx", (unsigned long long)region->at);
		if (region->kind == BH_REGION_COMM)
			line_set(line, 2, "hypervisor");
		else
			line_set(line, 2, "0x%llx", (unsigned long long)region->phys);
		line_set(line, 3, "%s", size);
		line_set(line, 4, "%s", kind_name(region));
		line_set(line, 5, "%s", access);
		line_set(line, 6, "%s", region->flags & BH_REGION_SHARED ? "yes" : "");
		line_set(line, 7, "%s", region->flags & BH_REGION_LOADABLE ? "yes" : "");
		line_set(line, 8, "%s", region->flags & BH_REGION_DMA ? "yes" : "");
	}
	table_print(table);
}

static const char *device_name(const struct config_view *board, uint32_t address)
{
	const struct bh_device *device = board_device(board, address);

	return device ? device->name : "unknown";
}

static const char *const reach_words[] = {
	[DMA_OWN_MEMORY] = "; their DMA is confined to the cell's memory, and their interrupts to "
			   "the cell",
	[DMA_ANY_INTERRUPT] = "; they are NOT kept from forging interrupts",
	[DMA_ANY_MEMORY] = "; their DMA is NOT confined to the cell's memory",
};

static void print_devices(const struct cell_view *view, const struct config_view *board)
{
	char address[PCI_ADDRESS_TEXT], irq[SHOW_IRQ_TEXT];
	uint32_t i;

	for (i = 0; i < view->cell->device_count; i++) {
		const char *unit = confinement_unit(board, view->devices[i].address);

		pci_address_format(view->devices[i].address, address);
		printf("%s%s (%s) behind %s", i ? ", " : "\nPCI: ",
		       device_name(board, view->devices[i].address), address,
		       unit ? unit : "no IOMMU");
	}
	if (view->cell->device_count)
		printf("%s", reach_words[cell_dma_reach(board, view)]);
	for (i = 0; i < view->cell->irq_count; i++) {
		show_irq(board, view->irqs[i].gsi, irq);
		printf("%s%s", i ? ", " : "\ninterrupts: ", irq);
	}
}

void show_irq(const struct config_view *board, uint32_t gsi, char text[SHOW_IRQ_TEXT])
{
	uint32_t i;

	snprintf(text, SHOW_IRQ_TEXT, "%u", gsi);
	for (i = 0; i < board->board->ioapic_count; i++) {
		const struct bh_ioapic *ioapic = &board->ioapics[i];

		if (gsi - ioapic->first < ioapic->pins)
			snprintf(text, SHOW_IRQ_TEXT, "%s:%u", ioapic->name, gsi - ioapic->first);
	}
}

void show_cell(const struct cell_view *view, const struct config_view *board)
{
	const struct bh_cell *cell = view->cell;
	char cpus[CPUS_TEXT];
	uint32_t i;

	cpus_format(cell->cpus, cpus);
	printf("cell %s: CPUs %s, on a fault: %s%s\n", cell->name, cpus,
	       cell->on_fault == BH_ON_FAULT_STOP ? "stop" : "report",
	       cell->flags & BH_CELL_LOCKED ? ", locked while it runs" : "");
	if (cell->flags & BH_CELL_RESET_VECTOR)
		puts("start: at the reset vector");
	else if (cell->flags & BH_CELL_HAS_ENTRY)
		printf("start: at 0x%llx, or where the ELF file says\n",
		       (unsigned long long)cell->entry);
	else
		puts("start: where the ELF file says");
	printf("console: ");
	if (cell->flags & BH_CELL_LOG_CONSOLE)
		printf("the hypervisor's log");
	else
		show_console(&cell->console);
	for (i = 0; i < cell->port_count; i++)
		printf("%s0x%x-0x%x", i ? ", " : "\nports: ", view->ports[i].first,
		       view->ports[i].last);
	for (i = 0; i < cell->msr_count; i++)
		printf("%s0x%x-0x%x", i ? ", " : "\nMSRs: ", view->msrs[i].first,
		       view->msrs[i].last);
	print_devices(view, board);
	puts("\n");
	print_regions(view);
}

static struct json_object *regions_json(const struct cell_view *cell)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < cell->cell->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];
		struct json_object *record = json_record_new();
		char access[4];

		show_access(region->access, access);
		json_set_text(record, "name", region->name);
		json_set_address(record, "at", region->at);
		if (region->kind != BH_REGION_COMM)
			json_set_address(record, "phys", region->phys);
		json_set_number(record, "size", region->size);
		json_set_text(record, "kind", kind_name(region));
		json_set_text(record, "access", access);
		json_set_truth(record, "shared", region->flags & BH_REGION_SHARED);
		json_set_truth(record, "loadable", region->flags & BH_REGION_LOADABLE);
		json_set_truth(record, "dma", region->flags & BH_REGION_DMA);
		json_append(list, record);
	}
	return list;
}

static struct json_object *ports_json(const struct cell_view *cell)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < cell->cell->port_count; i++) {
		struct json_object *record = json_record_new();

		json_set_address(record, "first", cell->ports[i].first);
		json_set_address(record, "last", cell->ports[i].last);
		json_append(list, record);
	}
	return list;
}

static struct json_object *devices_json(const struct cell_view *cell,
					const struct config_view *board)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < cell->cell->device_count; i++) {
		struct json_object *record = json_record_new();
		char address[PCI_ADDRESS_TEXT];

		pci_address_format(cell->devices[i].address, address);
		json_set_text(record, "name", device_name(board, cell->devices[i].address));
		json_set_text(record, "address", address);
		confinement_json(record, board, cell->devices[i].address);
		json_append(list, record);
	}
	return list;
}

static struct json_object *irqs_json(const struct cell_view *cell, const struct config_view *board)
{
	struct json_object *list = json_list_new();
	uint32_t i;

	for (i = 0; i < cell->cell->irq_count; i++) {
		struct json_object *record = json_record_new();
		char irq[SHOW_IRQ_TEXT];

		show_irq(board, cell->irqs[i].gsi, irq);
		json_set_text(record, "pin", irq);
		json_set_number(record, "gsi", cell->irqs[i].gsi);
		json_append(list, record);
	}
	return list;
}

struct json_object *show_cell_json(const struct cell_view *view, const struct config_view *board)
{
	const struct bh_cell *cell = view->cell;
	struct json_object *record = json_record_new();
	char cpus[CPUS_TEXT];

	cpus_format(cell->cpus, cpus);
	json_set_text(record, "name", cell->name);
	json_set_text(record, "cpus", cpus);
	json_set_text(record, "on_fault", cell->on_fault == BH_ON_FAULT_STOP ? "stop" : "report");
	json_set_truth(record, "locked", cell->flags & BH_CELL_LOCKED);
	json_set_text(record, "start",
		      cell->flags & BH_CELL_RESET_VECTOR ? "reset-vector" : "entry");
	if (cell->flags & BH_CELL_HAS_ENTRY)
		json_set_address(record, "entry", cell->entry);
	if (cell->flags & BH_CELL_LOG_CONSOLE)
		json_set_text(record, "console", "log");
	else
		json_set(record, "console", show_console_json(&cell->console));
	json_set(record, "memory", regions_json(view));
	json_set(record, "ports", ports_json(view));
	json_set(record, "msrs", show_msrs_json(view->msrs, cell->msr_count));
	json_set(record, "pci", devices_json(view, board));
	json_set(record, "irqs", irqs_json(view, board));
	json_set_truth(record, "unprotected_dma", cell_dma_reach(board, view) != DMA_OWN_MEMORY);
	json_set_text(record, "dma_reaches", confinement_name(cell_dma_reach(board, view)));
	return record;
}
