/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom a message reaches, by the same filter as an interrupt command of the cell's own CPUs: a
 * message is one whose sender is a device. See msi_policy.h.
 */
#include "model/msi_policy.h"

/* SDM vol. 3A, 10.11.1 and 10.11.2. */
#define ADDRESS_FIXED       0xfee00000u
#define ADDRESS_MASK        0xfff00000u
#define ADDRESS_DESTINATION 12
#define ADDRESS_REMAPPABLE  0x10u /* VT-d specification, 5.1.2.2: the format for remapping */
#define ADDRESS_LOGICAL     0x4u
#define DATA_MODE           0x700u
#define DATA_VECTOR         0xffu
#define LAST_MODE           0x100u /* fixed, lowest priority */
#define FIRST_VECTOR        16u    /* SDM vol. 3A, 10.5.2: 0 to 15 are illegal */

/* Messages are allotted by powers of two, and the function counts in the low bits (PCI 6.8.1.3). */
static uint32_t first_vector(uint32_t data, uint32_t messages)
{
	return (data & DATA_VECTOR) & ~(messages - 1);
}

enum msi_verdict msi_judge(const struct icr_filter *filter, const struct msi_message *message,
			   uint32_t messages)
{
	uint32_t low = (uint32_t)message->address;
	uint32_t command = message->data & DATA_MODE;

	if (message->address >> 32 != 0 || (low & ADDRESS_MASK) != ADDRESS_FIXED)
		return MSI_NOT_APIC;
	/* Whoever an entry belongs to, it says which device may use it. */
	if (low & ADDRESS_REMAPPABLE)
		return filter->entries ? MSI_OK : MSI_REMAPPABLE;
	if (command > LAST_MODE)
		return MSI_MODE;
	if (first_vector(message->data, messages) < FIRST_VECTOR)
		return MSI_VECTOR;
	if (low & ADDRESS_LOGICAL)
		command |= ICR_LOGICAL;
	/* A message has 8 bits for its destination, as a command in xAPIC mode has. */
	if (!icr_stays_inside(filter, false, command, low >> ADDRESS_DESTINATION & 0xff))
		return MSI_DESTINATION;
	return MSI_OK;
}

/* Mask and message are together in an entry; it sends nothing while it is masked. */
enum msi_verdict msix_judge_write(const struct icr_filter *filter, const struct msix_entry *entry,
				  uint32_t word, uint32_t value)
{
	struct msix_entry after = *entry;
	struct msi_message message;

	after.word[word] = value;
	if (after.word[MSIX_WORD_CONTROL] & MSIX_MASKED)
		return MSI_OK;
	message.address = (uint64_t)after.word[1] << 32 | after.word[0];
	message.data = after.word[2];
	return msi_judge(filter, &message, 1);
}
