/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt of an AMD-Vi unit: an MSI of its own PCI function (AMD IOMMU specification, 3.7),
 * which nobody else may write to (core/pci_functions.c). It is set up once; whether the unit sends
 * it is a bit of its control register.
 */
#include "core/hypervisor.h"
#include "core/pci_messages.h"
#include "model/msi_layout.h"
#include "x86/iommu/amdvi.h"
#include "x86/pci_access.h"

enum { KEPT_ADDRESS = AMDVI_KEPT, KEPT_DATA, ALL_KEPT };
_Static_assert(ALL_KEPT <= UNIT_KEPT, "a unit has room for them");

/* The MSI capability of the unit's function. */
struct place {
	uint32_t function;
	uint32_t capability;
	uint32_t control;
};

static bool find_place(const struct iommu_unit *unit, struct place *place)
{
	const struct pci_capability *capability;
	struct pci_capabilities found;
	struct pci_reader reader;

	/* Where nobody filters configuration space it would be root's to change. */
	if (!(hypervisor.config.board->flags & BH_BOARD_PCI) ||
	    !unit->has_function || unit->listener > MSI_ID_MOST)
		return false;
	place->function = unit->function;
	reader = pci_reader_of(&place->function);
	pci_capabilities_read(&found, &reader);
	capability = pci_capability_whole(&found, PCI_CAP_MSI, MSI_BYTES);
	if (!capability)
		return false;
	place->capability = capability->offset;
	place->control = reader.read(reader.context, capability->offset) >> 16;
	return capability->size >= msi_size(place->control);
}

static void write_control(const struct place *place, uint32_t control)
{
	pci_access_write(place->function, place->capability + PCI_MSI_CONTROL, sizeof(uint16_t),
			 control);
}

void amdvi_message_open(struct iommu_unit *unit)
{
	const struct msi_message nmi = msi_message_nmi(unit->listener);
	struct pci_reader reader;
	struct msi_message kept;
	struct place place;

	unit->sends = find_place(unit, &place);
	if (!unit->sends)
		return;
	reader = pci_reader_of(&place.function);
	kept = msi_message_read(&reader, place.capability, place.control);
	unit->kept[KEPT_ADDRESS] = kept.address;
	unit->kept[KEPT_DATA] = (uint64_t)place.control << 32 | kept.data;
	write_control(&place, place.control & ~PCI_MSI_ENABLE);
	pci_message_write(place.function, place.capability, place.control, &nmi);
	write_control(&place, (place.control & ~PCI_MSI_MESSAGES) | PCI_MSI_ENABLE);
}

void amdvi_message_close(struct iommu_unit *unit)
{
	const struct msi_message kept = {
		.address = unit->kept[KEPT_ADDRESS], .data = (uint32_t)unit->kept[KEPT_DATA],
	};
	struct place place;

	if (!unit->sends || !find_place(unit, &place))
		return;
	write_control(&place, place.control & ~PCI_MSI_ENABLE);
	pci_message_write(place.function, place.capability, place.control, &kept);
	write_control(&place, (uint32_t)(unit->kept[KEPT_DATA] >> 32));
	unit->sends = false;
}
