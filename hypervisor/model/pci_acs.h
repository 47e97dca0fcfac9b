/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access control services of ports (PCI Express base 3.0, 6.12 and 7.16). A switch sends a request
 * on by its address: one that is meant for a device beside the sender gets there without an IOMMU
 * ever seeing it, unless the ports of the switch redirect all upwards. Ports of a root complex that
 * have the same services are told so, too.
 */
#ifndef MODEL_PCI_ACS_H
#define MODEL_PCI_ACS_H

#include <bulkhead/refusal.h>

#include "model/config.h"
#include "model/pci_path.h"

/*
 * The ports beside which something could pass what a device sends or is sent, one after the other,
 * from the bus of the bridge above it up to its root bus: false if there is none after `*port`.
 * Begins with PCI_FIRST.
 */
bool pci_acs_next(const struct pci_machine *machine, uint32_t device, uint32_t *port);

struct pci_acs {
	uint32_t control; /* where that register is; 0: the port has none */
	uint32_t width;   /* of it, in bytes */
	uint32_t had;     /* its value when it was looked at */
	uint32_t due;     /* and as it is to be */
};
void pci_acs_look(struct pci_acs *acs, const struct pci_machine *machine, uint32_t port);

/* Does the port do as it was told, by what its register holds since? */
bool pci_acs_is_kept(const struct pci_acs *acs, uint32_t value);

/*
 * Asked when the ports were told: refuses a device below a switch one of whose ports does not
 * redirect, if others are below that than the device's group, which one cell has together.
 */
bool pci_acs_check(const struct config_view *view, const struct bh_device *device,
		   const struct pci_machine *machine, struct bh_refusal *refusal);

#endif
