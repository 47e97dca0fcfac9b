// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds what a cell has besides its PCI functions against the base addresses of all that Linux
 * knows. See cell_unlisted.h.
 */
#include "cell_unlisted.h"

#include <linux/ioport.h>
#include <linux/pci.h>

#include "model/refuse.h"

/* Base addresses and the ROM; windows of bridges are no registers. */
static bool meets(struct pci_dev *pci, unsigned long type, u64 start, u64 end)
{
	int i;

	for (i = 0; i <= PCI_ROM_RESOURCE; i++) {
		const struct resource *bar = &pci->resource[i];

		if ((bar->flags & type) && !(bar->flags & IORESOURCE_UNSET) &&
		    resource_size(bar) > 0 && bar->start <= end && bar->end >= start)
			return true;
	}
	return false;
}

static bool check_memory(struct pci_dev *pci, const struct bh_region *region,
			 struct bh_refusal *refusal)
{
	if (region->kind != BH_REGION_DEVICE || (region->flags & BH_REGION_BAR) ||
	    !meets(pci, IORESOURCE_MEM, region->phys, region->phys + region->size - 1))
		return true;
	return refuse(refusal, "\"%s\" is memory of the PCI device %s: list that in "
		      "board.pci.devices and cell.pci instead", region->name, pci_name(pci));
}

static bool check_ports(struct pci_dev *pci, const struct bh_ports *ports,
			struct bh_refusal *refusal)
{
	if (ports->flags || !meets(pci, IORESOURCE_IO, ports->first, ports->last))
		return true;
	return refuse(refusal, "ports 0x%x-0x%x are of the PCI device %s: list that in "
		      "board.pci.devices and cell.pci instead", ports->first, ports->last,
		      pci_name(pci));
}

static bool check_function(struct pci_dev *pci, const struct cell_view *cell,
			   struct bh_refusal *refusal)
{
	bool good = true;
	u32 i;

	for (i = 0; i < cell->cell->region_count && good; i++)
		good = check_memory(pci, &cell->regions[i], refusal);
	for (i = 0; i < cell->cell->port_count && good; i++)
		good = check_ports(pci, &cell->ports[i], refusal);
	return good;
}

bool cell_unlisted_check(const struct cell_view *cell, struct bh_refusal *refusal)
{
	struct pci_dev *pci = NULL;

	for_each_pci_dev(pci) {
		if (check_function(pci, cell, refusal))
			continue;
		pci_dev_put(pci);
		return false;
	}
	return true;
}
