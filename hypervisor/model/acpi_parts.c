// SPDX-License-Identifier: GPL-2.0-only
/* Heads of ACPI's tables, and room for what is read from them. See acpi_parts.h. */
#include "model/acpi_parts.h"

#include "model/address.h"
#include "model/iommus.h"
#include "model/refuse.h"
#include "model/text.h"

#define LENGTH 4

bool acpi_open(struct acpi_bytes table, const char *signature, size_t least,
	       struct bh_refusal *refusal)
{
	uint8_t sum = 0;
	size_t i;

	if (table.size < least)
		return refuse(refusal, "%s: %zu bytes are less than its head has", signature,
			      table.size);
	for (i = 0; signature[i]; i++)
		if (table.at[i] != (uint8_t)signature[i])
			return refuse(refusal, "%s: this is another table", signature);
	if (acpi_number(table, LENGTH, 4) != table.size)
		return refuse(refusal, "%s: says it has %llu bytes, but %zu are here", signature,
			      (unsigned long long)acpi_number(table, LENGTH, 4), table.size);
	for (i = 0; i < table.size; i++)
		sum = (uint8_t)(sum + table.at[i]);
	return sum == 0 || refuse(refusal, "%s: is damaged: its check sum is wrong", signature);
}

struct bh_iommu *acpi_add_unit(struct acpi_iommus *iommus, const char *name,
			       struct bh_refusal *refusal)
{
	struct bh_iommu *unit = &iommus->units[iommus->head.iommu_count];

	if (iommus->head.iommu_count == BH_MAX_IOMMUS) {
		refuse(refusal, "there are more IOMMUs than the %u that a board may have",
		       BH_MAX_IOMMUS);
		return NULL;
	}
	*unit = (struct bh_iommu){ .levels = 4, .flags = BH_IOMMU_PAGES_2M | BH_IOMMU_PAGES_1G };
	text_format(unit->name, sizeof(unit->name), "%s%u", name, iommus->head.iommu_count++);
	return unit;
}

bool acpi_add_scope(struct acpi_iommus *iommus, struct bh_iommu_scope scope,
		    struct bh_refusal *refusal)
{
	if (iommus->head.scope_count == BH_MAX_IOMMU_SCOPES)
		return refuse(refusal, "IOMMUs name more than the %u devices that a board may have",
			      BH_MAX_IOMMU_SCOPES);
	iommus->scopes[iommus->head.scope_count++] = scope;
	iommus->units[iommus->head.iommu_count - 1].scope_count++;
	return true;
}

bool acpi_add_window(struct acpi_iommus *iommus, struct bh_iommu_window devices, uint64_t first,
		     uint64_t last, struct bh_refusal *refusal)
{
	uint64_t start = first & ~BH_PAGE_MASK;
	uint64_t size = (last | BH_PAGE_MASK) - start + 1;

	if (last < first || size == 0)
		return refuse(refusal, "memory of firmware from 0x%llx to 0x%llx is none",
			      (unsigned long long)first, (unsigned long long)last);
	if (iommus->head.window_count == BH_MAX_IOMMU_WINDOWS)
		return refuse(refusal, "firmware has devices use more than %u pieces of memory",
			      BH_MAX_IOMMU_WINDOWS);
	devices.start = start;
	devices.size = size;
	iommus->windows[iommus->head.window_count++] = devices;
	return true;
}

bool acpi_add_alias(struct acpi_iommus *iommus, uint32_t address, uint16_t source, bool is_bridges,
		    struct bh_refusal *refusal)
{
	const struct iommus view = {
		.count = iommus->head.iommu_count, .scope_count = iommus->head.scope_count,
		.units = iommus->units, .scopes = iommus->scopes,
	};
	uint32_t unit = iommu_of(&view, address);
	const struct bh_iommu_scope *behind;
	uint32_t i;

	if (unit == view.count || iommu_source(&view, address) == source ||
	    (is_bridges && iommus->units[unit].kind != BH_IOMMU_VTD))
		return true;
	if (view.scope_count == BH_MAX_IOMMU_SCOPES)
		return refuse(refusal, "IOMMUs name more than the %u devices that a board may have",
			      BH_MAX_IOMMU_SCOPES);
	behind = iommu_scopes(&view, unit) + iommus->units[unit].scope_count;
	for (i = iommus->head.scope_count; &iommus->scopes[i] > behind; i--)
		iommus->scopes[i] = iommus->scopes[i - 1];
	iommus->scopes[i] = (struct bh_iommu_scope){
		.kind = BH_IOMMU_ALIAS, .source = (uint16_t)address, .id = source,
	};
	iommus->units[unit].scope_count++;
	iommus->head.scope_count++;
	return true;
}
