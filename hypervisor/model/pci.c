/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two ways to a register of configuration space.
 */
#include "model/pci.h"

#include "model/range.h"

#define PORT_FUNCTION(address) ((address) >> 8 & 0xffff)
#define PORT_REGISTER(address) ((address) & 0xfcu)

/* An access goes to bytes of one word of 32 bits; none of the two ways has others. */
static bool fits_word(uint32_t offset, uint32_t width)
{
	return (width == 1 || width == 2 || width == 4) && offset % 4 + width <= 4;
}

/* Bits 30 to 24 are reserved (PCI 3.0, 3.2.2.3.2): what a chipset makes of them is not asked. */
bool pci_register_by_port(struct pci_register *reg, uint32_t address, uint32_t port, uint32_t width)
{
	uint32_t byte = port - PCI_PORT_DATA;

	if (!(address & PCI_PORT_ENABLE) || port < PCI_PORT_DATA || !fits_word(byte, width) ||
	    byte >= 4)
		return false;
	reg->function = PORT_FUNCTION(address);
	reg->offset = PORT_REGISTER(address) + byte;
	return true;
}

struct bh_range pci_mmconfig_range(const struct bh_mmconfig *mmconfig)
{
	uint64_t buses = (uint64_t)mmconfig->last_bus - mmconfig->first_bus + 1;

	if (mmconfig->at == 0)
		return RANGE(0, 0);
	return RANGE(mmconfig->at + ((uint64_t)mmconfig->first_bus << 20), buses << 20);
}

bool pci_register_by_memory(struct pci_register *reg, const struct bh_mmconfig *mmconfig,
			    uint64_t at, uint32_t width)
{
	uint64_t inside = at - mmconfig->at;

	if (!range_has(pci_mmconfig_range(mmconfig), at) ||
	    !fits_word((uint32_t)inside & (PCI_EXTENDED_SIZE - 1), width))
		return false;
	reg->function = (uint32_t)(inside >> 12);
	reg->offset = (uint32_t)inside & (PCI_EXTENDED_SIZE - 1);
	return true;
}
