/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device between two owners: bus mastering off, reset, its header as it was, nothing of its
 * messages in force. A reset takes a tenth of a second: it is begun, and looked after until it is
 * over, so that no call holds a CPU meanwhile.
 */
#ifndef CORE_PCI_RESET_H
#define CORE_PCI_RESET_H

#include <bulkhead/refusal.h>

#include "core/pci_functions.h"
#include "model/pci_reset.h"

/* Bus mastering off, so neither DMA nor a message any more; at once. */
void pci_silence(struct pci_slot *slot);

/* How it would be reset now. */
enum pci_reset_way pci_reset_way_of(const struct pci_slot *slot);

/*
 * With nobody about who could use it: its owner does not run. It is quiet at once; the reset begins
 * with the next step, or goes on where one is under way.
 */
void pci_reset_order(struct pci_slot *slot);

/*
 * True when it is over. `*left` is what remains of a slice, MSIX_SLICE of which all devices have
 * together: a mask of msix_mask() each, or the beginning of one reset. Then slot->failed says
 * whether the device is what the board file says of it; if not, the reason is in `refusal`.
 */
bool pci_reset_step(struct pci_slot *slot, const struct bh_device *device, uint32_t *left,
		    struct bh_refusal *refusal);

#endif
