/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page pool. Only the CPU that serves a management call takes pages, so there is no lock.
 */
#include "core/pool.h"

#include <bulkhead/config.h>

#include "core/assert.h"
#include "core/hypervisor.h"
#include "core/string.h"
#include "model/refuse.h"
#include "x86/control.h"

/* Two of each cell: its head is taken before it is known how large the rest will be. */
#define RUNS (2 * BH_MAX_CELLS)

static uint64_t used;

/* In ascending order of address; `first` counts from the start of the pool. */
static struct { uint64_t first, pages; } runs[RUNS];
static unsigned int run_count;

void pool_open(uint64_t pages_used)
{
	used = pages_used;
	run_count = 0;
}

uint64_t pool_used(void)
{
	uint64_t pages = used;
	unsigned int i;

	for (i = 0; i < run_count; i++)
		pages += runs[i].pages;
	return pages;
}

uint64_t pool_total(void)
{
	return hypervisor.layout.pool.size >> BH_PAGE_SHIFT;
}

static hpa_t page_at(uint64_t number)
{
	return HPA(hypervisor.layout.phys + hypervisor.layout.pool.start +
		   (number << BH_PAGE_SHIFT));
}

static bool refuse_pages(uint64_t pages, struct bh_refusal *refusal)
{
	return refuse(refusal,
		      "hypervisor memory is too small: %llu pages are free, %llu more are needed",
		      (unsigned long long)(pool_total() - pool_used()), (unsigned long long)pages);
}

bool pool_take(hpa_t *first, uint64_t pages, struct bh_refusal *refusal)
{
	assert_that(run_count == 0);
	if (pages > pool_total() - used)
		return refuse_pages(pages, refusal);
	*first = page_at(used);
	used += pages;
	memset(hypervisor_pointer(*first), 0, pages << BH_PAGE_SHIFT);
	return true;
}

/* Where so many pages are free, before which run that is; RUNS if nowhere. */
static unsigned int find_gap(uint64_t pages, uint64_t *at)
{
	unsigned int i;

	*at = used;
	for (i = 0; i < run_count; i++) {
		if (runs[i].first - *at >= pages)
			return i;
		*at = runs[i].first + runs[i].pages;
	}
	return pool_total() - *at >= pages && run_count < RUNS ? i : RUNS;
}

/* Pages that were sealed before may still be read-only for this CPU's TLB. */
static void clear(hpa_t first, uint64_t pages)
{
	uint8_t *page = hypervisor_pointer(first);
	uint64_t i;

	for (i = 0; i < pages; i++)
		invalidate_page((uint64_t)page + (i << BH_PAGE_SHIFT));
	memset(page, 0, pages << BH_PAGE_SHIFT);
}

bool pool_take_run(struct pool_run *run, uint64_t pages, struct bh_refusal *refusal)
{
	uint64_t at;
	unsigned int place = find_gap(pages, &at);
	unsigned int i;

	*run = (struct pool_run){ .first = HPA(0) };
	if (pages == 0)
		return true;
	if (place == RUNS)
		return refuse_pages(pages, refusal);
	for (i = run_count++; i > place; i--)
		runs[i] = runs[i - 1];
	runs[place].first = at;
	runs[place].pages = pages;
	run->first = page_at(at);
	run->pages = pages;
	clear(run->first, pages);
	return true;
}

void pool_return_run(struct pool_run *run)
{
	unsigned int i;

	for (i = 0; i < run_count && page_at(runs[i].first).v != run->first.v; i++)
		continue;
	assert_that(run->pages == 0 || i < run_count);
	if (run->pages == 0 || i == run_count)
		return;
	for (run_count--; i < run_count; i++)
		runs[i] = runs[i + 1];
	run->pages = 0;
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

static uint64_t run_pages_available(void *context)
{
	const struct pool_run *run = context;

	return run->pages - run->next;
}

static hpa_t take_run_page(void *context)
{
	struct pool_run *run = context;

	return HPA(run->first.v + (run->next++ << BH_PAGE_SHIFT));
}

struct pt_memory pool_run_memory(struct pool_run *run)
{
	return (struct pt_memory){
		.offset = HV_LINEAR - hypervisor.layout.phys,
		.available = run_pages_available,
		.allocate = take_run_page,
		.context = run,
	};
}
