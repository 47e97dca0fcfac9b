/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of root's functions that are in force while a CPU goes to a cell. Linux moves them off a
 * CPU that it takes offline; this is the look that it has. Of MSI-X tables those of the board's
 * devices are seen, which are trapped: others root could change unseen at any time. What was looked
 * at stays so: the filter that each change has to pass knows already which CPUs root has lost.
 */
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/pci_functions.h"
#include "model/msi_layout.h"
#include "model/pci_parts.h"
#include "model/refuse.h"
#include "x86/device_memory.h"

#define SLICE 64u /* looks at a function or an entry in one call: tens of microseconds */

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

/* Whom it reaches counts; what else is wrong with it root has to itself. */
static bool stays(const struct msi_message *message)
{
	return msi_judge(&root_cell.icr, message, 1) != MSI_DESTINATION;
}

/* None is sent until a mask is taken off, which is judged then. */
static bool is_masked(uint32_t control, uint32_t msi, const struct pci_reader *reader)
{
	uint32_t masks = msi_masks_offset(control);
	uint32_t all = (uint32_t)((1ULL << msi_messages(control)) - 1);

	return masks && (read_word(reader, msi + masks) & all) == all;
}

static bool judge_msi(const struct pci_slot *slot, const struct pci_reader *reader)
{
	const struct pci_capability *msi =
		pci_capability_whole(&slot->function.capabilities, PCI_CAP_MSI, MSI_BYTES);
	struct msi_message message;
	uint32_t control;

	if (!msi)
		return true;
	control = read_word(reader, msi->offset) >> 16;
	if (!(control & PCI_MSI_ENABLE) || is_masked(control, msi->offset, reader))
		return true;
	message = msi_message_read(reader, msi->offset, control);
	return stays(&message);
}

static uint32_t read_table(uint64_t at)
{
	return (uint32_t)device_memory_read(cpu_this(), HPA(at), sizeof(uint32_t));
}

static bool judge_entry(uint64_t at)
{
	struct msi_message message;

	if (read_table(at + 4 * MSIX_WORD_CONTROL) & MSIX_MASKED)
		return true;
	message.address = (uint64_t)read_table(at + 4) << 32 | read_table(at);
	message.data = read_table(at + 8);
	return stays(&message);
}

/* From that entry on, as many as there is room for. */
static bool judge_msix(const struct pci_slot *slot, const struct bh_device *device,
		       const struct pci_reader *reader, uint32_t *entry, uint32_t *left)
{
	const struct pci_capability *msix =
		pci_capability_find(&slot->function.capabilities, false, PCI_CAP_MSIX);
	bool good = true;

	/* Without memory decoding nothing is there to be read, and nothing is sent. */
	if (!(read_word(reader, msix->offset) >> 16 & PCI_MSIX_ENABLE) ||
	    !(read_word(reader, PCI_COMMAND) & PCI_COMMAND_MEMORY)) {
		*entry = device->msix_entries;
		return true;
	}
	for (; *entry < device->msix_entries && *left > 0 && good; (*entry)++, (*left)--)
		good = judge_entry(device_msix_table(device) + *entry * MSIX_ENTRY_SIZE);
	return good;
}

/* False if one of its messages leaves root. With `*entry` at their number all were looked at. */
static bool judge_slot(struct pci_slot *slot, const struct bh_device *device, uint32_t *entry,
		       uint32_t *left)
{
	uint32_t function = slot->function.address;
	const struct pci_reader reader = pci_reader_of(&function);
	bool good = true;

	spin_lock(&slot->lock);
	if (!slot->owner) {
		good = *entry > 0 || judge_msi(slot, &reader);
		if (good && device && device->msix_entries)
			good = judge_msix(slot, device, &reader, entry, left);
	} else if (device) {
		*entry = device->msix_entries;
	}
	spin_unlock(&slot->lock);
	return good;
}

bool pci_judge_root(struct cell *cell, bool *done, struct bh_refusal *refusal)
{
	uint32_t left = SLICE;

	for (; cell->judged_slots < pci_slot_count() && left > 0; left -= left > 0) {
		struct pci_slot *slot = pci_slot_at(cell->judged_slots);
		uint32_t function = slot->function.address;
		const struct bh_device *device = board_device(&hypervisor.config, function);

		if (!judge_slot(slot, device, &cell->judged_entries, &left))
			return refuse(refusal, "PCI function " PCI_AT " of root sends an "
				      "interrupt to a CPU that the cell is to have: is Linux's "
				      "affinity of it fixed?", PCI_AT_OF(function));
		if (device && cell->judged_entries < device->msix_entries)
			break;
		cell->judged_slots++;
		cell->judged_entries = 0;
	}
	*done = cell->judged_slots == pci_slot_count();
	return true;
}
