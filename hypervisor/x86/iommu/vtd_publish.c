/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes back what a VT-d unit reads and does not look for in caches (VT-d specification, 11.4.3:
 * ECAP.C and SMPWC). No emulator shows when that is missing, so a debug build records what was
 * written back.
 */
#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/invalidation.h"
#include "x86/iommu/vtd.h"

#define CACHE_LINE 64

static void write_back(const void *from, uint64_t size)
{
	const uint8_t *line = (const uint8_t *)((uint64_t)from & ~(CACHE_LINE - 1ULL));

	for (; line < (const uint8_t *)from + size; line += CACHE_LINE)
		__asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
	__asm__ volatile("mfence" : : : "memory");
}

static void record(hpa_t first, uint64_t pages)
{
	invalidation_record(BH_INVALIDATE_WRITTEN, cpu_this()->linux_cpu, 0, (uint32_t)pages,
			    first.v);
}

void vtd_publish(const struct iommu_unit *unit, const void *from, uint64_t size)
{
	if (!unit->is_coherent)
		write_back(from, size);
}

void vtd_publish_pages(const struct iommu_unit *unit, hpa_t first, uint64_t pages)
{
	if (unit->is_coherent)
		return;
	write_back(hypervisor_pointer(first), pages * BH_PAGE_SIZE);
	record(first, pages);
}

static void publish_table(void *context, hpa_t table)
{
	uint64_t *pages = context;

	write_back(hypervisor_pointer(table), BH_PAGE_SIZE);
	(*pages)++;
}

void vtd_publish_map(struct iommu_unit *unit, const struct pagetable *map)
{
	uint64_t pages = 0;

	if (unit->snoops_maps)
		return;
	pt_for_each_table(map, publish_table, &pages);
	record(map->root, pages);
}
