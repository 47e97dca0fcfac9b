/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where tables of units are, for a test that writes to them: a build with test devices has this.
 */
#include "core/iommu.h"
#include "x86/iommu/board.h"

/* AMD-Vi has one for all devices, VT-d one for each bus with any; the last one has been written. */
static hpa_t devices_of(const struct iommu_unit *unit)
{
	if (unit->budget.contexts == 0)
		return unit->devices;
	return HPA(unit->contexts.v + (unit->budget.contexts - 1) * BH_PAGE_SIZE);
}

hpa_t iommu_test_table(uint64_t number)
{
	const struct iommu_unit *unit = &iommu_board.units[0];

	if (!iommu_board.is_running)
		return HPA(0);
	switch (number) {
	case 0:
		return unit->root.tables;
	case 1:
		return devices_of(unit);
	case 2:
		return unit->interrupts;
	case 3:
		return HPA(unit->devices.v + (unit->budget.devices - 1) * BH_PAGE_SIZE);
	default:
		return HPA(0);
	}
}
