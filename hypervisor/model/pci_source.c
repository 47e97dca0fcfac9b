/* SPDX-License-Identifier: GPL-2.0-only */
/* Holds aliases of the board file against the machine's bridges. See pci_source.h. */
#include "model/pci_source.h"

#include "model/iommus.h"
#include "model/pci_parts.h"
#include "model/refuse.h"

#define PLACE             "%02x:%02x.%u"
#define PLACE_OF(address) BH_PCI_BUS(address), BH_PCI_DEVICE(address), BH_PCI_FUNCTION(address)

/* AMD's table of firmware does tell; that there is an alias is all that can be asked. */
static bool is_right(const struct iommus *iommus, const struct bh_device *device,
		     const struct pci_requester *requester)
{
	uint32_t unit = iommu_of(iommus, device->address);
	uint32_t source = iommu_source(iommus, device->address);

	if (iommus->units[unit].kind == BH_IOMMU_AMDVI)
		return !requester->is_shared || source != (uint16_t)device->address ||
		       source == requester->source;
	return source == requester->source;
}

static bool check_alias(const struct iommus *iommus, const struct bh_device *device,
			const struct pci_requester *requester, struct bh_refusal *refusal)
{
	const char *unit = iommus->units[iommu_of(iommus, device->address)].name;

	if (is_right(iommus, device, requester))
		return true;
	if (!requester->is_shared)
		return refuse(refusal, "device %s: no bridge speaks for it, so %s sees it as "
			      "itself: take its alias out of that unit's scopes",
			      device->name, unit);
	return refuse(refusal, "device %s: is behind bridge " PLACE " to conventional PCI, so %s "
		      "sees it as " PLACE ": that unit's scopes should have { kind = \"alias\"; "
		      "source = \"" PLACE "\"; id = \"" PLACE "\"; }", device->name,
		      PLACE_OF(requester->bridge), unit, PLACE_OF(requester->source),
		      PLACE_OF(device->address), PLACE_OF(requester->source));
}

static bool check_others(const struct config_view *view, const struct bh_device *device,
			 const struct pci_machine *machine, const struct pci_requester *requester,
			 struct bh_refusal *refusal)
{
	uint32_t other = PCI_FIRST;

	while (requester->is_shared && pci_next_behind(machine, requester, &other))
		if (!board_device(view, other))
			return refuse(refusal, "device %s: its IOMMU cannot tell it from " PLACE
				      ", which is behind the same bridge " PLACE " and which no "
				      "cell can have: list that among the devices, too",
				      device->name, PLACE_OF(other),
				      PLACE_OF(requester->bridge));
	return true;
}

bool pci_source_check(const struct config_view *view, const struct bh_device *device,
		      const struct pci_machine *machine, struct bh_refusal *refusal)
{
	struct pci_requester requester;
	struct iommus iommus;

	iommus_view(view, &iommus);
	if (iommu_of(&iommus, device->address) == iommus.count)
		return true;
	pci_requester(&requester, machine, device->address);
	if (requester.is_unsure)
		return refuse(refusal, "device %s: is of PCI-X behind bridge " PLACE ", which lets "
			      "some of its DMA through as its own: its IOMMU cannot confine it",
			      device->name, PLACE_OF(requester.bridge));
	return check_alias(&iommus, device, &requester, refusal) &&
	       check_others(view, device, machine, &requester, refusal);
}
