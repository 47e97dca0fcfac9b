/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page pool. Only the CPU that serves a management call takes pages, so there is no lock.
 */
#include "core/pool.h"

#include "core/hypervisor.h"
#include "core/string.h"
#include "model/refuse.h"

static uint64_t used;

void pool_open(uint64_t pages_used)
{
	used = pages_used;
}

uint64_t pool_used(void)
{
	return used;
}

uint64_t pool_total(void)
{
	return hypervisor.layout.pool.size >> BH_PAGE_SHIFT;
}

bool pool_take(hpa_t *first, uint64_t pages, struct bh_refusal *refusal)
{
	if (pages > pool_total() - used)
		return refuse(
			refusal,
			"hypervisor memory is too small: %llu pages are free, %llu more are needed",
			(unsigned long long)(pool_total() - used), (unsigned long long)pages);
	*first = HPA(hypervisor.layout.phys + hypervisor.layout.pool.start +
		     (used << BH_PAGE_SHIFT));
	used += pages;
	memset(hypervisor_pointer(*first), 0, pages << BH_PAGE_SHIFT);
	return true;
}

static uint64_t table_pages_available(void *context)
{
	(void)context;
	return pool_total() - used;
}

static hpa_t take_table_page(void *context)
{
	hpa_t page = HPA(0);

	(void)context;
	pool_take(&page, 1, NULL); /* cannot fail: the builder asks table_pages_available() first */
	return page;
}

struct pt_memory pool_memory(void)
{
	return (struct pt_memory){
		.offset = HV_LINEAR - hypervisor.layout.phys,
		.available = table_pages_available,
		.allocate = take_table_page,
	};
}
