/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports above devices of the board redirect what these send, and what is sent to them, so that an
 * IOMMU sees it: see model/pci_acs.h. Root cannot change that while the hypervisor is enabled.
 */
#ifndef CORE_PCI_ACS_H
#define CORE_PCI_ACS_H

#include "core/pci_functions.h"

/* Tells the ports above the device to; refuses one that is beside others in spite of that. */
bool pci_acs_start(const struct bh_device *device, struct bh_refusal *refusal);

/*
 * Before a write to the port is carried out, its slot's lock held. A reset of a port ends what it
 * was told, and with that its bus mastering: nothing of what is below it gets through until
 * somebody writes, and that is here.
 */
void pci_acs_keep(const struct pci_slot *slot);

/* All ports are as they were found. May be called by several CPUs, and when nothing was started. */
void pci_acs_stop(void);

#endif
