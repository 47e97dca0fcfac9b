/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI-X tables where hardware has them, with what is kept of messages that the IOMMU remaps. See
 * msix.h.
 */
#include "core/msix.h"

#include "core/cpu.h"
#include "core/pci_messages.h"
#include "core/test_messages.h"
#include "model/msix_table.h"
#include "model/pci_parts.h"
#include "x86/device_memory.h"
#include "x86/pci_access.h"

/* Words of messages that are kept; entries beyond those of the IOMMU stay masked, as they are. */
static bool is_kept(const struct pci_slot *slot, uint64_t entry, uint32_t word)
{
	return slot->is_routed && entry < IOMMU_ROUTES && word < MSI_WORDS;
}

static uint32_t read_table_word(struct cpu *cpu, const struct pci_slot *slot, hpa_t table,
				uint64_t offset)
{
	uint64_t entry = offset / MSIX_ENTRY_SIZE;
	uint32_t word = offset % MSIX_ENTRY_SIZE / 4;

	if (is_kept(slot, entry, word))
		return slot->kept.msix[entry][word];
	return (uint32_t)device_memory_read(cpu, HPA(table.v + offset), 4);
}

/* A table, and the CPU that looks at it. */
struct table {
	struct cpu *cpu;
	const struct pci_slot *slot;
	hpa_t at;
};

static uint32_t read_word(void *context, uint64_t offset)
{
	const struct table *table = context;

	return read_table_word(table->cpu, table->slot, table->at, offset);
}

static void write_word(void *context, uint64_t offset, uint32_t value)
{
	const struct table *table = context;

	device_memory_write(table->cpu, HPA(table->at.v + offset), 4, value);
}

uint64_t msix_read(struct cpu *cpu, const struct pci_slot *slot, hpa_t table, uint64_t offset,
		   uint32_t size)
{
	struct table context = { .cpu = cpu, .slot = slot, .at = table };
	const struct msix_words words = { .read = read_word, .context = &context };

	return msix_table_read(&words, offset, size);
}

/* The entry's message, before it comes into force and at each change while it is. */
static bool route_entry(struct cpu *cpu, const struct pci_slot *slot, hpa_t at, uint32_t index,
			const struct msix_entry *entry)
{
	struct interrupt_target target;
	struct msi_message message;
	bool is_sent;

	if (entry->word[MSIX_WORD_CONTROL] & MSIX_MASKED)
		return true;
	is_sent = msi_target(&target, entry->word, 0, 1, &cpu->cell->icr);
	if (!pci_messages_route(slot, index, is_sent ? &target : NULL, &message))
		return false;
	device_memory_write(cpu, at, 4, (uint32_t)message.address);
	device_memory_write(cpu, HPA(at.v + 4), 4, (uint32_t)(message.address >> 32));
	device_memory_write(cpu, HPA(at.v + 8), 4, message.data);
	return true;
}

/* Without a route of its own an entry cannot be in force. */
static bool may_be(const struct pci_slot *slot, uint64_t index, const struct msix_entry *after)
{
	return !slot->is_routed || index < IOMMU_ROUTES ||
	       (after->word[MSIX_WORD_CONTROL] & MSIX_MASKED);
}

bool msix_write(struct cpu *cpu, struct pci_slot *slot, hpa_t table, uint64_t offset,
		uint32_t value)
{
	uint64_t index = offset / MSIX_ENTRY_SIZE;
	uint32_t word = offset % MSIX_ENTRY_SIZE / 4;
	struct msix_entry entry;
	uint32_t i;

	for (i = 0; i < BH_ARRAY_SIZE(entry.word); i++)
		entry.word[i] = read_table_word(cpu, slot, table,
						index * MSIX_ENTRY_SIZE + 4 * i);
	if (slot->msix_open <= index)
		slot->msix_open = (uint32_t)index + 1;
	if (msix_judge_write(&cpu->cell->icr, &entry, word, value) != MSI_OK) {
		entry.word[word] = value;
		test_msix_message(cpu, slot, HPA(table.v + index * MSIX_ENTRY_SIZE), &entry);
		return false;
	}
	entry.word[word] = value;
	if (!may_be(slot, index, &entry))
		return false;
	if (slot->is_routed && index < IOMMU_ROUTES &&
	    !route_entry(cpu, slot, HPA(table.v + index * MSIX_ENTRY_SIZE), (uint32_t)index,
			 &entry))
		return false;
	if (is_kept(slot, index, word))
		slot->kept.msix[index][word] = value;
	else
		device_memory_write(cpu, HPA(table.v + offset), 4, value);
	return true;
}

bool msix_mask(struct pci_slot *slot, const struct bh_device *device, uint32_t *left)
{
	uint32_t function = slot->function.address;
	uint32_t command = pci_access_read(function, PCI_COMMAND, 2);
	struct table context = {
		.cpu = cpu_this(), .slot = slot, .at = HPA(device_msix_table(device)),
	};
	const struct msix_words words = { .write = write_word, .context = &context };
	bool done;

	if (slot->msix_open == 0)
		return true;
	pci_access_write(function, PCI_COMMAND, 2, command | PCI_COMMAND_MEMORY);
	done = msix_table_mask(&words, &slot->msix_open, left);
	pci_access_write(function, PCI_COMMAND, 2, command);
	return done;
}
