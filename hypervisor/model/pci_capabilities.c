/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follows a function's lists of capabilities (PCI 3.0, 6.7; PCI Express 3.0, 7.9). What a function
 * says is not believed: an offset is looked at before it is followed, and each only once.
 */
#include "model/pci.h"

#define FIRST_OFFSET 0x40u /* behind the header */

/* Where a register stands in the lists: one bit a word of 32 bits. */
struct seen {
	uint64_t words[PCI_EXTENDED_SIZE / 4 / 64];
};

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
	uint32_t status = reader->read(reader->context, PCI_COMMAND) >> 16;
	uint32_t offset, head;

	if (!(status & PCI_STATUS_HAS_LIST))
		return true;
	offset = reader->read(reader->context, PCI_CAPABILITIES) & 0xfc;
	while (offset != 0) {
		if (offset < FIRST_OFFSET || see(seen, offset))
			return false;
		head = reader->read(reader->context, offset);
		if ((head & 0xff) == 0xff || !add(found, false, head & 0xff, offset))
			return false;
		offset = head >> 8 & 0xfc;
	}
	return true;
}

/* A list that is not there reads as zero, or as ones where nothing answers. */
static bool read_extended(struct pci_capabilities *found, const struct pci_reader *reader,
			  struct seen *seen)
{
	uint32_t offset = PCI_EXTENDED;
	uint32_t head;

	if (reader->size < PCI_EXTENDED_SIZE)
		return true;
	while (offset != 0) {
		if (offset < PCI_EXTENDED || see(seen, offset))
			return false;
		head = reader->read(reader->context, offset);
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
