// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of functions that speak as others: see pci_alias.h. Found by those who saw an IOMMU stop
 * them; Linux knows the same ones (the aliases to functions 0 and 1 in its drivers/pci/quirks.c, as
 * of 6.18). More may exist: what speaks as nobody whom the board knows reaches nothing
 * (iommu_strays.h).
 */
#include "model/pci_alias.h"

struct alias {
	uint16_t vendor, device;
	uint32_t function;
};

static const struct alias aliases[] = {
	/* Ricoh: FireWire and others beside readers of cards */
	{ 0x1180, 0xe476, 0 }, { 0x1180, 0xe832, 0 },
	/* Glenfly: the sound of graphics cards */
	{ 0x6766, 0x3d40, 0 }, { 0x6766, 0x3d41, 0 },
	/* Marvell: disk controllers, whose function 1 (IDE) may be there or not */
	{ 0x1b4b, 0x9120, 1 }, { 0x1b4b, 0x9123, 1 }, { 0x1b4b, 0x9125, 1 }, { 0x1b4b, 0x9128, 1 },
	{ 0x1b4b, 0x9130, 1 }, { 0x1b4b, 0x9170, 1 }, { 0x1b4b, 0x9172, 1 }, { 0x1b4b, 0x917a, 1 },
	{ 0x1b4b, 0x9182, 1 }, { 0x1b4b, 0x9183, 1 }, { 0x1b4b, 0x91a0, 1 }, { 0x1b4b, 0x9215, 1 },
	{ 0x1b4b, 0x9220, 1 }, { 0x1b4b, 0x9230, 1 }, { 0x1b4b, 0x9235, 1 },
	/* The same by other makers: HighPoint, Lite-On */
	{ 0x1103, 0x0642, 1 }, { 0x1103, 0x0645, 1 }, { 0x1c28, 0x0122, 1 },
	/* JMicron: readers of cards */
	{ 0x197b, 0x2392, 1 },
};

uint32_t pci_spoken_as(const struct pci_machine *machine, uint32_t function)
{
	uint32_t id = machine->read(machine->context, function, PCI_ID);
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(aliases); i++)
		if (id == ((uint32_t)aliases[i].device << 16 | aliases[i].vendor))
			return (function & ~(PCI_SLOT_FUNCTIONS - 1)) | aliases[i].function;
	return function;
}
