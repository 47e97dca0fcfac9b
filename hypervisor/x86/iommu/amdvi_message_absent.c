/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt of an AMD-Vi unit, left out with the filter of configuration space: root could
 * change it, so the log is looked at.
 */
#include "x86/iommu/amdvi.h"

void amdvi_message_open(struct iommu_unit *unit)
{
	unit->sends = false;
}

void amdvi_message_close(struct iommu_unit *unit)
{
	(void)unit;
}
