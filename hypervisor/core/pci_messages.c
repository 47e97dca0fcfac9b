/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps what cells write of messages into the MSI capability, and has the IOMMU's entries follow
 * it. See pci_messages.h.
 */
#include "core/pci_messages.h"

#include "core/log.h"
#include "core/string.h"
#include "model/bits.h"
#include "x86/pci_access.h"

/* Null where the slot's messages are hardware's. */
static const struct pci_capability *kept_capability(const struct pci_slot *slot)
{
	return slot->is_routed ? pci_capability_whole(&slot->function.capabilities, PCI_CAP_MSI,
						      MSI_BYTES) : NULL;
}

static uint32_t read_control(const struct pci_slot *slot, const struct pci_capability *msi)
{
	return pci_access_read(slot->function.address, msi->offset + PCI_MSI_CONTROL, 2);
}

/* Which word of the message that is kept a register is; MSI_WORDS if none. */
static uint32_t kept_word(const struct pci_slot *slot, uint32_t offset)
{
	const struct pci_capability *msi = kept_capability(slot);

	if (!msi || offset - msi->offset >= msi->size)
		return MSI_WORDS;
	return msi_word_at(read_control(slot, msi), offset - msi->offset);
}

/* Behind the data, which are 16 bits, hardware has something of its own. */
static uint32_t read_seen(void *context, uint32_t offset)
{
	const struct pci_slot *slot = context;
	uint32_t word = kept_word(slot, offset);

	if (word == MSI_WORDS)
		return pci_access_read(slot->function.address, offset, sizeof(uint32_t));
	return slot->kept.msi[word];
}

struct pci_reader pci_messages_reader(struct pci_slot *slot)
{
	return (struct pci_reader){
		.read = read_seen, .context = slot,
		.size = pci_access_size(slot->function.address),
	};
}

bool pci_messages_route(const struct pci_slot *slot, uint32_t index,
			const struct interrupt_target *target, struct msi_message *message)
{
	struct bh_refusal refusal = { .text = "" };
	bool done = iommu_route(slot->function.address, index, target, message, &refusal);

	if (!done)
		log_print("%s\n", refusal.text);
	return done;
}

void pci_message_write(uint32_t function, uint32_t capability, uint32_t control,
		       const struct msi_message *message)
{
	const uint32_t words[MSI_WORDS] = {
		(uint32_t)message->address, (uint32_t)(message->address >> 32), message->data,
	};
	uint32_t word;

	for (word = 0; word < MSI_WORDS; word++) {
		uint32_t offset = capability + msi_word_offset(control, word);
		uint32_t width = word == MSI_WORDS - 1 ? 2 : 4;

		if (offset != capability &&
		    pci_access_read(function, offset, width) != words[word])
			pci_access_write(function, offset, width, words[word]);
	}
}

/* Entries of all messages in force, as what is kept says; of none where it may not be sent. */
static bool route_msi(const struct pci_slot *slot, const struct pci_capability *msi,
		      uint32_t control, const struct icr_filter *filter)
{
	uint32_t messages = msi_messages(control);
	uint32_t i;

	for (i = 0; i < messages; i++) {
		struct interrupt_target target;
		bool is_sent = msi_target(&target, slot->kept.msi, i, messages, filter);
		struct msi_message message;

		if (!pci_messages_route(slot, i, is_sent ? &target : NULL, &message))
			return false;
		if (i == 0)
			pci_message_write(slot->function.address, msi->offset, control, &message);
	}
	return true;
}

static uint32_t merge(uint32_t word, const struct pci_access *access, uint32_t value)
{
	uint32_t shift = 8 * (access->offset & 3);
	uint32_t mask = (uint32_t)bytes_mask(access->width) << shift;

	return (word & ~mask) | (value << shift & mask);
}

bool pci_messages_write(struct pci_slot *slot, const struct pci_access *access, uint32_t value,
			const struct icr_filter *filter, bool *is_denied)
{
	const struct pci_capability *msi = kept_capability(slot);
	uint32_t word = kept_word(slot, access->offset & ~3u);
	uint32_t control;

	if (!msi || access->offset - msi->offset >= msi->size)
		return false;
	control = read_control(slot, msi);
	if (word < MSI_WORDS)
		slot->kept.msi[word] = merge(slot->kept.msi[word], access, value);
	else if ((access->offset & ~3u) == msi->offset)
		control = merge(control << 16, access, value) >> 16;
	else /* masks, and what is pending: no message changes */
		return false;
	if (!route_msi(slot, msi, control, filter))
		*is_denied = true;
	return word < MSI_WORDS || *is_denied;
}

void pci_messages_begin(struct pci_slot *slot, bool is_routed)
{
	slot->is_routed = is_routed;
	memset(&slot->kept, 0, sizeof(slot->kept));
}

static void clear_bits(const struct pci_slot *slot, uint32_t id, uint32_t control, uint32_t bits)
{
	const struct pci_capability *capability =
		pci_capability_whole(&slot->function.capabilities, id, control + 2);
	uint32_t function = slot->function.address;

	if (capability)
		pci_access_write(function, capability->offset + control, 2,
				 pci_access_read(function, capability->offset + control, 2) &
				 ~bits);
}

void pci_messages_end(const struct pci_slot *slot)
{
	clear_bits(slot, PCI_CAP_MSI, PCI_MSI_CONTROL, PCI_MSI_ENABLE);
	clear_bits(slot, PCI_CAP_MSIX, PCI_MSIX_CONTROL, PCI_MSIX_ENABLE);
}
