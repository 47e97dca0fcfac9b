/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ACPI's tables of IOMMUs, DMAR (VT-d specification, chapter 8) and IVRS (AMD IOMMU specification,
 * chapter 5), read into what a board file says of them. Tools do that; the hypervisor goes by the
 * board file alone. Tables are firmware's: nothing in them is believed before it was bounded.
 */
#ifndef MODEL_ACPI_IOMMUS_H
#define MODEL_ACPI_IOMMUS_H

#include <bulkhead/iommu.h>
#include <bulkhead/refusal.h>

struct acpi_iommus {
	struct bh_iommus head;
	struct bh_iommu units[BH_MAX_IOMMUS];
	struct bh_iommu_scope scopes[BH_MAX_IOMMU_SCOPES]; /* in the order of their units */
	struct bh_iommu_window windows[BH_MAX_IOMMU_WINDOWS];
	uint32_t skipped; /* devices that are named by a way through bridges that are not there */
};

/*
 * What a table does not say: which buses are behind the bridge at BH_PCI_ADDRESS(). False if no
 * bridge is there.
 */
struct acpi_bridges {
	bool (*find)(void *context, uint32_t address, uint8_t *first, uint8_t *last);
	void *context;
};

/* `size` bytes, all of the table and nothing else. A refusal tells what is malformed. */
bool dmar_parse(const uint8_t *table, size_t size, const struct acpi_bridges *bridges,
		struct acpi_iommus *iommus, struct bh_refusal *refusal);
bool ivrs_parse(const uint8_t *table, size_t size, struct acpi_iommus *iommus,
		struct bh_refusal *refusal);

/*
 * What neither says: that the function at BH_PCI_ADDRESS() does as that other one of its segment
 * all that it does. What a bridge does so AMD's table tells: then it is nothing, if no unit is
 * VT-d's.
 */
bool acpi_add_alias(struct acpi_iommus *iommus, uint32_t address, uint16_t source, bool is_bridges,
		    struct bh_refusal *refusal);

#endif
