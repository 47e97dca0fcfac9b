// SPDX-License-Identifier: GPL-2.0-only
/* Where devices and pins have their entries in interrupt tables. See iommu_places.h. */
#include "model/iommu_places.h"

/* Of the board's first devices, those that a unit takes for the same as that one. */
static uint32_t count_same(const struct iommus *iommus, const struct config_view *view,
			   uint32_t first, uint32_t address)
{
	uint32_t count = 0;
	uint32_t i;

	for (i = 0; i < first; i++)
		count += iommu_same_source(iommus, view->devices[i].address, address);
	return count;
}

static uint32_t table_order(const struct iommus *iommus, const struct config_view *view,
			    uint32_t address)
{
	uint32_t count = count_same(iommus, view, view->board->device_count, address);
	uint32_t order = 0;

	while (1u << order < count)
		order++;
	return IOMMU_ROUTES_ORDER + order;
}

/* Entries of all tables before that of the device, which begins with the first one taken for it. */
static uint32_t routes_before(const struct iommus *iommus, const struct config_view *view,
			      uint32_t address)
{
	uint32_t routes = 0;
	uint32_t i;

	for (i = 0; i < view->board->device_count; i++) {
		uint32_t other = view->devices[i].address;

		if (iommu_same_source(iommus, other, address))
			break;
		if (iommu_of(iommus, other) < iommus->count &&
		    count_same(iommus, view, i, other) == 0)
			routes += 1u << table_order(iommus, view, other);
	}
	return routes;
}

static uint32_t index_of(const struct config_view *view, uint32_t address)
{
	uint32_t i;

	for (i = 0; i < view->board->device_count && view->devices[i].address != address; i++)
		continue;
	return i;
}

void iommu_place(struct iommu_place *place, const struct config_view *view, uint32_t address)
{
	struct iommus iommus;

	iommus_view(view, &iommus);
	place->order = table_order(&iommus, view, address);
	place->table = routes_before(&iommus, view, address);
	place->first = place->table +
		count_same(&iommus, view, index_of(view, address), address) * IOMMU_ROUTES;
}

void iommus_assignable(struct iommu_assignable *assignable, const struct config_view *view)
{
	struct iommus iommus;
	uint32_t i;

	*assignable = (struct iommu_assignable){
		.pins = iommu_pin(view, view->board->ioapic_count, 0),
	};
	iommus_view(view, &iommus);
	for (i = 0; i < view->board->device_count; i++) {
		uint32_t address = view->devices[i].address;
		uint32_t bus = iommu_source(&iommus, address) >> 8;

		if (iommu_of(&iommus, address) == iommus.count)
			continue;
		assignable->buses[bus / 64] |= 1ULL << bus % 64;
		assignable->count++;
		if (count_same(&iommus, view, i, address) != 0)
			continue;
		assignable->routes += 1u << table_order(&iommus, view, address);
		assignable->bridges += bus != 0 && !(iommu_source(&iommus, address) & 0xff);
	}
}

uint32_t iommu_first_route(const struct bh_iommu *unit)
{
	return unit->flags & BH_IOMMU_LINUX_REMAPS ? IOMMU_LINUX_ENTRIES : 0;
}

uint32_t iommu_first_pin(const struct bh_iommu *unit, const struct iommu_assignable *assignable)
{
	return iommu_first_route(unit) + assignable->routes;
}

uint32_t iommu_pin(const struct config_view *view, uint32_t ioapic, uint32_t pin)
{
	uint32_t i;

	for (i = 0; i < ioapic; i++)
		pin += view->ioapics[i].pins;
	return pin;
}
