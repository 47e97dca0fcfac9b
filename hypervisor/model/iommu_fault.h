/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a unit has recorded, whatever its kind: mostly of a request that it did not let through. How
 * its record looks is the kind's.
 */
#ifndef MODEL_IOMMU_FAULT_H
#define MODEL_IOMMU_FAULT_H

#include <bulkhead/types.h>

struct iommu_fault {
	uint64_t address;  /* that the device used; of an interrupt 0 */
	uint16_t source;
	uint8_t reason;    /* the unit's own */
	bool is_write;
	bool is_interrupt;
	bool is_units; /* no request at all but trouble of the unit's own: only `record` counts */
	uint64_t record[2];
};

#endif
