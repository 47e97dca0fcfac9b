/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells ports with such a slot, and keeps what root wants of it. See pci_hotplug.h. */
#include "model/pci_hotplug.h"

#include "model/bits.h"

/* PCI Express base 3.0, 7.8.2, 7.8.9 and 7.8.10 */
#define EXPRESS_BYTES    0x1cu
#define EXPRESS_HAS_SLOT (1u << 24)
#define SLOT_ABILITIES   0x14u
#define SLOT_HOT_PLUG    (1u << 6)
#define SLOT_CONTROL     0x18u

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

/* Of other types the bit for a slot means nothing. */
static bool has_slot(uint32_t word)
{
	uint32_t type = PCI_EXPRESS_TYPE(word);

	return (type == PCI_EXPRESS_ROOT_PORT || type == PCI_EXPRESS_DOWNSTREAM) &&
	       (word & EXPRESS_HAS_SLOT);
}

uint32_t pci_hotplug_control(const struct pci_capabilities *capabilities,
			     const struct pci_reader *reader)
{
	const struct pci_capability *express =
		pci_capability_whole(capabilities, PCI_CAP_PCIE, EXPRESS_BYTES);

	if (!express || !has_slot(read_word(reader, express->offset)) ||
	    !(read_word(reader, express->offset + SLOT_ABILITIES) & SLOT_HOT_PLUG))
		return 0;
	return express->offset + SLOT_CONTROL;
}

static bool is_about(const struct pci_hotplug *held, const struct pci_access *access)
{
	return (access->offset & ~3u) == held->control;
}

/* Bits of control and status as they stand in the access. */
static uint32_t bits_in(const struct pci_access *access, uint32_t control, uint32_t status)
{
	uint32_t word = control | status << 8 * PCI_HOTPLUG_STATUS;

	return word >> 8 * (access->offset & 3) & (uint32_t)bytes_mask(access->width);
}

uint32_t pci_hotplug_read(const struct pci_hotplug *held, const struct pci_access *access,
			  uint32_t value)
{
	if (!is_about(held, access))
		return value;
	return (value & ~bits_in(access, PCI_HOTPLUG_EVENTS, PCI_HOTPLUG_CHANGES)) |
	       bits_in(access, held->wanted, 0);
}

uint32_t pci_hotplug_write(struct pci_hotplug *held, const struct pci_access *access,
			   uint32_t value)
{
	uint32_t events = bits_in(access, PCI_HOTPLUG_EVENTS, 0);
	uint32_t shift = 8 * (access->offset & 3);

	if (!is_about(held, access))
		return value;
	held->wanted = (held->wanted & ~(events << shift)) | (value & events) << shift;
	return value & ~events;
}
