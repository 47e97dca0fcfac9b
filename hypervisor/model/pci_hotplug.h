/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A port with a slot for hot plug whose bus the hypervisor resets: the link goes down, which is not
 * to be taken for a card that was pulled out. Meanwhile the port tells of neither the link nor the
 * card's presence, and root reads and writes its slot's registers as if it did.
 */
#ifndef MODEL_PCI_HOTPLUG_H
#define MODEL_PCI_HOTPLUG_H

#include "model/pci_policy.h"

/* What it tells of, in the slot control; PCI Express base 3.0, 7.8.10: presence, link */
#define PCI_HOTPLUG_EVENTS 0x1008u
/* the same in the slot status, cleared by 1 (7.8.11), which is the upper half of the word */
#define PCI_HOTPLUG_STATUS 2u
#define PCI_HOTPLUG_CHANGES 0x0108u

struct pci_hotplug {
	uint32_t control; /* where the slot control is, while it is held; else 0 */
	uint32_t wanted;  /* of the events, what root has on */
};

/* Where a function's slot control is; 0 if nothing is plugged in there while the machine runs. */
uint32_t pci_hotplug_control(const struct pci_capabilities *capabilities,
			     const struct pci_reader *reader);

/* What root reads while it is held, where hardware has `value`. */
uint32_t pci_hotplug_read(const struct pci_hotplug *held, const struct pci_access *access,
			  uint32_t value);

/* What hardware is to be given of a write of root's. */
uint32_t pci_hotplug_write(struct pci_hotplug *held, const struct pci_access *access,
			   uint32_t value);

#endif
