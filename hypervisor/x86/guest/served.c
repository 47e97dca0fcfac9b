/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions of less than a page, carried out where their rights allow it; registers of IOMMUs that
 * Linux uses; and the list of all kinds.
 */
#include "x86/guest/served.h"

#include "core/cell.h"
#include "core/iommu.h"
#include "core/root_regions.h"
#include "model/subpage.h"
#include "x86/device_memory.h"

static bool find_subpage(const struct cpu *cpu, struct served *served)
{
	const struct cell *cell = cpu->cell;

	served->region = subpage_find(cell->regions, cell->config->region_count, served->place,
				      served->size);
	if (!served->region || (served->region->access & served->rights) != served->rights)
		return false;
	/* No map shows that it is lent. */
	return cell != &root_cell || root_has_region(served->region);
}

static bool read_subpage(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	*value = device_memory_read(cpu, served_phys(served), served->size);
	return true;
}

static bool write_subpage(struct cpu *cpu, const struct served *served, uint64_t value)
{
	device_memory_write(cpu, served_phys(served), served->size, value);
	return true;
}

static const struct served_kind subpage = {
	.find = find_subpage, .read = read_subpage, .write = write_subpage,
};

/* Of units that Linux remaps its interrupts by; those of others are nobody's. */
static bool find_iommu(const struct cpu *cpu, struct served *served)
{
	return cpu->cell == &root_cell &&
	       iommu_register_find(served->place, served->size, &served->iommu);
}

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

static const struct served_kind iommu = {
	.find = find_iommu, .read = read_iommu, .write = write_iommu,
};

const struct served_kind *served_find(const struct cpu *cpu, struct served *served)
{
	size_t i;

	if (iommu.find(cpu, served))
		return &iommu;
	for (i = 0; served_devices[i]; i++)
		if (served_devices[i]->find(cpu, served))
			return served_devices[i];
	if (served_hpet.find(cpu, served))
		return &served_hpet;
	return subpage.find(cpu, served) ? &subpage : NULL;
}
