/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault records of a VT-d unit: registers of 128 bits each, which it fills one after the other and
 * which are free again when they were cleared. VT-d specification, chapter 7.
 */
#include "x86/iommu/vtd.h"

#define RECORD_SIZE 16
#define RECORD_LAST 12 /* the 32 bits with F, by which a record is cleared */
#define RECORD_F    (1U << 31)

static bool take_record(struct iommu_unit *unit, uint32_t offset, struct iommu_fault *fault)
{
	struct vtd_entry record = { .high = unit_read64(unit, offset + 8) };

	if (!(record.high & VTD_FAULT_VALID))
		return false;
	record.low = unit_read64(unit, offset);
	unit_write32(unit, offset + RECORD_LAST, RECORD_F);
	return vtd_fault_read(record, fault);
}

bool vtd_fault_next(struct iommu_unit *unit, struct iommu_fault *fault)
{
	bool found = false;
	uint64_t cap;
	uint32_t i;

	/* One register only where nothing is wrong: this is asked at each NMI of a CPU. */
	if (!(unit_read32(unit, VTD_FSTS) & (FSTS_PENDING | FSTS_OVERFLOW)))
		return false;
	cap = unit_read64(unit, VTD_CAP);
	spin_lock(&unit->queue_lock);
	for (i = 0; i < CAP_RECORDS(cap) && !found; i++)
		found = take_record(unit, (uint32_t)CAP_FAULTS(cap) + i * RECORD_SIZE, fault);
	/* Where records were lost the unit would make no more. */
	if (!found)
		unit_write32(unit, VTD_FSTS, FSTS_OVERFLOW);
	spin_unlock(&unit->queue_lock);
	return found;
}

/* The unit's own interrupts are never remapped. */
void vtd_listen(struct iommu_unit *unit, bool on)
{
	const struct msi_message nmi = msi_message_nmi(unit->listener);

	unit_write32(unit, VTD_FECTL, FECTL_MASKED);
	if (!on)
		return;
	unit_write32(unit, VTD_FEDATA, nmi.data);
	unit_write32(unit, VTD_FEADDR, (uint32_t)nmi.address);
	unit_write32(unit, VTD_FEUADDR, (uint32_t)(nmi.address >> 32));
	unit_write32(unit, VTD_FECTL, 0);
}

void vtd_faults_clear(struct iommu_unit *unit)
{
	uint64_t cap = unit_read64(unit, VTD_CAP);
	uint32_t i;

	for (i = 0; i < CAP_RECORDS(cap); i++)
		unit_write32(unit, (uint32_t)CAP_FAULTS(cap) + i * RECORD_SIZE + RECORD_LAST,
			     RECORD_F);
	unit_write32(unit, VTD_FSTS, FSTS_OVERFLOW | FSTS_QUEUE);
}
