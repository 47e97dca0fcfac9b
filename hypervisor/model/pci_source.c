/* SPDX-License-Identifier: GPL-2.0-only */
/* Holds aliases of the board file against the machine. See pci_source.h. */
#include "model/pci_source.h"

#include "model/iommus.h"
#include "model/pci_alias.h"
#include "model/pci_parts.h"
#include "model/refuse.h"
#include "model/text.h"

static bool speaks_as_another(const struct bh_device *device, const struct pci_requester *requester)
{
	return requester->source != (uint16_t)device->address;
}

/*
 * AMD's table of firmware tells of bridges; that there is an alias is all that can be asked. Where
 * there is none the board may know more of a device than its name says, but not that it has got on
 * to another bus: so much is looked at on the way up.
 */
static bool is_right(const struct iommus *iommus, const struct bh_device *device,
		     const struct pci_requester *requester)
{
	uint32_t unit = iommu_of(iommus, device->address);
	uint32_t source = iommu_source(iommus, device->address);
	bool is_amdvi = iommus->units[unit].kind == BH_IOMMU_AMDVI;

	if (source == requester->source)
		return true;
	if (requester->is_shared)
		return is_amdvi && source != (uint16_t)device->address;
	return !speaks_as_another(device, requester) &&
	       (is_amdvi || source >> 8 == BH_PCI_BUS(device->address));
}

static bool check_alias(const struct iommus *iommus, const struct bh_device *device,
			const struct pci_requester *requester, struct bh_refusal *refusal)
{
	const char *unit = iommus->units[iommu_of(iommus, device->address)].name;
	char reason[80];

	if (is_right(iommus, device, requester))
		return true;
	if (!requester->is_shared && !speaks_as_another(device, requester))
		return refuse(refusal, "device %s: no bridge speaks for it, so %s sees it as one "
			      "of its bus: take its alias out of that unit's scopes",
			      device->name, unit);
	if (requester->is_shared)
		text_format(reason, sizeof(reason), "is behind bridge " PCI_AT " to conventional "
			    "PCI", PCI_AT_OF(requester->bridge));
	else
		text_format(reason, sizeof(reason), "does its DMA as another function of its slot");
	return refuse(refusal, "device %s: %s, so %s sees it as " PCI_AT ": that unit's scopes "
		      "should have { kind = \"alias\"; source = \"" PCI_AT "\"; id = \"" PCI_AT
		      "\"; }", device->name, reason, unit, PCI_AT_OF(requester->source),
		      PCI_AT_OF(device->address), PCI_AT_OF(requester->source));
}

/*
 * Who speaks as the device, being there: it has DMA of its own, which a bridge has not. False if
 * there is none after `*other`. Begins with PCI_FIRST.
 */
static bool next_speaker(const struct pci_machine *machine, uint32_t source, bool has_ari,
			 uint32_t *other)
{
	uint32_t first = source & ~(PCI_SLOT_FUNCTIONS - 1);

	*other = *other == PCI_FIRST ? first : *other + 1;
	for (; *other < first + PCI_SLOT_FUNCTIONS; ++*other)
		if ((*other == source || pci_spoken_as(machine, *other) == source) &&
		    pci_is_there(machine, *other, has_ari) && !pci_is_bridge(machine, *other))
			return true;
	return false;
}

static bool check_speakers(const struct config_view *view, uint32_t source,
			   const struct bh_device *device, const struct pci_machine *machine,
			   const struct pci_requester *requester, struct bh_refusal *refusal)
{
	bool has_ari = requester->has_ari && source >> 8 == BH_PCI_BUS(device->address);
	uint32_t other = PCI_FIRST;

	while (next_speaker(machine, source, has_ari, &other))
		if (!board_device(view, other))
			return refuse(refusal, "device %s: its IOMMU cannot tell it from " PCI_AT
				      ", which is seen as the same function and which no cell "
				      "can have: list that among the devices, too",
				      device->name, PCI_AT_OF(other));
	return true;
}

static bool check_others(const struct config_view *view, const struct bh_device *device,
			 const struct pci_machine *machine, const struct pci_requester *requester,
			 struct bh_refusal *refusal)
{
	uint32_t other = PCI_FIRST;

	while (requester->is_shared && pci_next_behind(machine, requester, &other))
		if (!board_device(view, other))
			return refuse(refusal, "device %s: its IOMMU cannot tell it from " PCI_AT
				      ", which is behind the same bridge " PCI_AT " and which no "
				      "cell can have: list that among the devices, too",
				      device->name, PCI_AT_OF(other),
				      PCI_AT_OF(requester->bridge));
	return true;
}

/* Linux, too, takes messages of such a device by whatever id. */
static bool check_messages(const struct iommus *iommus, const struct bh_device *device,
			   const struct pci_requester *requester, struct bh_refusal *refusal)
{
	if (requester->is_shared || !speaks_as_another(device, requester) ||
	    !iommu_remaps(iommus, device->address))
		return true;
	return refuse(refusal, "device %s: does its DMA as " PCI_AT ", but as whom it sends "
		      "interrupts nobody knows: behind %s, which remaps them, no cell can have it, "
		      "so take it out of the devices", device->name, PCI_AT_OF(requester->source),
		      iommus->units[iommu_of(iommus, device->address)].name);
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
		return refuse(refusal, "device %s: is of PCI-X behind bridge " PCI_AT ", which "
			      "lets some of its DMA through as its own: its IOMMU cannot confine "
			      "it", device->name, PCI_AT_OF(requester.bridge));
	return check_messages(&iommus, device, &requester, refusal) &&
	       check_alias(&iommus, device, &requester, refusal) &&
	       check_speakers(view, iommu_source(&iommus, device->address), device, machine,
			      &requester, refusal) &&
	       check_others(view, device, machine, &requester, refusal);
}
