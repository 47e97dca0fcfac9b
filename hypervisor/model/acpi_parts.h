/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of DMAR and IVRS have in common: numbers by their offset, and pieces of a table
 * that begin with their type and length. Nobody else includes this.
 */
#ifndef MODEL_ACPI_PARTS_H
#define MODEL_ACPI_PARTS_H

#include "model/acpi_iommus.h"

/* Some bytes of a table; readers check sizes before they ask for numbers. */
struct acpi_bytes {
	const uint8_t *at;
	size_t size;
};

static inline uint64_t acpi_number(struct acpi_bytes bytes, size_t offset, size_t size)
{
	uint64_t number = 0;
	size_t i;

	for (i = size; i-- > 0;)
		number = number << 8 | bytes.at[offset + i];
	return number;
}

static inline uint16_t acpi_16(struct acpi_bytes bytes, size_t offset)
{
	return (uint16_t)acpi_number(bytes, offset, 2);
}

static inline struct acpi_bytes acpi_rest(struct acpi_bytes bytes, size_t offset)
{
	return (struct acpi_bytes){ bytes.at + offset, bytes.size - offset };
}

/* Signature, length and check sum of a table, with a head of `least` bytes. */
bool acpi_open(struct acpi_bytes table, const char *signature, size_t least,
	       struct bh_refusal *refusal);

/* Room for one more; null after a refusal. Their counters are moved on. */
struct bh_iommu *acpi_add_unit(struct acpi_iommus *iommus, const char *name,
			       struct bh_refusal *refusal);
/* Of the last unit. */
bool acpi_add_scope(struct acpi_iommus *iommus, struct bh_iommu_scope scope,
		    struct bh_refusal *refusal);
/* First and last byte, to whole pages outwards. */
bool acpi_add_window(struct acpi_iommus *iommus, struct bh_iommu_window devices, uint64_t first,
		     uint64_t last, struct bh_refusal *refusal);

#endif
