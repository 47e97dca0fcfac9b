// SPDX-License-Identifier: GPL-2.0-only
/* Holds a board's PCI functions against Linux's. See board_pci.h. */
#include "board_pci.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "model/refuse.h"

#define REMAPPABLE BIT(4) /* in an address: VT-d specification, 5.1.2.2 */

/* A group is what Linux makes of a device that it drives an IOMMU for. */
static bool is_translated(struct pci_dev *pci)
{
	return device_iommu_mapped(&pci->dev);
}

/*
 * With intel_iommu=off there are no groups, but Linux remaps interrupts all the same: all of them
 * or none, so the first message of a function tells. AMD's have no such format, and amd_iommu=off
 * is the end of both.
 */
static bool is_remapped(struct pci_dev *pci)
{
	const struct msi_desc *first;
	bool is;
	int irq;

	/* Its driver does not go meanwhile. */
	device_lock(&pci->dev);
	irq = pci_irq_vector(pci, 0);
	first = irq < 0 ? NULL : irq_get_msi_desc((unsigned int)irq);
	is = first && (first->msg.address_lo & REMAPPABLE);
	device_unlock(&pci->dev);
	return is;
}

/* The first function that is, to be put; null if none is. */
static struct pci_dev *find(bool (*is)(struct pci_dev *pci))
{
	struct pci_dev *pci = NULL;

	for_each_pci_dev(pci)
		if (is(pci))
			break;
	return pci;
}

static bool check_iommus(const struct bh_board *board, struct bh_refusal *refusal)
{
	struct pci_dev *translated, *remapped;

	/* One that the board names is looked at by the hypervisor itself. */
	if (board->iommu_size || (!board->device_count && !board->ioapic_count))
		return true;
	translated = find(is_translated);
	remapped = translated ? NULL : find(is_remapped);
	if (translated)
		refuse(refusal, "Linux drives an IOMMU (device %s is behind it), and the board has "
		       "devices or IOAPICs for cells: boot with intel_iommu=off or amd_iommu=off, "
		       "and name it in board.iommus", pci_name(translated));
	else if (remapped)
		refuse(refusal, "Linux remaps interrupts by an IOMMU (those of device %s), and "
		       "whom they reach cannot be told: start it with intremap=off, or, if it is a "
		       "VT-d, list it in iommus with linux_remaps = true", pci_name(remapped));
	pci_dev_put(translated);
	pci_dev_put(remapped);
	return !translated && !remapped;
}

static bool check_sizes(const struct bh_device *device, struct pci_dev *pci,
			struct bh_refusal *refusal)
{
	unsigned int i;

	for (i = 0; i < BH_BARS; i++) {
		const struct bh_bar *bar = &device->bars[i];
		u64 size = pci_resource_len(pci, i);

		/* Whether there is one, and where, the hypervisor looks at. */
		if (bar->kind != BH_BAR_NONE && size && size != bar->size)
			return refuse(refusal, "device %s: base address %u has 0x%llx bytes, the "
				      "board file says 0x%llx", device->name, i, size, bar->size);
	}
	return true;
}

bool board_pci_check(const struct config_view *config, struct bh_refusal *refusal)
{
	u32 i;

	if (!check_iommus(config->board, refusal))
		return false;
	for (i = 0; i < config->board->device_count; i++) {
		const struct bh_device *device = &config->devices[i];
		struct pci_dev *pci = pci_get_domain_bus_and_slot(
			(int)BH_PCI_DOMAIN(device->address), BH_PCI_BUS(device->address),
			device->address & 0xff);
		bool good = !pci || check_sizes(device, pci, refusal);

		pci_dev_put(pci);
		if (!good)
			return false;
	}
	return true;
}
