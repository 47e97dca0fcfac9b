/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which ways to reset a function there are, told by its capabilities. Carrying one out, and the
 * waiting, are the hypervisor's.
 */
#ifndef MODEL_PCI_RESET_H
#define MODEL_PCI_RESET_H

#include <bulkhead/refusal.h>

#include "model/pci.h"

enum pci_reset_way {
	PCI_RESET_BY_NOTHING,
	PCI_RESET_BY_EXPRESS,  /* function-level reset (PCI Express base 3.0, 6.6.2) */
	PCI_RESET_BY_FEATURES, /* the same for conventional PCI (advanced features, 2.1) */
	PCI_RESET_BY_BUS,      /* if it is alone there (PCI-to-PCI bridges 1.2, 3.2.5.18) */
	PCI_RESET_BY_POWER,    /* D3hot and back (PCI power management 1.2, 5.4.1) */
	PCI_RESET_WAYS
};

/* What starts it: the register to write, and with what; a word of 16 bits. */
struct pci_reset_plan {
	enum pci_reset_way way;
	uint32_t offset;
	uint32_t value; /* by power: the register in D0; D3hot is PCI_POWER_D3HOT more */
};

#define PCI_POWER_D3HOT 0x3u
#define PCI_POWER_WAKES 0x8000u /* its event, cleared by 1 */

/* Where the function's control of power is; 0: it has none. */
uint32_t pci_power_control(const struct pci_capabilities *capabilities);

/* The best one that the function has by itself. */
struct pci_reset_plan pci_reset_plan(const struct pci_capabilities *capabilities,
				     const struct pci_reader *reader);

/* The best one of all, for one that may be alone behind a bridge. */
enum pci_reset_way pci_reset_way(const struct pci_reset_plan *plan, bool is_alone);

/*
 * Has it asked for something that has not come yet? A reset of the function waits until that is
 * there, or it would come to the next owner (PCI Express base 3.0, 6.6.2; advanced features, 4).
 */
bool pci_reset_is_early(const struct pci_capabilities *capabilities,
			const struct pci_reader *reader);

/* Is that the first word of a function which is ready again, and no answer in its place? */
bool pci_reset_is_over(uint32_t id);

/* "a reset of its function" */
const char *pci_reset_text(enum pci_reset_way way);

/*
 * Nothing resets some devices: what a cell has left in such a one, the places of its rings among
 * it, it goes on with when it is Linux's again. Refused unless the board file accepts that.
 */
bool pci_reset_check(const struct bh_device *device, enum pci_reset_way way,
		     struct bh_refusal *refusal);

#endif
