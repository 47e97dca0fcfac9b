/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Message-signalled interrupts: a write of a number to an address, both of which the function is
 * told. What they mean is said by the processor's manual: SDM vol. 3A, 10.11.
 */
#include <inmate/pci.h>

#include <stddef.h>

#include "internal.h"

#define COMMAND_NO_INTX   (1u << 10)
#define MESSAGE_ADDRESS   0xfee00000u /* physical destination, no redirection */
#define MESSAGE_ID        12          /* fixed delivery, by edge: no other bits in the data */

/* The MSI capability; PCI Local Bus Specification 3.0, 6.8.1. */
#define MSI_CONTROL       0x02u
#define MSI_ADDRESS       0x04u
#define MSI_ADDRESS_HIGH  0x08u /* only if it is wide; the data is behind it then */
#define MSI_DATA          0x08u
#define MSI_DATA_WIDE     0x0cu
#define MSI_MASK          0x0cu
#define MSI_MASK_WIDE     0x10u
#define MSI_ENABLE        (1u << 0)
#define MSI_COUNT         (7u << 4) /* how many are used, as a power of two */
#define MSI_WIDE          (1u << 7)
#define MSI_MASKABLE      (1u << 8)

/* The MSI-X capability and its table; the same, 6.8.2. */
#define MSIX_CONTROL      0x02u
#define MSIX_TABLE        0x04u
#define MSIX_SIZE         0x7ffu
#define MSIX_MASK_ALL     (1u << 14)
#define MSIX_ENABLE       (1u << 15)
#define MSIX_BAR          0x7u
#define MSIX_ENTRY_MASKED 1u

struct msix_entry {
	uint32_t address;
	uint32_t address_high;
	uint32_t data;
	uint32_t control;
};

static uint32_t message_address(uint32_t apic_id)
{
	return MESSAGE_ADDRESS | (apic_id & 0xff) << MESSAGE_ID;
}

static void intx_off(pci_function function)
{
	pci_write16(function, PCI_COMMAND,
		    (uint16_t)(pci_read16(function, PCI_COMMAND) | COMMAND_NO_INTX));
}

bool pci_msi_open(pci_function function, uint8_t vector, uint32_t apic_id)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSI);
	uint16_t control;
	bool wide;

	if (!at)
		return false;
	control = pci_read16(function, at + MSI_CONTROL) & (uint16_t)~(MSI_ENABLE | MSI_COUNT);
	wide = control & MSI_WIDE;
	/* Off while address and data do not belong together. */
	pci_write16(function, at + MSI_CONTROL, control);
	pci_write32(function, at + MSI_ADDRESS, message_address(apic_id));
	if (wide)
		pci_write32(function, at + MSI_ADDRESS_HIGH, 0);
	pci_write16(function, at + (wide ? MSI_DATA_WIDE : MSI_DATA), vector);
	if (control & MSI_MASKABLE)
		pci_write32(function, at + (wide ? MSI_MASK_WIDE : MSI_MASK), 0);
	intx_off(function);
	pci_write16(function, at + MSI_CONTROL, control | MSI_ENABLE);
	return true;
}

void pci_msi_close(pci_function function)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSI);

	if (at)
		pci_write16(function, at + MSI_CONTROL,
			    pci_read16(function, at + MSI_CONTROL) & (uint16_t)~MSI_ENABLE);
}

static volatile struct msix_entry *msix_entry(pci_function function, unsigned int number)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSIX);
	uint32_t table;

	if (!at || number > (pci_read16(function, at + MSIX_CONTROL) & MSIX_SIZE))
		return NULL;
	table = pci_read32(function, at + MSIX_TABLE);
	return (volatile struct msix_entry *)(pci_bar(function, table & MSIX_BAR) +
					      (table & ~MSIX_BAR)) + number;
}

/* Entries are masked one by one, as they are before anybody sets them; the table is on. */
unsigned int pci_msix_open(pci_function function)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSIX), count, i;
	uint16_t control;

	if (!at)
		return 0;
	control = pci_read16(function, at + MSIX_CONTROL);
	count = (control & MSIX_SIZE) + 1;
	pci_write16(function, at + MSIX_CONTROL, control | MSIX_ENABLE | MSIX_MASK_ALL);
	for (i = 0; i < count; i++)
		pci_msix_mask(function, i, true);
	intx_off(function);
	pci_write16(function, at + MSIX_CONTROL,
		    (control | MSIX_ENABLE) & (uint16_t)~MSIX_MASK_ALL);
	return count;
}

void pci_msix_set(pci_function function, unsigned int entry, uint8_t vector, uint32_t apic_id)
{
	volatile struct msix_entry *place = msix_entry(function, entry);

	if (!place)
		return;
	place->control |= MSIX_ENTRY_MASKED;
	place->address = message_address(apic_id);
	place->address_high = 0;
	place->data = vector;
	place->control &= ~MSIX_ENTRY_MASKED;
}

void pci_msix_mask(pci_function function, unsigned int entry, bool masked)
{
	volatile struct msix_entry *place = msix_entry(function, entry);

	if (place)
		place->control = (place->control & ~MSIX_ENTRY_MASKED) | masked;
}

/*
 * The function stays in MSI-X mode, with all of it masked: one that holds an interrupt back, to
 * send it later, would not find the mode that it had then. (QEMU's e1000e dies of that.)
 */
void pci_msix_close(pci_function function)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSIX);

	if (at)
		pci_write16(function, at + MSIX_CONTROL,
			    pci_read16(function, at + MSIX_CONTROL) | MSIX_MASK_ALL);
}

void pci_messages_off(pci_function function)
{
	unsigned int at = pci_capability(function, PCI_CAPABILITY_MSIX);

	pci_msi_close(function);
	if (at)
		pci_write16(function, at + MSIX_CONTROL,
			    pci_read16(function, at + MSIX_CONTROL) & (uint16_t)~MSIX_ENABLE);
}
