/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The good board and its good cells. See cell_blob.h.
 */
#include "cell_blob.h"

#include <stdio.h>
#include <string.h>

static void region_set(struct bh_region *region, const char *name, uint64_t phys, uint64_t at,
		       uint64_t size)
{
	snprintf(region->name, sizeof(region->name), "%s", name);
	region->phys = phys;
	region->at = at;
	region->size = size;
	region->access = BH_ACCESS_READ | BH_ACCESS_WRITE;
	region->kind = BH_REGION_DEVICE;
}

static void board_fill(struct blob *board)
{
	blob_fill(board);
	board->regions[1].flags = BH_REGION_LENT;
	region_set(&board->regions[3], "mail", 0x3a000000, 0x3a000000, 0x1000);
	board->regions[3].kind = BH_REGION_RAM;
	board->regions[3].flags = BH_REGION_SHARED;
	blob_seal(&board->header);
}

/* What both cells are alike in. */
static void cell_fill(struct cell_blob *blob, const char *name, uint64_t cpus)
{
	memcpy(blob->header.magic, "BULKCELL", 8);
	blob->header.version = BH_CONFIG_VERSION;
	blob->header.size = sizeof(*blob);
	snprintf(blob->cell.name, sizeof(blob->cell.name), "%s", name);
	blob->cell.cpus[0] = cpus;
	blob->cell.on_fault = BH_ON_FAULT_STOP;
	blob->cell.region_count = BH_ARRAY_SIZE(blob->regions);
	blob->cell.port_count = BH_ARRAY_SIZE(blob->ports);
	blob->cell.msr_count = BH_ARRAY_SIZE(blob->msrs);
	region_set(&blob->regions[CELL_MAIL], "mail", 0x3a000000, 0x400000, 0x1000);
	blob->regions[CELL_MAIL].kind = BH_REGION_RAM;
	blob->regions[CELL_MAIL].flags = BH_REGION_SHARED;
	region_set(&blob->regions[CELL_COMM], "comm", 0, 0x500000, 0x1000);
	blob->regions[CELL_COMM].kind = BH_REGION_COMM;
	blob->msrs[0] = (struct bh_msrs){ .first = 0xc90, .last = 0xc9f };
	blob->msrs[1] = (struct bh_msrs){ .first = 0x1a4, .last = 0x1a4 };
}

static void ram_set(struct cell_blob *blob, uint64_t phys)
{
	struct bh_region *ram = &blob->regions[CELL_RAM];

	region_set(ram, "ram", phys, 0, 0x200000);
	ram->access = BH_ACCESS_READ | BH_ACCESS_WRITE | BH_ACCESS_EXECUTE;
	ram->kind = BH_REGION_RAM;
	ram->flags = BH_REGION_LOADABLE;
}

void cells_fill(struct cells *cells)
{
	struct cell_blob *cell = &cells->cell;
	struct cell_blob *other = &cells->other;

	memset(cells, 0, sizeof(*cells));
	board_fill(&cells->board);
	cell_fill(cell, "rt0", 0x2);
	cell->cell.flags = BH_CELL_LOCKED | BH_CELL_HAS_ENTRY;
	cell->cell.entry = 0x1000;
	cell->cell.console = (struct bh_console){ .type = BH_CONSOLE_8250_PORT, .stride = 1,
						  .address = 0x400, .divisor = 1 };
	ram_set(cell, 0x38800000);
	region_set(&cell->regions[CELL_VGA], "vga", 0xa0000, 0xa00000, 0x20000);
	region_set(&cell->regions[CELL_UART], "uart", 0xfe030010, 0x600010, 0x20);
	cell->ports[0] = (struct bh_ports){ .first = 0x400, .last = 0x407 };
	cell->ports[1] = (struct bh_ports){ .first = 0x500, .last = 0x500 };
	blob_seal(&cell->header);

	cell_fill(other, "net", 0x4);
	ram_set(other, 0x38a00000);
	region_set(&other->regions[CELL_VGA], "nic", 0xfe040000, 0xfe040000, 0x4000);
	region_set(&other->regions[CELL_UART], "uart", 0xfe030000, 0x600000, 0x10);
	other->ports[0] = (struct bh_ports){ .first = 0x410, .last = 0x417 };
	other->ports[1] = (struct bh_ports){ .first = 0x600, .last = 0x6ff };
	blob_seal(&other->header);
}

static struct cell_view view_of(const struct cell_blob *blob)
{
	return (struct cell_view){ &blob->header, &blob->cell, blob->regions, blob->ports,
				   blob->msrs, NULL, NULL };
}

void cells_view_make(struct cells_view *view, const struct cells *cells)
{
	const struct blob *board = &cells->board;

	view->board = (struct config_view){ &board->header, &board->board, board->pools,
					    NULL, NULL, board->regions, board->ports,
					    board->msrs };
	view->cell = view_of(&cells->cell);
	view->other = view_of(&cells->other);
}
