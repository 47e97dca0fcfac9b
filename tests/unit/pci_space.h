/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A configuration space in memory, for tests: of a network card as there are many, with all
 * capabilities that the policy has rules for.
 */
#ifndef TESTS_PCI_SPACE_H
#define TESTS_PCI_SPACE_H

#include "model/pci.h"

struct pci_space {
	uint8_t bytes[PCI_EXTENDED_SIZE];
	uint32_t size; /* of what can be read */
	struct pci_reader reader;
};

void space_open(struct pci_space *space);
void space_set(struct pci_space *space, uint32_t offset, uint32_t width, uint32_t value);
uint32_t space_get(const struct pci_space *space, uint32_t offset, uint32_t width);

/* Where the card has its capabilities. */
enum {
	NIC_POWER = 0xc8,
	NIC_MSI = 0xd0,
	NIC_EXPRESS = 0xe0,
	NIC_MSIX = 0xa0,
	NIC_MAKERS = 0x80, /* a capability of the maker's */
	NIC_ERRORS = 0x100,
	NIC_SERIAL = 0x140,
};

/* BARs: 0 memory of 128K at 0xfeb80000, 2 ports at 0xc040, 3 memory of 16K at 0x380000000. */
void space_fill_nic(struct pci_space *space);
/* A bridge with a window of memory 0xfea00000-0xfebfffff, and ports 0xc000-0xcfff. */
void space_fill_bridge(struct pci_space *space);

/* The same card in a board. */
extern const struct bh_device space_nic;

#endif
