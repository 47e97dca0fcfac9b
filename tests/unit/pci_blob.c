/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The good board and cells with devices, every part written out by hand. See pci_blob.h.
 */
#include "pci_blob.h"

#include <stdio.h>
#include <string.h>

enum { RW = 3, RWX = 7, DMA = 8, BAR = 16, MSIX = 32, LENT = 4 };

static struct bh_region region(const char *name, uint64_t at, uint64_t size, uint32_t access,
			       uint32_t kind, uint32_t flags)
{
	struct bh_region made = { .phys = at, .at = at, .size = size, .access = access,
				  .kind = kind, .flags = flags };

	snprintf(made.name, sizeof(made.name), "%s", name);
	return made;
}

/* What the devices are made of; from regions[0] on. */
static void parts_fill(struct bh_region *regions, uint32_t flags)
{
	regions[0] = region("nic.bar0", 0xfebc0000, 0x20000, RW, 1, BAR | flags);
	regions[1] = region("net.bar0", 0xfeb80000, 0x20000, RW, 1, BAR | flags);
	regions[2] = region("net.bar3", 0xfeba0000, 0x1000, RW, 1, BAR | flags);
	regions[3] = region("net.bar3.table", 0xfeba1000, 0x1000, RW, 1, BAR | MSIX | flags);
	regions[4] = region("net.bar3.rest", 0xfeba2000, 0x2000, RW, 1, BAR | flags);
	regions[5] = region("aux.bar0", 0xfeba4100, 0x100, RW, 1, BAR | flags);
}

static struct bh_device device(const char *name, uint32_t address, uint32_t pin, const char *group)
{
	struct bh_device made = { .address = address, .vendor_id = 0x8086, .device_id = 0x100e,
				  .pin = pin };

	snprintf(made.name, sizeof(made.name), "%s", name);
	snprintf(made.group, sizeof(made.group), "%s", group);
	return made;
}

static void devices_fill(struct bh_device *devices)
{
	devices[PCI_NIC] = device("nic", 0x18, 11, "");
	devices[PCI_NIC].bars[0] = (struct bh_bar){ 0xfebc0000, 0x20000, 1, 0 };
	devices[PCI_NIC].bars[1] = (struct bh_bar){ 0xc040, 0x40, 2, 0 };
	devices[PCI_NET] = device("net", 0x120, 10, "slot");
	devices[PCI_NET].bars[0] = (struct bh_bar){ 0xfeb80000, 0x20000, 1, 0 };
	devices[PCI_NET].bars[3] = (struct bh_bar){ 0xfeba0000, 0x4000, 1, 0 };
	devices[PCI_NET].msix_entries = 5;
	devices[PCI_NET].msix_bar = 3;
	devices[PCI_NET].msix_offset = 0x1010;
	devices[PCI_AUX] = device("aux", 0x121, 10, "slot");
	devices[PCI_AUX].bars[0] = (struct bh_bar){ 0xfeba4100, 0x100, 1, 0 };
}

static void board_fill(struct pci_board *blob)
{
	struct bh_board *board = &blob->board;

	memcpy(blob->header.magic, "BULKHEAD", 8);
	blob->header.version = BH_CONFIG_VERSION;
	blob->header.size = sizeof(*blob);
	snprintf(board->name, sizeof(board->name), "pci");
	board->hypervisor = (struct bh_range){ 0x38000000, 0x800000 };
	board->physical_bits = 40;
	board->flags = BH_BOARD_PCI;
	board->mmconfig = (struct bh_mmconfig){ 0xb0000000, 0, 255 };
	board->pool_count = BH_ARRAY_SIZE(blob->pools);
	board->ioapic_count = BH_ARRAY_SIZE(blob->ioapics);
	board->device_count = BH_ARRAY_SIZE(blob->devices);
	snprintf(board->root.name, sizeof(board->root.name), "root");
	board->root.cpus[0] = 0xf;
	board->root.region_count = BH_ARRAY_SIZE(blob->regions);
	board->root.port_count = BH_ARRAY_SIZE(blob->ports);
	board->root.msr_count = BH_ARRAY_SIZE(blob->msrs);
	blob->pools[0] = (struct bh_range){ 0x38800000, 0x800000 };
	blob->ioapics[0] = (struct bh_ioapic){ "ioapic", 0xfec00000, 0, 24 };
	blob->ioapics[1] = (struct bh_ioapic){ "second", 0xfec01000, 24, 8 };
	devices_fill(blob->devices);
	blob->regions[0] = region("main", 0, 0x38000000, RWX, 0, 0);
	blob->regions[1] = region("pci", 0xc0000000, 0x3eb80000, RW, 1, 0);
	parts_fill(&blob->regions[2], LENT);
	blob->ports[0] = (struct bh_ports){ 0x3f8, 0x3ff, 0 };
	blob->ports[1] = (struct bh_ports){ 0xc040, 0xc07f, 1 };
	blob->msrs[0] = (struct bh_msrs){ 0x1a4, 0x1a4 };
	blob_seal(&blob->header);
}

static void head_fill(struct bh_config_header *header, struct bh_cell *cell, size_t size,
		      const char *name)
{
	memcpy(header->magic, "BULKCELL", 8);
	header->version = BH_CONFIG_VERSION;
	header->size = (uint32_t)size;
	snprintf(cell->name, sizeof(cell->name), "%s", name);
	cell->on_fault = BH_ON_FAULT_STOP;
}

void pci_set_fill(struct pci_set *set)
{
	struct pci_cell *cell = &set->cell;
	struct pci_other *other = &set->other;

	memset(set, 0, sizeof(*set));
	board_fill(&set->board);
	head_fill(&cell->header, &cell->cell, sizeof(*cell), "rt0");
	cell->cell.cpus[0] = 2;
	cell->cell.flags = BH_CELL_UNPROTECTED_DMA;
	cell->cell.region_count = BH_ARRAY_SIZE(cell->regions);
	cell->cell.port_count = BH_ARRAY_SIZE(cell->ports);
	cell->cell.device_count = BH_ARRAY_SIZE(cell->devices);
	cell->cell.irq_count = BH_ARRAY_SIZE(cell->irqs);
	cell->regions[0] = region("ram", 0x38800000, 0x200000, RWX, 0, DMA);
	parts_fill(&cell->regions[1], 0);
	cell->ports[0] = set->board.ports[1];
	cell->devices[0].address = 0x18;
	cell->devices[1].address = 0x120;
	cell->devices[2].address = 0x121;
	cell->irqs[0].gsi = 8;
	cell->irqs[1].gsi = 11;
	cell->irqs[2].gsi = 10;
	blob_seal(&cell->header);

	head_fill(&other->header, &other->cell, sizeof(*other), "net");
	other->cell.cpus[0] = 4;
	other->cell.region_count = 1;
	other->cell.irq_count = 1;
	other->regions[0] = region("ram", 0x38a00000, 0x200000, RWX, 0, DMA);
	other->irqs[0].gsi = 27;
	blob_seal(&other->header);
}

void pci_views_make(struct pci_views *views, const struct pci_set *set)
{
	const struct pci_board *board = &set->board;
	const struct pci_cell *cell = &set->cell;
	const struct pci_other *other = &set->other;

	views->board = (struct config_view){
		&board->header, &board->board, board->pools, board->ioapics, board->devices,
		board->regions, board->ports, board->msrs,
	};
	views->cell = (struct cell_view){
		&cell->header, &cell->cell, cell->regions, cell->ports,
		(const struct bh_msrs *)cell->devices, cell->devices, cell->irqs,
	};
	views->other = (struct cell_view){
		.header = &other->header, .cell = &other->cell, .regions = other->regions,
		.irqs = other->irqs,
	};
}
