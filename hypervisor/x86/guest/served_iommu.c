/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of units that Linux remaps its interrupts by; those of other units are nobody's.
 */
#include "core/cell.h"
#include "core/iommu.h"
#include "x86/guest/served.h"

static bool read_iommu(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	(void)cpu;
	*value = iommu_register_read(served->iommu, served->place, served->size);
	return true;
}

static bool write_iommu(struct cpu *cpu, const struct served *served, uint64_t value)
{
	(void)cpu;
	iommu_register_write(served->iommu, served->place, served->size, value);
	return true;
}

static const struct served_kind iommu = { .read = read_iommu, .write = write_iommu };

const struct served_kind *served_iommu_find(const struct cell *cell, struct served *served)
{
	if (cell == &root_cell && iommu_register_find(served->place, served->size, &served->iommu))
		return &iommu;
	return NULL;
}
