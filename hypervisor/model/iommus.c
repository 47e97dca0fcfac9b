// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of the part on IOMMUs, where a device is in it, and what of a region devices reach. What
 * the values are worth is config_iommus.c's, the arithmetic of pages iommu_budget.c's.
 */
#include "model/iommus.h"

#include "model/config_checks.h"

/* It is the last part, and begins at a multiple of 8 bytes as all do. */
static const struct bh_iommus *head_of(const struct config_view *view)
{
	uint32_t size = view->board->iommu_size;

	if (size == 0)
		return NULL;
	return (const void *)((const uint8_t *)view->header + view->header->size - size);
}

void iommus_view(const struct config_view *view, struct iommus *iommus)
{
	const struct bh_iommus *head = head_of(view);

	*iommus = (struct iommus){ 0 };
	if (!head)
		return;
	iommus->count = head->iommu_count;
	iommus->scope_count = head->scope_count;
	iommus->window_count = head->window_count;
	iommus->units = (const struct bh_iommu *)(head + 1);
	iommus->scopes = (const struct bh_iommu_scope *)(iommus->units + head->iommu_count);
	iommus->windows = (const struct bh_iommu_window *)(iommus->scopes + head->scope_count);
}

static bool arrays_open(const struct bh_iommus *head, uint32_t size, struct bh_refusal *refusal)
{
	uint64_t sum;

	if (size < sizeof(*head) || (uintptr_t)head % _Alignof(struct bh_iommu) != 0 ||
	    head->reserved != 0 || head->iommu_count == 0)
		return reject(refusal, "the part on IOMMUs has no proper head");
	if (!config_count_within(head->iommu_count, BH_MAX_IOMMUS, "IOMMUs", refusal) ||
	    !config_count_within(head->scope_count, BH_MAX_IOMMU_SCOPES, "scopes of IOMMUs",
				 refusal) ||
	    !config_count_within(head->window_count, BH_MAX_IOMMU_WINDOWS, "windows of firmware",
				 refusal))
		return false;
	sum = sizeof(*head) + head->iommu_count * sizeof(struct bh_iommu) +
	      head->scope_count * sizeof(struct bh_iommu_scope) +
	      head->window_count * sizeof(struct bh_iommu_window);
	return sum == size || reject(refusal, "the part on IOMMUs has %u bytes, its parts %llu",
				     size, (unsigned long long)sum);
}

bool iommus_open(const struct config_view *view, struct bh_refusal *refusal)
{
	struct iommus iommus;
	uint64_t scopes = 0;
	uint32_t i;

	if (view->board->iommu_size == 0)
		return true;
	if (!arrays_open(head_of(view), view->board->iommu_size, refusal))
		return false;
	iommus_view(view, &iommus);
	for (i = 0; i < iommus.count; i++) {
		if (!config_name_open(iommus.units[i].name, "IOMMU", i, refusal))
			return false;
		scopes += iommus.units[i].scope_count;
	}
	return scopes == iommus.scope_count ||
	       reject(refusal, "the IOMMUs have %llu scopes, %u are here",
		      (unsigned long long)scopes, iommus.scope_count);
}

const struct bh_iommu_scope *iommu_scopes(const struct iommus *iommus, uint32_t unit)
{
	const struct bh_iommu_scope *scopes = iommus->scopes;
	uint32_t i;

	for (i = 0; i < unit; i++)
		scopes += iommus->units[i].scope_count;
	return scopes;
}

bool iommu_function(const struct iommus *iommus, uint32_t unit, uint32_t *address)
{
	const struct bh_iommu_scope *scopes = iommu_scopes(iommus, unit);
	uint32_t i;

	for (i = 0; i < iommus->units[unit].scope_count; i++)
		if (scopes[i].kind == BH_IOMMU_UNIT) {
			*address = BH_PCI_ADDRESS_OF(iommus->units[unit].segment, scopes[i].source);
			return true;
		}
	return false;
}

#define VTD_REGISTERS   BH_PAGE_SIZE
#define AMDVI_REGISTERS (4 * BH_PAGE_SIZE)

struct bh_range iommu_registers(const struct bh_iommu *unit)
{
	return RANGE(unit->registers,
		     unit->kind == BH_IOMMU_AMDVI ? AMDVI_REGISTERS : VTD_REGISTERS);
}

static bool scope_has(const struct bh_iommu_scope *scope, uint16_t source)
{
	uint16_t bus = source >> 8;

	switch (scope->kind) {
	case BH_IOMMU_FUNCTION:
		return scope->source == source;
	case BH_IOMMU_RANGE:
		return source >= scope->source && source <= scope->id;
	case BH_IOMMU_BRIDGE:
		return scope->source == source ||
		       (bus >= scope->id >> 8 && bus <= (scope->id & 0xff));
	default:
		return false;
	}
}

static bool unit_names(const struct iommus *iommus, uint32_t unit, uint16_t source)
{
	const struct bh_iommu_scope *scopes = iommu_scopes(iommus, unit);
	uint32_t i;

	for (i = 0; i < iommus->units[unit].scope_count; i++)
		if (scope_has(&scopes[i], source))
			return true;
	return false;
}

uint32_t iommu_of(const struct iommus *iommus, uint32_t address)
{
	uint32_t all = iommus->count;
	uint32_t i;

	for (i = 0; i < iommus->count; i++) {
		if (iommus->units[i].segment != address >> 16)
			continue;
		if (unit_names(iommus, i, (uint16_t)address))
			return i;
		if (iommus->units[i].flags & BH_IOMMU_ALL)
			all = i;
	}
	return all;
}

uint16_t iommu_source(const struct iommus *iommus, uint32_t address)
{
	uint32_t unit = iommu_of(iommus, address);
	const struct bh_iommu_scope *scopes;
	uint32_t i;

	if (unit == iommus->count)
		return (uint16_t)address;
	scopes = iommu_scopes(iommus, unit);
	for (i = 0; i < iommus->units[unit].scope_count; i++)
		if (scopes[i].kind == BH_IOMMU_ALIAS && scopes[i].source == (uint16_t)address)
			return scopes[i].id;
	return (uint16_t)address;
}

/* Several scopes may name it, as a function and as an IOAPIC: what one of them lets pass passes. */
uint16_t iommu_pass(const struct bh_iommu_scope *scopes, uint32_t count, uint16_t source)
{
	uint16_t pass = 0;
	uint32_t i;

	for (i = 0; i < count; i++)
		if (scopes[i].source == source || scope_has(&scopes[i], source))
			pass |= scopes[i].pass;
	return pass;
}

bool iommu_same_source(const struct iommus *iommus, uint32_t one, uint32_t other)
{
	return one >> 16 == other >> 16 && iommu_of(iommus, one) < iommus->count &&
	       iommu_of(iommus, one) == iommu_of(iommus, other) &&
	       iommu_source(iommus, one) == iommu_source(iommus, other);
}

bool iommu_remaps(const struct iommus *iommus, uint32_t address)
{
	uint32_t unit = iommu_of(iommus, address);

	return unit < iommus->count && (iommus->units[unit].flags & BH_IOMMU_REMAPS);
}

bool iommu_confines_memory(const struct iommus *iommus, uint32_t address)
{
	return iommu_of(iommus, address) < iommus->count;
}

/* AMD's decide for each device whether what they do not remap gets through, VT-d's for all. */
bool iommu_confines(const struct iommus *iommus, uint32_t address)
{
	uint32_t unit = iommu_of(iommus, address);

	return unit < iommus->count && (iommus->units[unit].kind == BH_IOMMU_AMDVI ||
					(iommus->units[unit].flags & BH_IOMMU_LINUX_REMAPS));
}

/* All units of a board agree on that (config_iommus.c). */
bool iommus_linux_remaps(const struct iommus *iommus)
{
	return iommus->count && (iommus->units[0].flags & BH_IOMMU_LINUX_REMAPS);
}

bool iommu_of_ioapic(const struct iommus *iommus, uint32_t id, bool is_only, uint32_t *unit,
		     uint16_t *source)
{
	uint32_t found = 0;
	uint32_t i, j;

	for (i = 0; i < iommus->count; i++) {
		const struct bh_iommu_scope *scopes = iommu_scopes(iommus, i);

		for (j = 0; j < iommus->units[i].scope_count; j++) {
			if (scopes[j].kind != BH_IOMMU_IOAPIC)
				continue;
			*unit = i;
			*source = scopes[j].source;
			if (scopes[j].id == id)
				return true;
			found++;
		}
	}
	return is_only && found == 1;
}

bool iommu_map_at(const struct bh_region *region, bool is_root, struct pt_mapping *mapping)
{
	const uint32_t moving = BH_REGION_SHARED | BH_REGION_LENT;

	if (region->kind != BH_REGION_RAM)
		return false;
	if (is_root ? region->flags & moving : !(region->flags & BH_REGION_DMA))
		return false;
	*mapping = (struct pt_mapping){
		.virt = region->at, .phys = HPA(region->phys), .size = region->size,
		.attributes = PT_READ | (region->access & BH_ACCESS_WRITE ? PT_WRITE : 0),
	};
	return true;
}
