/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device between two runs of the cell that has it: it is not reset, and sends nothing that the
 * last run asked for.
 */
#ifndef CORE_PCI_REST_H
#define CORE_PCI_REST_H

#include <bulkhead/refusal.h>

#include "core/pci_functions.h"

/*
 * Before each run: nothing of the last run's messages is in force.
 * `*done` when that is so; else to be asked again. Refuses one that would have to be woken for it
 * and does not wake up.
 */
bool pci_rest_step(struct pci_slot *slot, const struct bh_device *device, uint32_t *left,
		   bool *done, struct bh_refusal *refusal);

#endif
