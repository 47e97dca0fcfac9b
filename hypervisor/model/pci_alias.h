/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that do their DMA as another one of their slot. That is a mistake of theirs which no
 * register tells, so it is known by their names only.
 */
#ifndef MODEL_PCI_ALIAS_H
#define MODEL_PCI_ALIAS_H

#include "model/pci_path.h"

/* As which function of BH_PCI_ADDRESS() that one speaks, where no bridge does for it. */
uint32_t pci_spoken_as(const struct pci_machine *machine, uint32_t function);

#endif
