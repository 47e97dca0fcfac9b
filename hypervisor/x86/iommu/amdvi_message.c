/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt of an AMD-Vi unit: an MSI of its own PCI function (AMD IOMMU specification, 3.7),
 * which nobody else may write to (core/pci_functions.c). It is set up once; whether the unit sends
 * it is a bit of its control register.
 */
#include "core/hypervisor.h"
#include "core/pci_functions.h"
#include "model/msi_layout.h"
#include "x86/iommu/amdvi.h"
#include "x86/pci_access.h"

/* SDM vol. 3A, 10.11; an APIC id of more than 8 bits has no place in a message. */
#define MESSAGE_BASE     0xfee00000U
#define MESSAGE_ID_SHIFT 12
#define MESSAGE_ID_MOST  0xffU
#define MESSAGE_NMI      (4U << 8)

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
	    !unit->has_function || unit->listener > MESSAGE_ID_MOST)
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

static void write_message(const struct place *place, uint64_t address, uint32_t data)
{
	const uint32_t words[MSI_WORDS] = { (uint32_t)address, (uint32_t)(address >> 32), data };
	uint32_t i;

	for (i = 0; i < MSI_WORDS; i++) {
		uint32_t offset = msi_word_offset(place->control, i);

		if (offset)
			pci_access_write(place->function, place->capability + offset,
					 i == MSI_WORDS - 1 ? sizeof(uint16_t) : sizeof(uint32_t),
					 words[i]);
	}
}

void amdvi_message_open(struct iommu_unit *unit)
{
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
	write_message(&place, MESSAGE_BASE | unit->listener << MESSAGE_ID_SHIFT, MESSAGE_NMI);
	write_control(&place, (place.control & ~PCI_MSI_MESSAGES) | PCI_MSI_ENABLE);
}

void amdvi_message_close(struct iommu_unit *unit)
{
	struct place place;

	if (!unit->sends || !find_place(unit, &place))
		return;
	write_control(&place, place.control & ~PCI_MSI_ENABLE);
	write_message(&place, unit->kept[KEPT_ADDRESS], (uint32_t)unit->kept[KEPT_DATA]);
	write_control(&place, (uint32_t)(unit->kept[KEPT_DATA] >> 32));
	unit->sends = false;
}
