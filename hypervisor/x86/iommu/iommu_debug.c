/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a unit finds for a requester id, by the way through its tables that it goes itself, and how
 * it is controlled. A debug build has this.
 */
#include "core/hypervisor.h"
#include "core/string.h"
#include "model/pci_path.h"
#include "x86/iommu/board.h"

#define PRESENT      (1ULL << 0)
#define NARROW_ENTRY 16u /* of VT-d in legacy mode */
#define CONTROL      0x18u /* the register of AMD-Vi */

static void read_words(struct bh_device_entry *entry, uint64_t table, uint32_t index, uint32_t size)
{
	const uint8_t *from = hypervisor_pointer(HPA(table & ~BH_PAGE_MASK));

	memcpy(entry->words, from + index * size, size);
}

/* VT-d specification, 3.4: in scalable mode a bus has one table for each half of it. */
static void read_context(const struct iommu_unit *unit, uint32_t source,
			 struct bh_device_entry *entry)
{
	uint32_t size = unit_is_scalable(unit) ? sizeof(*entry) : NARROW_ENTRY;
	uint32_t entries = BH_PAGE_SIZE / size;
	uint32_t place = source % PCI_BUS_FUNCTIONS;
	const uint64_t *bus = hypervisor_pointer(unit->devices);
	uint64_t table = bus[source / PCI_BUS_FUNCTIONS * 2 + place / entries];

	if (table & PRESENT)
		read_words(entry, table, place % entries, size);
}

bool iommu_debug_entry(uint64_t source, struct bh_device_entry *entry)
{
	const struct iommu_unit *unit = &iommu_board.units[0];

	if (!iommu_board.is_running || iommu_board.list.count == 0 || source > IOMMU_IDS)
		return false;
	memset(entry, 0, sizeof(*entry));
	if (source == IOMMU_IDS)
		entry->words[0] = unit->config->kind == BH_IOMMU_AMDVI ?
					  unit_read64(unit, CONTROL) : 0;
	else if (unit->config->kind == BH_IOMMU_VTD)
		read_context(unit, (uint32_t)source, entry);
	else if (source / PCI_BUS_FUNCTIONS <= unit->config->last_bus)
		memcpy(entry, (const struct bh_device_entry *)hypervisor_pointer(unit->devices) +
		       source, sizeof(*entry));
	return true;
}
