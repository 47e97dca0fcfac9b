/* SPDX-License-Identifier: GPL-2.0-only */
/* The four forms of the MSI capability. See msi_layout.h. */
#include "model/msi_layout.h"

/* PCI 3.0, 6.8.1: without an upper half of the address the data come sooner. */
#define OFFSET_ADDRESS 0x4u
#define OFFSET_UPPER   0x8u
#define OFFSET_DATA    0x8u
#define OFFSET_DATA_64 0xcu
#define MESSAGES_SHIFT 4
#define MESSAGES_ORDER 5u /* 32; more are reserved */

uint32_t msi_word_offset(uint32_t control, uint32_t word)
{
	bool is_wide = control & PCI_MSI_64;

	switch (word) {
	case 0:
		return OFFSET_ADDRESS;
	case 1:
		return is_wide ? OFFSET_UPPER : 0;
	default:
		return is_wide ? OFFSET_DATA_64 : OFFSET_DATA;
	}
}

uint32_t msi_word_at(uint32_t control, uint32_t offset)
{
	uint32_t word = 0;

	while (word < MSI_WORDS &&
	       (offset == 0 || msi_word_offset(control, word) != (offset & ~3u)))
		word++;
	return word;
}

uint32_t msi_messages(uint32_t control)
{
	uint32_t order = (control & PCI_MSI_MESSAGES) >> MESSAGES_SHIFT;

	if (!(control & PCI_MSI_ENABLE))
		return 0;
	return 1u << (order < MESSAGES_ORDER ? order : MESSAGES_ORDER);
}

/* Behind the data there may be masks, and what is pending. */
uint32_t msi_masks_offset(uint32_t control)
{
	return control & PCI_MSI_MASKS ? msi_word_offset(control, MSI_WORDS - 1) + 4 : 0;
}

uint32_t msi_size(uint32_t control)
{
	uint32_t masks = msi_masks_offset(control);

	return masks ? masks + 8 : msi_word_offset(control, MSI_WORDS - 1) + 4;
}

struct msi_message msi_message_read(const struct pci_reader *reader, uint32_t capability,
				    uint32_t control)
{
	uint32_t words[MSI_WORDS] = { 0 };
	uint32_t i;

	for (i = 0; i < MSI_WORDS; i++) {
		uint32_t offset = msi_word_offset(control, i);

		if (offset)
			words[i] = reader->read(reader->context, capability + offset);
	}
	return (struct msi_message){
		.address = (uint64_t)words[1] << 32 | words[0], .data = words[2] & 0xffff,
	};
}
