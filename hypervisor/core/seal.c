/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing. Only a CPU that has opened pages can have them writable in its TLB, and it is the one
 * that seals them again; a stale read-only entry elsewhere is dropped before pages are written.
 */
#include "core/seal.h"

#include "core/assert.h"
#include "core/hypervisor.h"
#include "model/format_x86.h"
#include "x86/control.h"

static struct pagetable own;

void seal_open(void)
{
	own = (struct pagetable){
		.format = &pt_format_x86,
		.root = HPA(hypervisor.handover->tables),
		.physical_bits = hypervisor.config.board->physical_bits,
		.largest_leaf = PT_2M,
		.memory = { .offset = HV_LINEAR - hypervisor.layout.phys },
	};
}

/* Cannot fail: the pool is mapped by pages of 4 KiB (hvmap.c). */
static void protect(hpa_t first, uint64_t pages, unsigned int attributes)
{
	uint64_t linear = (uint64_t)hypervisor_pointer(first);
	bool done = pages == 0 ||
		    pt_protect(&own, linear, pages << BH_PAGE_SHIFT, attributes, NULL);
	uint64_t i;

	assert_that(done);
	(void)done;
	for (i = 0; i < pages; i++)
		invalidate_page(linear + (i << BH_PAGE_SHIFT));
}

void seal_pages(hpa_t first, uint64_t pages)
{
	protect(first, pages, PT_READ);
}

void unseal_pages(hpa_t first, uint64_t pages)
{
	protect(first, pages, PT_READ | PT_WRITE);
}
