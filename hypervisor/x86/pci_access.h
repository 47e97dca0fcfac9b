/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration space of the machine as it is: in memory where the board has it there, else by
 * ports. Who may read or write what is not asked here.
 */
#ifndef X86_PCI_ACCESS_H
#define X86_PCI_ACCESS_H

#include <bulkhead/types.h>

/* 1, 2 or 4 bytes inside one word. */
uint32_t pci_access_read(uint32_t function, uint32_t offset, uint32_t width);
void pci_access_write(uint32_t function, uint32_t offset, uint32_t width, uint32_t value);

/* How much of that function's space can be reached: PCI_CONFIG_SIZE or PCI_EXTENDED_SIZE. */
uint32_t pci_access_size(uint32_t function);

#endif
