/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MSI capability (PCI 3.0, 6.8.1), which has four lengths: where its words are. `control` is
 * its own register, which tells the length; offsets are from the capability's first byte.
 */
#ifndef MODEL_MSI_LAYOUT_H
#define MODEL_MSI_LAYOUT_H

#include "model/msi_policy.h"
#include "model/pci.h"

#define MSI_BYTES 12u /* of the shortest form */

/* Words of a message: its address, the upper half of that, its data. */
#define MSI_WORDS 3u

/* In whole words. */
uint32_t msi_size(uint32_t control);

/* Which word of a message the 32 bits at that offset are; MSI_WORDS if they are none. */
uint32_t msi_word_at(uint32_t control, uint32_t offset);

/* Where a word of the message is, and the masks; 0 if there is none. */
uint32_t msi_word_offset(uint32_t control, uint32_t word);
uint32_t msi_masks_offset(uint32_t control);

/* How many messages are in force; 0 while MSI is off. */
uint32_t msi_messages(uint32_t control);

/* The message in a capability that begins there; the data are 16 bits. */
struct msi_message msi_message_read(const struct pci_reader *reader, uint32_t capability,
				    uint32_t control);

#endif
