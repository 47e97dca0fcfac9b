/* SPDX-License-Identifier: GPL-2.0-only */
/* What a board file says of PCI, against what Linux knows of it. */
#ifndef DRIVER_BOARD_PCI_H
#define DRIVER_BOARD_PCI_H

#include <bulkhead/refusal.h>

#include "model/config.h"

/*
 * Refuses a board with devices or IOAPICs for cells where Linux drives an IOMMU that the board does
 * not name, be it for interrupts alone: whom those of root reach could not be told then, nor what a
 * cell's device does.
 * And base addresses of another size than they have, which the hypervisor cannot ask for while
 * others may look at them.
 */
bool board_pci_check(const struct config_view *config, struct bh_refusal *refusal);

#endif
