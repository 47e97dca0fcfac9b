/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Units that Linux remaps its interrupts by: what of its entries is root's, and its accesses to
 * their registers.
 */
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "model/range.h"
#include "model/refuse.h"
#include "x86/iommu/board.h"

bool iommu_judge_again(struct iommu_unit *unit, struct bh_refusal *refusal)
{
	return !unit_is_linuxs(unit) || unit->driver->judge_again(unit) ||
	       refuse(refusal, "IOMMU %s: does not answer", unit->config->name);
}

bool iommu_judge_root(struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < iommu_board.list.count; i++) {
		struct iommu_unit *unit = &iommu_board.units[i];
		uint32_t lost = VTD_LINUX_ENTRIES;

		if (unit_is_linuxs(unit))
			lost = unit->driver->find_lost(unit);
		if (lost != VTD_LINUX_ENTRIES)
			return refuse(refusal, "an interrupt of root (entry %u of IOMMU %s) goes "
				      "to a CPU that the cell is to have: is Linux's affinity of "
				      "it fixed?", lost, unit->config->name);
	}
	return true;
}

uint32_t iommu_linux_entries(void)
{
	return iommus_linux_remaps(&iommu_board.list) ? VTD_LINUX_ENTRIES : 0;
}

bool iommu_register_find(uint64_t at, uint32_t size, uint32_t *number)
{
	uint32_t i;

	if ((size != 4 && size != 8) || at % size != 0)
		return false;
	for (i = 0; i < iommu_board.list.count; i++) {
		*number = i;
		if (unit_is_linuxs(&iommu_board.units[i]) &&
		    range_is_inside(RANGE(at, size), iommu_registers(&iommu_board.list.units[i])))
			return true;
	}
	return false;
}

uint64_t iommu_register_read(uint32_t number, uint64_t at, uint32_t size)
{
	struct iommu_unit *unit = &iommu_board.units[number];

	return unit->driver->read_register(unit, (uint32_t)(at & BH_PAGE_MASK), size);
}

void iommu_register_write(uint32_t number, uint64_t at, uint32_t size, uint64_t value)
{
	struct iommu_unit *unit = &iommu_board.units[number];

	unit->driver->write_register(unit, (uint32_t)(at & BH_PAGE_MASK), size, value);
}
