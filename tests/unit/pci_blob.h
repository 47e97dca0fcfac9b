/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small good board with devices, a good cell that has all of them, and another that has an
 * interrupt: to break. For the unit test and the fuzz targets.
 */
#ifndef TESTS_PCI_BLOB_H
#define TESTS_PCI_BLOB_H

#include "config_blob.h"

/* In this order among devices. */
enum {
	PCI_NIC, /* memory and ports, pin 11 */
	PCI_NET, /* two memories, the second with an MSI-X table in its middle, pin 10, a group */
	PCI_AUX, /* the group's other: less than a page of memory, the same pin */
};

struct pci_board {
	struct bh_config_header header;
	struct bh_board board;
	struct bh_range pools[1];
	struct bh_ioapic ioapics[2];
	struct bh_device devices[3];
	struct bh_region regions[8]; /* RAM, something of root's, nic's 1, net's 4, aux's 1 */
	struct bh_ports ports[2];    /* COM1, nic's */
	struct bh_msrs msrs[1];
};

struct pci_cell {
	struct bh_config_header header;
	struct bh_cell cell;
	struct bh_region regions[7]; /* RAM, the rest as above */
	struct bh_ports ports[1];
	struct bh_owned devices[3];
	struct bh_irq irqs[3]; /* of the RTC, 8; 11, 10 */
};

struct pci_other {
	struct bh_config_header header;
	struct bh_cell cell;
	struct bh_region regions[1];
	struct bh_irq irqs[1]; /* 27, at the second IOAPIC */
};

struct pci_set {
	struct pci_board board;
	struct pci_cell cell;
	struct pci_other other;
};

void pci_set_fill(struct pci_set *set);

struct pci_views {
	struct config_view board;
	struct cell_view cell;
	struct cell_view other;
};
void pci_views_make(struct pci_views *views, const struct pci_set *set);

#endif
