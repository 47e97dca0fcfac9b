/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that were denied, built in: hardware gets what the cell wrote. The IOMMU's entries stay
 * those of its last message that was allowed.
 */
#include "core/test_messages.h"

#include "core/cpu.h"
#include "core/test_devices.h"
#include "x86/device_memory.h"
#include "x86/pci_access.h"

static bool is_sent(const struct cpu *cpu, const struct pci_slot *slot)
{
	return slot->is_routed && test_fails(cpu, BH_TEST_MESSAGES);
}

void test_message(const struct pci_slot *slot, const struct pci_access *access)
{
	uint32_t function = slot->function.address;
	const struct pci_capability *msi =
		pci_capability_whole(&slot->function.capabilities, PCI_CAP_MSI, MSI_BYTES);
	uint32_t control, word;

	if (!is_sent(cpu_this(), slot) || !msi || (access->offset & ~3u) != msi->offset)
		return;
	control = pci_access_read(function, msi->offset + PCI_MSI_CONTROL, 2);
	for (word = 0; word < MSI_WORDS; word++) {
		uint32_t offset = msi_word_offset(control, word);

		if (offset)
			pci_access_write(function, msi->offset + offset,
					 word == MSI_WORDS - 1 ? 2 : 4, slot->kept.msi[word]);
	}
	pci_access_write(function, msi->offset + PCI_MSI_CONTROL, 2, control | PCI_MSI_ENABLE);
}

void test_msix_message(struct cpu *cpu, const struct pci_slot *slot, hpa_t at,
		       const struct msix_entry *entry)
{
	uint32_t word;

	if (!is_sent(cpu, slot))
		return;
	for (word = 0; word < BH_ARRAY_SIZE(entry->word); word++)
		device_memory_write(cpu, HPA(at.v + 4 * word), 4, entry->word[word]);
}
