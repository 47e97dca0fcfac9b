// SPDX-License-Identifier: GPL-2.0-only
/* Holds a board's PCI functions against Linux's. See board_pci.h. */
#include "board_pci.h"

#include <linux/device.h>
#include <linux/pci.h>

#include "model/refuse.h"

/* A group is what Linux makes of a device that it drives an IOMMU for. */
static bool check_iommus(const struct bh_board *board, struct bh_refusal *refusal)
{
	struct pci_dev *pci = NULL;

	/* One that the board names is looked at by the hypervisor itself. */
	if (board->iommu_size || (!board->device_count && !board->ioapic_count))
		return true;
	for_each_pci_dev(pci) {
		if (!device_iommu_mapped(&pci->dev))
			continue;
		refuse(refusal, "Linux drives an IOMMU (device %s is behind it), and the board has "
		       "devices or IOAPICs for cells: boot with intel_iommu=off or amd_iommu=off, "
		       "and name it in board.iommus", pci_name(pci));
		pci_dev_put(pci);
		return false;
	}
	return true;
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
