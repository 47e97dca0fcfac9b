/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way from a root bus down to a function, as bridges' bus numbers have it: which bridge is
 * above it, whether it is alone there, and as whom an IOMMU sees what it does.
 */
#ifndef MODEL_PCI_PATH_H
#define MODEL_PCI_PATH_H

#include "model/pci.h"

#define PCI_SLOT_FUNCTIONS 8u
#define PCI_BUS_FUNCTIONS  256u /* of 32 slots */

/* A function of domain 0, for people. */
#define PCI_AT             "%02x:%02x.%u"
#define PCI_AT_OF(address) BH_PCI_BUS(address), BH_PCI_DEVICE(address), BH_PCI_FUNCTION(address)

/* All functions of domain 0: 32 bits at a multiple of 4; ones where there is none. */
struct pci_machine {
	uint32_t (*read)(void *context, uint32_t function, uint32_t offset);
	void *context;
};

/*
 * The bridge whose secondary bus the function is on; false if that is a root bus. Looks at buses
 * from there down to 0, so it is nothing for every day.
 */
bool pci_bridge_above(const struct pci_machine *machine, uint32_t function, uint32_t *bridge);

bool pci_is_bridge(const struct pci_machine *machine, uint32_t function);

/*
 * Does the function exist? Not one that answers where the slot has one function only; with ARI each
 * that answers: that of a requester on its bus (below).
 */
bool pci_is_there(const struct pci_machine *machine, uint32_t function, bool has_ari);

/*
 * The bridges on a bus, one after the other: false if there is none after `*bridge`. Begins with
 * PCI_FIRST.
 */
#define PCI_FIRST UINT32_MAX
bool pci_next_bridge(const struct pci_machine *machine, uint32_t bus, uint32_t *bridge);

/* Is there no other function on its bus? */
bool pci_is_alone(const struct pci_machine *machine, uint32_t function);

/*
 * As whom an IOMMU sees a function (PCI Express to PCI bridges 1.0, 2.3): a bridge to conventional
 * PCI speaks for all that is behind it, and some speak as others where none does (pci_alias.h).
 */
struct pci_requester {
	uint32_t source;    /* BH_PCI_ADDRESS() */
	bool is_below;      /* a bridge; else the function is on a root bus */
	bool has_ari;       /* ids of its bus are all functions of one device */
	bool is_shared;     /* there is such a bridge; the next three are about the topmost one */
	uint32_t bridge;
	uint32_t first_bus; /* behind it */
	uint32_t last_bus;
	/* PCI-X behind a bridge from PCI Express: it is seen as itself at times */
	bool is_unsure;
};
void pci_requester(struct pci_requester *requester, const struct pci_machine *machine,
		   uint32_t function);

/*
 * The functions behind that bridge that are no bridges, one after the other: false if there is none
 * after `*function`. Begins with PCI_FIRST.
 */
bool pci_next_behind(const struct pci_machine *machine, const struct pci_requester *requester,
		     uint32_t *function);

#endif
