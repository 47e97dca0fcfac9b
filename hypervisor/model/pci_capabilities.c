/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follows a function's lists of capabilities (PCI 3.0, 6.7; PCI Express 3.0, 7.9). What a function
 * says is not believed: an offset is looked at before it is followed, and each only once.
 */
#include "model/pci.h"

#define FIRST_OFFSET 0x40u /* behind the header */
#define PCIX_STATUS  4u
#define PCIX_MODE_2  0xc0000000u /* 266 and 533 MHz (PCI-X 2.0, 7.2.4) */

/* Where a register stands in the lists: one bit a word of 32 bits. */
struct seen {
	uint64_t words[PCI_EXTENDED_SIZE / 4 / 64];
};

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

/* True if it was seen before. */
static bool see(struct seen *seen, uint32_t offset)
{
	uint64_t *word = &seen->words[offset / 4 / 64];
	uint64_t bit = 1ULL << offset / 4 % 64;
	bool before = *word & bit;

	*word |= bit;
	return before;
}

static bool add(struct pci_capabilities *found, bool is_extended, uint32_t id, uint32_t offset)
{
	if (found->count == PCI_CAPABILITIES_MOST)
		return false;
	found->list[found->count++] = (struct pci_capability){
		.id = (uint16_t)id, .offset = (uint16_t)offset, .is_extended = is_extended,
	};
	return true;
}

static bool read_standard(struct pci_capabilities *found, const struct pci_reader *reader,
			  struct seen *seen)
{
	uint32_t status = read_word(reader, PCI_COMMAND) >> 16;
	uint32_t offset, head;

	if (!(status & PCI_STATUS_HAS_LIST))
		return true;
	offset = read_word(reader, PCI_CAPABILITIES) & 0xfc;
	while (offset != 0) {
		if (offset < FIRST_OFFSET || see(seen, offset))
			return false;
		head = read_word(reader, offset);
		if ((head & 0xff) == 0xff || !add(found, false, head & 0xff, offset))
			return false;
		offset = head >> 8 & 0xfc;
	}
	return true;
}

static bool is_repeated(const struct pci_reader *reader)
{
	uint32_t id = read_word(reader, PCI_ID);
	uint32_t offset;

	for (offset = PCI_EXTENDED; offset < PCI_EXTENDED_SIZE; offset += PCI_CONFIG_SIZE)
		if (read_word(reader, offset) != id)
			return false;
	return true;
}

/* After the first list. */
static uint32_t find_space(const struct pci_capabilities *found, const struct pci_reader *reader)
{
	const struct pci_capability *pcix = pci_capability_find(found, false, PCI_CAP_PCIX);

	if (reader->size < PCI_EXTENDED_SIZE)
		return PCI_CONFIG_SIZE;
	if (!pci_capability_find(found, false, PCI_CAP_PCIE) &&
	    !(pcix && read_word(reader, pcix->offset + PCIX_STATUS) & PCIX_MODE_2))
		return PCI_CONFIG_SIZE;
	return is_repeated(reader) ? PCI_CONFIG_SIZE : PCI_EXTENDED_SIZE;
}

/* A list that is not there reads as zero, or as ones where nothing answers. */
static bool read_extended(struct pci_capabilities *found, const struct pci_reader *reader,
			  struct seen *seen)
{
	uint32_t offset = PCI_EXTENDED;
	uint32_t head;

	if (found->space < PCI_EXTENDED_SIZE)
		return true;
	while (offset != 0) {
		if (offset < PCI_EXTENDED || see(seen, offset))
			return false;
		head = read_word(reader, offset);
		if (head == 0 || head == UINT32_MAX)
			return offset == PCI_EXTENDED;
		if (!add(found, true, head & 0xffff, offset))
			return false;
		offset = head >> 20 & 0xffc;
	}
	return true;
}

/* A capability ends where the next one begins, or with its space. */
static void set_sizes(struct pci_capabilities *found)
{
	uint32_t i, j;

	for (i = 0; i < found->count; i++) {
		struct pci_capability *capability = &found->list[i];
		uint32_t end = capability->is_extended ? PCI_EXTENDED_SIZE : PCI_CONFIG_SIZE;

		for (j = 0; j < found->count; j++)
			if (found->list[j].offset > capability->offset &&
			    found->list[j].offset < end)
				end = found->list[j].offset;
		capability->size = (uint16_t)(end - capability->offset);
	}
}

bool pci_capabilities_read(struct pci_capabilities *found, const struct pci_reader *reader)
{
	struct seen seen = { { 0 } };
	bool is_whole;

	found->count = 0;
	is_whole = read_standard(found, reader, &seen);
	found->space = find_space(found, reader);
	is_whole = read_extended(found, reader, &seen) && is_whole;
	set_sizes(found);
	return is_whole;
}

const struct pci_capability *pci_capability_find(const struct pci_capabilities *capabilities,
						 bool is_extended, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < capabilities->count; i++)
		if (capabilities->list[i].is_extended == is_extended &&
		    capabilities->list[i].id == id)
			return &capabilities->list[i];
	return NULL;
}
