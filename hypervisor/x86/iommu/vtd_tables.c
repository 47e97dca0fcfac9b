/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which device is in which domain: the root table of a VT-d unit and the context tables behind it.
 * Buses on which all devices are root's share one context table; the others have their own.
 * VT-d specification, 3.4 and chapter 9.
 *
 *   legacy    root table ── context table ── second-level table
 *   scalable  root table ── 2 context tables ── directory ── PASID table ── second-level table
 */
#include "core/hypervisor.h"
#include "core/seal.h"
#include "x86/iommu/vtd.h"

#define BUSES 256

/* The first context table of a bus: its own, or the one that all other buses share. */
static hpa_t table_of(const struct iommu_unit *unit, unsigned int bus)
{
	const uint64_t *buses = unit->strays->buses;
	uint64_t place = 1;
	unsigned int i;

	if (!(buses[bus / 64] >> bus % 64 & 1))
		return unit->contexts;
	for (i = 0; i < bus; i++)
		place += buses[i / 64] >> i % 64 & 1;
	return HPA(unit->contexts.v + place * iommu_tables_of_bus(unit->config) * BH_PAGE_SIZE);
}

/* Not present is the entry of a bus of which all ids are nobody's: it needs no table. */
static void fill_roots(struct iommu_unit *unit)
{
	struct vtd_entry *roots = hypervisor_pointer(unit->devices);
	unsigned int bus;

	for (bus = 0; bus < BUSES; bus++) {
		hpa_t table = table_of(unit, bus);

		if (unit->config->segment == 0 && iommu_bus_is_stray(unit->strays, bus))
			continue;
		roots[bus] = unit_is_scalable(unit) ?
			vtd_scalable_root_entry(table, HPA(table.v + BH_PAGE_SIZE)) :
			vtd_root_entry(table);
	}
}

static void fill_directory(hpa_t directory, const struct iommu_domain *domain, unsigned int levels)
{
	hpa_t pasids = HPA(directory.v + BH_PAGE_SIZE);
	struct vtd_pasid_entry *first = hypervisor_pointer(pasids);
	uint64_t *entries = hypervisor_pointer(directory);

	entries[0] = vtd_directory_entry(pasids);
	first[0] = vtd_pasid_entry(domain->tables, levels, domain->number);
}

/* All functions are root's. */
static void fill_contexts(struct iommu_unit *unit)
{
	uint64_t bytes = unit->budget.contexts * BH_PAGE_SIZE;
	struct vtd_scalable_context *wide = hypervisor_pointer(unit->contexts);
	struct vtd_entry *narrow = hypervisor_pointer(unit->contexts);
	uint64_t i;

	if (unit_is_scalable(unit))
		for (i = 0; i < bytes / sizeof(*wide); i++)
			wide[i] = vtd_scalable_context_entry(unit->directory);
	else
		for (i = 0; i < bytes / sizeof(*narrow); i++)
			narrow[i] = vtd_context_entry(unit->root.tables, unit->config->levels,
						      unit->root.number);
}

/* The words of a device's context entry, on a bus with a table of its own; null on others. */
static uint64_t *find_entry(const struct iommu_unit *unit, uint16_t source)
{
	hpa_t table = table_of(unit, source >> 8);
	uint64_t size = unit_is_scalable(unit) ? sizeof(struct vtd_scalable_context) :
						 sizeof(struct vtd_entry);

	if (table.v == unit->contexts.v)
		return NULL;
	/* In scalable mode the second table follows the first, so this is right for both. */
	return hypervisor_pointer(HPA(table.v + (source & 0xff) * size));
}

/* Not present. Of what follows in an entry of scalable mode nothing is set. */
static void clear_strays(struct iommu_unit *unit)
{
	uint32_t id;

	for (id = 0; id < IOMMU_IDS; id++) {
		uint64_t *entry = unit_denies(unit, id) ? find_entry(unit, (uint16_t)id) : NULL;

		if (entry) {
			entry[0] = 0;
			entry[1] = 0;
		}
	}
}

void vtd_tables_fill(struct iommu_unit *unit)
{
	fill_roots(unit);
	fill_contexts(unit);
	clear_strays(unit);
	if (unit_is_scalable(unit))
		fill_directory(unit->directory, &unit->root, unit->config->levels);
}

static struct vtd_scalable_context value_of(const struct iommu_unit *unit,
					    const struct iommu_domain *domain)
{
	struct vtd_scalable_context value = { { 0 } };
	struct vtd_entry narrow;

	if (!domain)
		return value;
	if (unit_is_scalable(unit))
		return vtd_scalable_context_entry(domain->directory);
	narrow = vtd_context_entry(domain->tables, unit->config->levels, domain->number);
	value.words[0] = narrow.low;
	value.words[1] = narrow.high;
	return value;
}

/* The number of a cell's domain is known when it gets its first device; it stays the same. */
static void write_directory(struct iommu_unit *unit, const struct iommu_domain *domain)
{
	unseal_pages(domain->directory, IOMMU_DIRECTORY_PAGES);
	fill_directory(domain->directory, domain, unit->config->levels);
	seal_pages(domain->directory, IOMMU_DIRECTORY_PAGES);
	vtd_publish_pages(unit, domain->directory, IOMMU_DIRECTORY_PAGES);
}

bool vtd_tables_set(struct iommu_unit *unit, uint16_t source, const struct iommu_domain *domain)
{
	const struct vtd_scalable_context value = value_of(unit, domain);
	volatile uint64_t *entry = find_entry(unit, source);
	hpa_t page;

	if (!entry)
		return false;
	if (domain && unit_is_scalable(unit))
		write_directory(unit, domain);
	page = HPA(hypervisor_phys((const void *)entry).v & ~BH_PAGE_MASK);
	unseal_pages(page, 1);
	/* Never half of the old and half of the new: not present in between. */
	entry[0] = 0;
	entry[1] = value.words[1];
	entry[0] = value.words[0];
	seal_pages(page, 1);
	vtd_publish(unit, (const void *)entry, 2 * sizeof(*entry));
	return true;
}
