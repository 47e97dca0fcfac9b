/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Units that Linux remaps its interrupts by: what of its entries is root's, its memory that they
 * go by, and its accesses to their registers.
 */
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/iommu.h"
#include "model/range.h"
#include "model/refuse.h"
#include "x86/iommu/board.h"
#include "x86/window.h"

void *iommu_root_open(uint64_t at)
{
	const unsigned int rights = PT_READ | PT_WRITE;
	struct pt_leaf leaf;

	if (!pt_lookup(&root_cell.map, at, &leaf) || (leaf.attributes & rights) != rights ||
	    (leaf.attributes & PT_UNCACHED))
		return NULL;
	return window_open(cpu_this(), HPA(leaf.phys.v + (at - leaf.virt)));
}

/*
 * Both modes of a cell's CPU count, since it may change; in xAPIC mode its logical id is not in the
 * processor (cells.c).
 */
static bool reaches(const struct icr *icr, bool x2apic, uint32_t apic_id)
{
	struct apic_target target = { .apic_id = apic_id };

	if (icr_reaches(icr, x2apic, &target))
		return true;
	target.x2apic = 1;
	return icr_reaches(icr, x2apic, &target);
}

bool iommu_reaches_cell(const struct icr *icr, bool x2apic)
{
	uint32_t i;

	for (i = 0; i < hypervisor.layout.cpu_count; i++) {
		const struct cpu *cpu = cpu_at(i);

		if (cpu->cell && cpu->cell != &root_cell && reaches(icr, x2apic, cpu->apic_id))
			return true;
	}
	return false;
}

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
		uint32_t lost = IOMMU_LINUX_ENTRIES;

		if (unit_is_linuxs(unit))
			lost = unit->driver->find_lost(unit);
		if (lost != IOMMU_LINUX_ENTRIES)
			return refuse(refusal, "an interrupt of root (entry %u of IOMMU %s) goes "
				      "to a CPU that the cell is to have: is Linux's affinity of "
				      "it fixed?", lost, unit->config->name);
	}
	return true;
}

uint32_t iommu_linux_entries(void)
{
	return iommus_linux_remaps(&iommu_board.list) ? IOMMU_LINUX_ENTRIES : 0;
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
