/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does the board file say as whom the IOMMU sees a device? Firmware does not tell that for VT-d,
 * and Linux' groups are there only while Linux has the unit: so the machine's bridges are asked,
 * and the names of those that are known to speak as others.
 */
#ifndef MODEL_PCI_SOURCE_H
#define MODEL_PCI_SOURCE_H

#include <bulkhead/refusal.h>

#include "model/config.h"
#include "model/pci_path.h"

/*
 * Refuses a device whose requests its unit takes for another function's than the board file says,
 * or for those of one that no cell can have: DMA of a cell would go by root's tables.
 */
bool pci_source_check(const struct config_view *view, const struct bh_device *device,
		      const struct pci_machine *machine, struct bh_refusal *refusal);

#endif
