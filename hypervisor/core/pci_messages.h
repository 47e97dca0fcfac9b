/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of a cell's functions in configuration space; those in MSI-X tables are msix.h's. Where
 * the IOMMU remaps a function's interrupts, registers hold its messages, and the cell sees its own
 * (model/msi_routes.h); else registers hold what the cell wrote. The slot's lock is held by who
 * calls these.
 */
#ifndef CORE_PCI_MESSAGES_H
#define CORE_PCI_MESSAGES_H

#include "core/iommu.h"
#include "core/pci_functions.h"

/* The function's registers as its owner sees them, for the policy. */
struct pci_reader pci_messages_reader(struct pci_slot *slot);

/*
 * Before a write is carried out that the policy allows: true if there is nothing more to do, for
 * the register is not the hardware's. False, with `is_denied`, if the IOMMU does not do it.
 */
bool pci_messages_write(struct pci_slot *slot, const struct pci_access *access, uint32_t value,
			const struct icr_filter *filter, bool *is_denied);

/* Has the IOMMU send its interrupt `index` there, or, of null, nowhere; false if it does not. */
bool pci_messages_route(const struct pci_slot *slot, uint32_t index,
			const struct interrupt_target *target, struct msi_message *message);

/*
 * Puts a message into the MSI capability of a function, whose register of control says where.
 * Messages stay the same for long, so what is there already is not written.
 */
void pci_message_write(uint32_t function, uint32_t capability, uint32_t control,
		       const struct msi_message *message);

/* The function has a new owner, or none: nobody's messages are left. */
void pci_messages_begin(struct pci_slot *slot, bool is_routed);

/* Neither MSI nor MSI-X is in force, whatever the last owner or run left. */
void pci_messages_end(const struct pci_slot *slot);

#endif
