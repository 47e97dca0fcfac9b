/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom a message reaches, by the same filter as an interrupt command of the cell's own CPUs: a
 * message is one whose sender is a device. See msi_policy.h.
 */
#include "model/msi_policy.h"

#define LAST_MODE    0x100u /* fixed, lowest priority */
#define FIRST_VECTOR 16u    /* SDM vol. 3A, 10.5.2: 0 to 15 are illegal */

/* Messages are allotted by powers of two, and the function counts in the low bits (PCI 6.8.1.3). */
static uint32_t first_vector(uint32_t data, uint32_t messages)
{
	return (data & MSI_DATA_VECTOR) & ~(messages - 1);
}

enum msi_verdict msi_judge(const struct icr_filter *filter, const struct msi_message *message,
			   uint32_t messages)
{
	uint32_t low = (uint32_t)message->address;
	uint32_t command = message->data & MSI_DATA_MODE;

	if (message->address >> 32 != 0 || (low & MSI_ADDRESS_MASK) != MSI_ADDRESS)
		return MSI_NOT_APIC;
	/* Whoever an entry belongs to, it says which device may use it. */
	if (low & MSI_ADDRESS_REMAPPABLE)
		return filter->entries ? MSI_OK : MSI_REMAPPABLE;
	if (command > LAST_MODE)
		return MSI_MODE;
	if (first_vector(message->data, messages) < FIRST_VECTOR)
		return MSI_VECTOR;
	if (low & MSI_ADDRESS_LOGICAL)
		command |= ICR_LOGICAL;
	/* A message has 8 bits for its destination, as a command in xAPIC mode has. */
	if (!icr_stays_inside(filter, false, command, low >> MSI_ADDRESS_ID & MSI_ID_MOST))
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
